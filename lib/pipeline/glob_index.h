// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "pipeline/glob_overlap.h"

namespace cairn::pipeline {

/// Patterns, found by how their paths begin, so that not every pair has to be compared.
class GlobIndex {
 public:
  struct Item {
    PathPattern pattern;
    std::size_t id = 0;  ///< the caller's
  };

  /// REQUIRES: all are added before the first question.
  void add(PathPattern pattern, std::size_t id);
  void finish();

  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  /// Calls `use` for every pattern that can_touch() might be true of, and for few others. Cost: a search for
  /// each length of prefix, and what is found.
  void each_near(const PathPattern& other, const std::function<void(const Item&)>& use) const;

 private:
  std::vector<Item> items_;           // sorted by prefix
  std::vector<std::size_t> lengths_;  // of the prefixes, sorted, each once
};

}  // namespace cairn::pipeline
