// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plot_properties.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

constexpr std::array<std::string_view, 7> kProperties = {"template", "x",     "y",     "x_label",
                                                         "y_label",  "title", "header"};

bool is_strings(const Value& value) {
  const auto is_string = [](const Value& item) { return item.is(Kind::string); };
  return is_string(value) ||
         (value.is(Kind::list) && std::all_of(value.items().begin(), value.items().end(), is_string));
}

/// A column, columns, or a map from files to columns.
bool is_axis(const Value& value) {
  const auto is_columns = [](const Entry& entry) { return is_strings(entry.value); };
  return is_strings(value) ||
         (value.is(Kind::map) && std::all_of(value.entries().begin(), value.entries().end(), is_columns));
}

}  // namespace

bool read_plot_property(const Entry& property, ValueReader& reader) {
  if (std::find(kProperties.begin(), kProperties.end(), property.key) == kProperties.end()) {
    return false;
  }
  if (property.key == "header") {
    reader.boolean("header", property.value);
  } else if (property.key != "x" && property.key != "y") {
    reader.string(property.key, property.value);
  } else if (!is_axis(property.value)) {
    reader.wrong_type(property.key, "a column, a list of columns or a map from files to columns",
                      property.value);
  }
  return true;
}

void check_plot(std::string_view name, const Value& value, ValueReader& reader) {
  for (const Entry& property : reader.map(name, value)) {
    if (!read_plot_property(property, reader)) {
      reader.unknown_key(property, fmt::format("for plot {}", quoted(name)), kProperties);
    }
  }
}

}  // namespace cairn::pipeline
