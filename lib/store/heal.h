// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/index.h"
#include "store/paths.h"

namespace cairn::store {

/// Something wrong with a store, in words, with the file it is in.
struct Damage {
  std::string path;
  std::string message;
};

/// The tables of some packs, ready for a segment.
struct IndexedPacks {
  std::vector<Id> packs;
  std::vector<SegmentEntry> entries;
  std::vector<Damage> damage;  ///< packs that could not be read, left out
};
Result<IndexedPacks> read_tables(const StorePaths& paths, std::span<const Id> packs);

/// Opens the index, mending what is derived: damaged segments are made anew from the packs, and packs that no
/// segment names (a writer died right before, or the index was deleted) are added. On a store that cannot be
/// written nothing is mended.
Result<Index> open_index(const StorePaths& paths);

}  // namespace cairn::store
