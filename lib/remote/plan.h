// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "remote/entries.h"
#include "remote/transfer.h"
#include "remote/walk.h"
#include "store/repack.h"

/// What push and fetch have in common. Internal to remote/.
namespace cairn::remote {

/// Entries wanted out of one pack.
struct PackNeed {
  store::Id pack;
  std::vector<store::CopyEntry> entries;
  std::uint64_t bytes = 0;  ///< of their blocks, each counted once, and of their rows in the table

  /// True when at least half of a pack of that many bytes is wanted, so that it is moved whole.
  [[nodiscard]] bool is_whole(std::uint64_t pack_size) const { return bytes >= pack_size / 2; }
};

/// Groups entries by their pack, in order of packs.
std::vector<PackNeed> group_by_pack(std::vector<store::CopyEntry> entries);

/// Compares what is here with what is there. `not_found` when something is on neither side: names the paths
/// of the roots that need it.
Result<Difference> compare(Entries& entries, std::span<const Root> roots, const std::string& remote,
                           const Context& context);

/// The roots of which something is on one side only, `side`; `difference` is of these roots.
std::vector<PathShare> paths_of(const Difference& difference, Share Shares::*side,
                                std::span<const Root> roots);

}  // namespace cairn::remote
