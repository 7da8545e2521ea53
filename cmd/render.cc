// SPDX-License-Identifier: Apache-2.0
#include "render.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "base/hex.h"
#include "exit_status.h"
#include "report/table.h"

namespace cairn::cmd {

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
  if (count == 1) {
    return fmt::format("1 {}", singular);
  }
  return plural.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural);
}

std::string human_time(double seconds) {
  if (seconds < 10) {
    return fmt::format("{:.1f} s", seconds);
  }
  auto whole = static_cast<std::uint64_t>(seconds);
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  return report::aligned(rows);
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    out += indent;
    out += text.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

void put_path(Json& object, const std::string& key, std::string_view path) {
  object[key] = escaped(path);
  if (is_utf8(path)) {
    object[key] = std::string(path);
  } else {
    object[key + "_hex"] = to_hex(as_bytes(path));
  }
}

Json to_json(const Error& error) {
  Json json = {{"code", code_name(error.code())}, {"message", error.message()}};
  if (!error.hint().empty()) {
    json["hint"] = error.hint();
  }
  return json;
}

std::string painted(std::string_view text, Color color, bool on) {
  static constexpr const char* kCodes[] = {"31", "32", "33", "36", "1"};
  return on ? fmt::format("\033[{}m{}\033[0m", kCodes[static_cast<std::size_t>(color)], text)
            : std::string(text);
}

}  // namespace cairn::cmd
