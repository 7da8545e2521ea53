// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <unordered_set>

#include "store/segment.h"

namespace cairn::store {

/// Where an entry is: a pack and a place in it.
struct Location {
  Id pack;
  Place place;
};

/// All segments of a folder at one moment. Packs that are gone from disk are left out, so what it finds was
/// there when it was opened. Derived from the packs: can be rebuilt. Threads: const functions may be called
/// at once.
class Index {
 public:
  /// Opens all segments in `folder`; `packs` are the packs that exist. A damaged segment is an error
  /// `corrupt` that names it and `cairn fsck --rebuild-index`.
  static Result<Index> open(const std::string& folder, std::unordered_set<Id, codec::IdHash> packs);

  [[nodiscard]] std::optional<Location> find(const Key& key) const;
  [[nodiscard]] bool contains(const Key& key) const { return find(key).has_value(); }
  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
  /// Packs that exist on disk, whether or not a segment names them.
  [[nodiscard]] const std::unordered_set<Id, codec::IdHash>& packs() const { return packs_; }
  [[nodiscard]] std::size_t entry_count() const;

 private:
  std::vector<Segment> segments_;  // newest (smallest) first
  std::unordered_set<Id, codec::IdHash> packs_;
};

/// Writes a segment for new packs and makes it durable, then merges small segments so that few remain.
/// Entries' `pack` numbers `packs`. Order: the packs must be durable before.
Status add_segment(const std::string& folder, std::span<const Id> packs, std::vector<SegmentEntry> entries);

/// Writes one segment and removes all others: the index made anew.
Status replace_segments(const std::string& folder, std::span<const Id> packs,
                        std::vector<SegmentEntry> entries);

}  // namespace cairn::store
