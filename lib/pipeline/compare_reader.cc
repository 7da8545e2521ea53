// SPDX-License-Identifier: Apache-2.0
#include "pipeline/compare_reader.h"

#include <array>
#include <cmath>

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

bool check_tolerance(const Entry& entry, ValueReader& reader) {
  const Value& value = entry.value;
  const double number = value.is(Kind::integer)    ? static_cast<double>(value.int_value())
                        : value.is(Kind::floating) ? value.float_value()
                                                   : -1;
  if (number >= 0 && std::isfinite(number)) {
    return true;
  }
  reader.wrong_value(entry.key, "a number that is not negative", value);
  return false;
}

bool check_names(const Entry& entry, ValueReader& reader) {
  if (entry.value.is(Kind::list) && entry.value.items().empty()) {
    reader.problem(entry.value.begin(), "'" + entry.key + "' names nothing");
    return false;
  }
  return reader.strings(entry.key, entry.value).size() == entry.value.items().size() &&
         entry.value.is(Kind::list);
}

bool is_tolerance(std::string_view key) {
  return key == "rtol" || key == "atol";
}

}  // namespace

Value read_compare(const Value& value, ValueReader& reader) {
  static constexpr std::array<std::string_view, 4> kForms = {"rtol", "atol", "rows", "ignore"};
  if (value.is(Kind::string) && value.string_value() == "exact") {
    return {};
  }
  if (!value.is(Kind::map) || value.entries().empty()) {
    reader.wrong_value("compare", "exact, {rtol: X, atol: Y}, {rows: [KEY]} or {ignore: [PATH]}", value);
    return {};
  }
  bool good = true;
  for (const Entry& entry : value.entries()) {
    if (is_tolerance(entry.key)) {
      good = check_tolerance(entry, reader) && good;
    } else if (entry.key == "rows" || entry.key == "ignore") {
      good = check_names(entry, reader) && good;
    } else {
      reader.unknown_key(entry, "in 'compare'", kForms);
      good = false;
    }
    if (&entry != value.entries().data() &&
        !(is_tolerance(entry.key) && is_tolerance(value.entries().front().key))) {
      reader.problem(entry.key_begin, "'compare' takes one of rows, ignore, and rtol with atol");
      return {};
    }
  }
  return good ? value : Value();
}

}  // namespace cairn::pipeline
