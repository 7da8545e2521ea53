// SPDX-License-Identifier: Apache-2.0
#include "project/apply_hints.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::project {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./+,:@%=").find(c) != std::string_view::npos;
}

/// bash's $'…' form: every byte that is not printable ASCII as \xHH.
std::string escaped_word(std::string_view text) {
  std::string out = "$'";
  for (const char c : text) {
    if (c < ' ' || c > '~') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
  }
  return out + "'";
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  // escaped() changes exactly what would not show as it is.
  if (escaped(text) != text) {
    return escaped_word(text);
  }
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string{c};
  }
  return out + "'";
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), is_plain);
  return plain ? std::string(text) : shell_quoted(text);
}

std::string command_hint(std::string_view command, std::string_view path) {
  return fmt::format("{}{} {}", command, path.starts_with('-') ? " --" : "", shell_word(path));
}

}  // namespace cairn::project
