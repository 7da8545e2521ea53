// SPDX-License-Identifier: Apache-2.0
#include "remote/plan.h"

#include <algorithm>
#include <tuple>

#include "base/escape.h"

namespace cairn::remote {
namespace {

/// Paths shown of those that miss something.
constexpr std::size_t kShownPaths = 5;

/// Names the roots whose own closure misses something.
Error missing_error(Entries& entries, std::span<const Root> roots, const std::string& remote,
                    const Context& context) {
  std::size_t count = 0;
  std::string shown;
  for (const Root& root : roots) {
    auto difference = compare_closures(entries, std::span(&root.object, 1), context);
    if (!difference.ok()) {
      return difference.error();
    }
    if (difference->nowhere.empty()) {
      continue;
    }
    if (count < kShownPaths) {
      shown +=
          (count == 0 ? "" : ", ") + quoted(root.path) + " (" + difference->nowhere.front().id.text() + ")";
    }
    ++count;
  }
  if (count > kShownPaths) {
    shown += " and " + std::to_string(count - kShownPaths) + " more";
  }
  return Error(Code::not_found, "data is neither in the local store nor on " + remote + ": " + shown,
               "run cairn push on a machine that has it, or add it again here");
}

}  // namespace

std::vector<PackNeed> group_by_pack(std::vector<store::CopyEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const store::CopyEntry& a, const store::CopyEntry& b) {
    const store::Place& left = a.from.place;
    const store::Place& right = b.from.place;
    return std::tie(a.from.pack, left.offset, left.stored_size, left.in_block, a.key.id) <
           std::tie(b.from.pack, right.offset, right.stored_size, right.in_block, b.key.id);
  });
  std::vector<PackNeed> needs;
  for (const store::CopyEntry& entry : entries) {
    if (needs.empty() || needs.back().pack != entry.from.pack) {
      needs.push_back({entry.from.pack, {}, 0});
    }
    PackNeed& need = needs.back();
    const store::Place* last = need.entries.empty() ? nullptr : &need.entries.back().from.place;
    bool same_block = last != nullptr && last->offset == entry.from.place.offset &&
                      last->stored_size == entry.from.place.stored_size;
    need.bytes += store::kPackEntrySize + (same_block ? 0 : entry.from.place.stored_size);
    need.entries.push_back(entry);
  }
  return needs;
}

Result<Difference> compare(Entries& entries, std::span<const Root> roots, const std::string& remote,
                           const Context& context) {
  std::vector<store::Object> objects;
  for (const Root& root : roots) {
    objects.push_back(root.object);
  }
  CAIRN_TRY_ASSIGN(Difference difference, compare_closures(entries, objects, context));
  if (!difference.nowhere.empty()) {
    return missing_error(entries, roots, remote, context);
  }
  return difference;
}

std::vector<PathShare> paths_of(const Difference& difference, Share Shares::*side,
                                std::span<const Root> roots) {
  std::vector<PathShare> paths;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Share& share = difference.roots[i].*side;
    if (share.entries > 0) {
      paths.push_back({roots[i].path, share.files, share.bytes});
    }
  }
  return paths;
}

}  // namespace cairn::remote
