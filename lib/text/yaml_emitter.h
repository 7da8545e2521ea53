// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "text/value.h"

namespace cairn::text {

/// How far things are indented. Internal to this module.
struct YamlLayout {
  std::size_t indent = 2;       ///< of a map under its key, of a literal block under its parent
  std::size_t list_indent = 0;  ///< of a list under its key
};

/// The lines of `value` as a block at `column` (from 0), each with its "\n"; the first line is indented too.
std::string yaml_block(const Value& value, std::size_t column, const YamlLayout& layout);

/// One key with its value as lines at `column`.
std::string yaml_entry(std::string_view key, const Value& value, std::size_t column,
                       const YamlLayout& layout);

/// One "- item" as lines at `column`.
std::string yaml_item(const Value& item, std::size_t column, const YamlLayout& layout);

/// `value` on one line in brackets: "{a: 1, b: [x, y]}".
std::string yaml_flow(const Value& value);

}  // namespace cairn::text
