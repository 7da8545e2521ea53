// SPDX-License-Identifier: Apache-2.0
#include "pipeline/shell_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "pipeline/scalar_text.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

std::string word_of(const Value& scalar) {
  return scalar.is(Kind::string) ? shell_quoted(scalar.string_value()) : pasted_text(scalar);
}

Status append_options(const Value& map, const std::string& prefix, std::string& out) {
  for (const Entry& entry : map.entries()) {
    const std::string name = prefix + entry.key;
    const Value& value = entry.value;
    if (value.is(Kind::map)) {
      CAIRN_TRY(append_options(value, name + ".", out));
      continue;
    }
    const bool nothing =
        value.is(Kind::list) ? value.items().empty() : value.is(Kind::boolean) && !value.bool_value();
    if (nothing) {
      continue;
    }
    out += (out.empty() ? "" : " ") + shell_quoted("--" + name);
    for (const Value& item : value.items()) {
      if (!item.is_scalar()) {
        return Error(Code::malformed, fmt::format("{} cannot be an option: its list holds {}", quoted(name),
                                                  item.type_name()));
      }
      out += " " + word_of(item);
    }
    if (value.is_scalar() && !value.is(Kind::boolean)) {
      out += " " + word_of(value);
    }
  }
  return {};
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (char c : text) {
    word += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  }
  return word + "'";
}

Result<std::string> unpacked_options(const Value& map) {
  std::string out;
  CAIRN_TRY(append_options(map, "", out));
  return out;
}

}  // namespace cairn::pipeline
