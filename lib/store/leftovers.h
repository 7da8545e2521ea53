// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/paths.h"

namespace cairn::store {

/// Removes what killed writers left in the store's folder of temporary files. REQUIRES: the caller holds the
/// store's lock alone.
Status remove_leftovers(const StorePaths& paths);

}  // namespace cairn::store
