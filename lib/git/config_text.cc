// SPDX-License-Identifier: Apache-2.0
#include "git/config_text.h"

#include <algorithm>

namespace cairn::git {
namespace {

constexpr std::string_view kBlank = " \t\r";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    default:
      return c;
  }
}

/// The value that begins at the start of `text`, which loses it and its line's end: quotes, escapes, comments
/// and continued lines are resolved.
std::string take_value(std::string_view& text) {
  std::string value;
  std::size_t keep = 0;  // spaces at the end that no quotes protect are cut
  bool in_quotes = false;
  bool in_comment = false;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '\n'; ++at) {
    char c = text[at];
    if (in_comment) {
      continue;
    }
    if (c == '\\' && at + 1 < text.size()) {
      ++at;
      if (text[at] != '\n') {
        value += unescaped(text[at]);
        keep = value.size();
      }
    } else if (c == '"') {
      in_quotes = !in_quotes;
      keep = value.size();
    } else if (!in_quotes && (c == '#' || c == ';')) {
      in_comment = true;
    } else if (in_quotes || !value.empty() || kBlank.find(c) == std::string_view::npos) {
      value += c;
      keep = in_quotes || kBlank.find(c) == std::string_view::npos ? value.size() : keep;
    }
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  value.resize(keep);
  return value;
}

}  // namespace

std::optional<std::string> find_in_config(std::string_view text, std::string_view section,
                                          std::string_view key) {
  std::optional<std::string> found;
  bool in_section = false;
  while (!text.empty()) {
    std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
      break;
    }
    text.remove_prefix(first);
    std::size_t line_end = std::min(text.find('\n'), text.size());
    if (text.front() == '#' || text.front() == ';') {
      text.remove_prefix(line_end);
    } else if (text.front() == '[') {
      std::size_t close = std::min(text.find(']'), line_end);
      in_section = equals_ignoring_case(trimmed(text.substr(1, close - 1)), section);
      text.remove_prefix(std::min(close + 1, text.size()));
    } else {
      std::size_t name_end = std::min(text.find_first_of("=\n#;"), text.size());
      bool matches = in_section && equals_ignoring_case(trimmed(text.substr(0, name_end)), key);
      bool has_value = name_end < text.size() && text[name_end] == '=';
      text.remove_prefix(name_end + (has_value ? 1 : 0));
      std::string value = take_value(text);
      if (matches) {
        found = has_value ? value : "true";
      }
    }
  }
  return found;
}

bool is_true(std::string_view value) {
  if (equals_ignoring_case(value, "true") || equals_ignoring_case(value, "yes") ||
      equals_ignoring_case(value, "on")) {
    return true;
  }
  bool number = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  return number && value.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace cairn::git
