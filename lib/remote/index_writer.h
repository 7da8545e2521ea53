// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "remote/remote_index.h"

namespace cairn::remote {

/// Gathers the entries of a new index. Not thread-safe. Memory: about 60 bytes an entry.
class IndexWriter {
 public:
  void add(const store::PackTable& pack);
  /// A row of an index that is there already; one that names no pack is left out.
  void add(const store::Segment& from, std::size_t row);
  void add_all(const store::Segment& from);
  [[nodiscard]] bool empty() const { return packs_.empty(); }
  /// Adds the entries of all indexes where so many have gathered that one should take their place. Returns
  /// those, for publish().
  std::span<const Id> merge_many(const RemoteIndex& there);

  /// Stores the index, then removes those of `replaced` (whose entries must be in it, as far as anybody needs
  /// them), then refreshes `index-list`: at every moment each entry is in some index. Returns its id.
  /// Afterwards nothing is gathered.
  Result<Id> publish(transport::Transport& transport, std::span<const Id> replaced);

 private:
  std::uint32_t number_of(const Id& pack);

  std::vector<Id> packs_;
  std::vector<store::SegmentEntry> entries_;
  std::unordered_map<Id, std::uint32_t, codec::IdHash> numbers_;
};

}  // namespace cairn::remote
