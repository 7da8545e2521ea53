// SPDX-License-Identifier: Apache-2.0
#include "pipeline/variable_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

bool has_token_part(std::string_view name) {
  while (!name.empty()) {
    std::string_view part = name.substr(0, name.find('_'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    if (part.ends_with("TOKEN") || part.ends_with("TOKENS")) {
      return true;
    }
  }
  return false;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

bool is_variable_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), is_word);
}

bool is_secret_name(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kWords = {"SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"};
  const std::string plain = upper(name);
  const auto holds = [&plain](std::string_view word) { return plain.find(word) != std::string::npos; };
  return plain.ends_with("KEY") || has_token_part(plain) || std::any_of(kWords.begin(), kWords.end(), holds);
}

std::string variable_problem(std::string_view name) {
  if (!is_variable_name(name)) {
    return fmt::format(
        "bad variable name {}: it is made of letters, digits and _, and does not begin with a digit",
        quoted(name));
  }
  if (is_secret_name(name)) {
    return fmt::format(
        "variable {} looks like a secret: its value would be recorded and shared; let the command "
        "read it from its environment without naming it here",
        quoted(name));
  }
  return {};
}

bool check_variable(std::string_view name, const text::Position& at, ValueReader& reader) {
  std::string why = variable_problem(name);
  const bool good = why.empty();
  if (!good) {
    reader.problem(at, std::move(why));
  }
  return good;
}

}  // namespace cairn::pipeline
