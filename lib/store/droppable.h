// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <unordered_set>

#include "base/context.h"
#include "store/store.h"

namespace cairn::store {

using KeySet = std::unordered_set<Key, KeyHash>;

/// Entries that `dropped` need, themselves included, and that nothing else here needs: neither `kept`, nor
/// any other folder or recipe of the store that `dropped` do not need. So a chunk or a file that another
/// version has too is not among them. Cost: reads all trees, recipes and nodes of the store, no data; about
/// 100 bytes of memory for each of them and for each entry of `dropped`. REQUIRES: nobody writes or collects.
Result<KeySet> find_droppable(Store& store, std::span<const Object> dropped, std::span<const Object> kept,
                              const Context& context);

}  // namespace cairn::store
