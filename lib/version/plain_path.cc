// SPDX-License-Identifier: Apache-2.0
#include "version/plain_path.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "base/hex.h"

namespace cairn::version {

std::string plain_path(std::string_view path) {
  const bool text = is_utf8(path);
  std::string out;
  for (char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte < ' ' || byte == 0x7f || (byte > 0x7f && !text)) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<std::string> parse_plain_path(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (text.substr(i, 2) == "\\\\") {
      out += '\\';
      ++i;
      continue;
    }
    auto byte = text.substr(i, 2) == "\\x" ? from_hex(text.substr(i + 2, 2)) : std::nullopt;
    if (!byte || byte->size() != 1) {
      return std::nullopt;
    }
    out += static_cast<char>(byte->front());
    i += 3;
  }
  return plain_path(out) == text ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace cairn::version
