// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>
#include <vector>

#include "remote/remote_index.h"

namespace cairn::remote {

/// Names packs in a new index of a remote. Not thread-safe. Memory: about 100 bytes an entry.
class IndexWriter {
 public:
  /// A pack that the remote has by now.
  void add(const store::PackTable& table);
  [[nodiscard]] bool empty() const { return packs_.empty(); }
  /// Writes the index and refreshes `index-list`. Where many indexes have gathered (`there` is what was
  /// found), one that holds them all takes their place: it is written before they go, so at every moment each
  /// entry is in one of them. Afterwards nothing is left to be named.
  Status write(transport::Transport& transport, const RemoteIndex& there);

 private:
  void add_all(const store::Segment& from);
  std::uint32_t number_of(const store::Id& pack);

  std::vector<store::Id> packs_;
  std::unordered_map<store::Id, std::uint32_t, codec::IdHash> numbers_;
  std::vector<store::SegmentEntry> entries_;
};

}  // namespace cairn::remote
