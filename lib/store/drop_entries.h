// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "base/context.h"
#include "store/store.h"

namespace cairn::store {

struct DropRequest {
  std::vector<Object> dropped;  ///< go, with all that they need
  std::vector<Object> kept;     ///< stay, with all that they need
  /// Whether there is a copy elsewhere; entries without one stay. Called from one thread.
  std::function<bool(const Key&)> may_go;
  bool dry_run = false;  ///< only find out what would go
};

/// What went, or would go.
struct DropReport {
  std::uint64_t entries = 0;
  std::uint64_t packs_removed = 0;    ///< all of what they held went
  std::uint64_t packs_rewritten = 0;  ///< without what went
  std::uint64_t bytes = 0;            ///< of disk
  std::vector<Object> staying;        ///< of `dropped`: other data needs them, or they have no copy elsewhere
};

/// Takes entries out of the store: those of find_droppable() that may go. Packs that hold nothing else are
/// removed; others are rewritten, a few at a time, so that it takes little more disk than two packs. Order:
/// new packs are durable and in the index before the old ones go, so it can be killed anywhere; readers that
/// had an old pack open keep it, others look the entry up again. Blocks are copied as they are, each checked
/// against its pack's table; a block goes when nothing in it stays. Waits up to 5 s for writers, who find the
/// store locked meanwhile; then `locked`. `corrupt` names a damaged pack, which stays.
Result<DropReport> drop_entries(Store& store, const DropRequest& request, const Context& context);

}  // namespace cairn::store
