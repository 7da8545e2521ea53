// SPDX-License-Identifier: Apache-2.0
#include "remote/gc_plan.h"

#include <algorithm>

#include "store/pack_format.h"

namespace cairn::remote {
namespace {

/// Less than half of the pack's blocks and rows are needed.
bool is_mostly_dead(const PackNeed& need, std::uint64_t size) {
  constexpr std::uint64_t kFrame = store::kPackHeaderSize + store::kPackFooterSize;
  return size > kFrame && need.bytes < (size - kFrame) / 2;
}

}  // namespace

GcPlan plan_gc(const RemoteIndex& index, const NeededKeys& needed, const std::map<Id, Time>& doomed_before,
               Time now, std::chrono::seconds grace) {
  std::vector<store::CopyEntry> entries;
  for (const store::Key& key : needed) {
    const auto places = index.find_all(key);
    const auto stays = std::ranges::find_if(
        places, [&](const store::Location& place) { return !doomed_before.contains(place.pack); });
    if (!places.empty()) {
      entries.push_back({key, stays == places.end() ? places.front() : *stays});
    }
  }
  std::unordered_map<Id, PackNeed, codec::IdHash> needs;
  for (PackNeed& need : group_by_pack(std::move(entries))) {
    needs.emplace(need.pack, std::move(need));
  }
  GcPlan plan;
  for (const auto& [pack, size] : index.packs()) {
    const auto need = needs.find(pack);
    if (need != needs.end() && !is_mostly_dead(need->second, size)) {
      continue;
    }
    const Time since = doomed_since(doomed_before, pack, now);
    if (now - since < grace || since > now) {
      plan.doomed.emplace(pack, since);
      continue;
    }
    plan.removed.insert(pack);
    if (need != needs.end()) {
      plan.moved.insert(plan.moved.end(), need->second.entries.begin(), need->second.entries.end());
    }
  }
  return plan;
}

}  // namespace cairn::remote
