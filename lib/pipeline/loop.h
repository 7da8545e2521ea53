// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/value_reader.h"
#include "pipeline/variables.h"
#include "text/value.h"

namespace cairn::pipeline {

/// What one `foreach` or `matrix` may make.
inline constexpr std::size_t kMostLoopStages = 100'000;

/// One stage of a loop.
struct LoopItem {
  std::string suffix;                  ///< after the '@' of its name
  const text::Value* value = nullptr;  ///< of foreach: `item`
  Variables::Fields fields;            ///< of matrix: the fields of `item`
  bool keyed = false;                  ///< `key` is the suffix
};

/// The part of a name that a value gives: its pasted_text(), or `composite` for a list or map.
std::string name_part(const text::Value& value, std::string composite);

/// Items of a `foreach`, a list or map with its references resolved, in its order. Equal items of a list
/// count once. Problems are noted: another type, two items of one name, too many. `data` must outlive the
/// items. Internal to this module.
std::vector<LoopItem> foreach_items(const text::Value& data, ValueReader& reader);

/// Items of a `matrix`, the product of its lists, the last one changing fastest; `exclude` takes those away
/// that have all of its values, `include` extends those that agree with it, or adds one. `matrix` as for
/// foreach_items().
std::vector<LoopItem> matrix_items(const text::Value& matrix, ValueReader& reader);

}  // namespace cairn::pipeline
