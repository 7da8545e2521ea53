// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "remote/gc_needed.h"
#include "remote/plan.h"

/// Which packs a collection removes, and which later ones may. Internal to it; no request is made here.
namespace cairn::remote {

struct GcPlan {
  std::unordered_set<Id, codec::IdHash> removed;  ///< go now
  std::vector<store::CopyEntry> moved;            ///< what is needed of them
  std::map<Id, Time> doomed;                      ///< may go later, and since when that is known
};

/// A pack is garbage when nothing in it is needed, or less than half of its bytes. It goes when it was doomed
/// at least `grace` ago; a time in the future keeps it. What is needed and in several packs counts for one
/// that was not doomed before.
GcPlan plan_gc(const RemoteIndex& index, const NeededKeys& needed, const std::map<Id, Time>& doomed_before,
               Time now, std::chrono::seconds grace);

/// Since when something is doomed: `now` unless it was before.
template <class What>
Time doomed_since(const std::map<What, Time>& before, const What& what, Time now) {
  const auto found = before.find(what);
  return found == before.end() ? now : found->second;
}

}  // namespace cairn::remote
