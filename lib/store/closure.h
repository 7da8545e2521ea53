// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "base/context.h"
#include "store/store.h"

namespace cairn::store {

/// Every entry that some objects need, themselves included, each once: trees, recipes, nodes and chunks.
struct Closure {
  std::vector<Key> present;
  std::vector<Key> missing;  ///< not in the store; what would be below them is unknown
};

/// Cost: reads trees, recipes and nodes, no chunk of data.
Result<Closure> collect_closure(Store& store, std::span<const Object> roots, const Context& context);

}  // namespace cairn::store
