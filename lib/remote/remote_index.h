// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "remote/layout.h"
#include "remote/remote.h"
#include "store/index.h"

namespace cairn::remote {

/// What a remote held when it was loaded: one listing of its packs and of its indexes, which are kept in the
/// remote's cache folder, so that each is downloaded once. Threads: const functions may be called at once.
class RemoteIndex {
 public:
  /// Indexes that cannot be read are left out and warned of: what only they name is not found, so push sends
  /// it again and fetch says that it is missing. Objects below the prefixes `also` are listed with them, and
  /// before them where each list is a request.
  static Result<RemoteIndex> load(const Remote& remote, const Context& context,
                                  const std::vector<std::string>& also = {});

  /// Where an entry is, in a pack that is there and long enough to hold it.
  [[nodiscard]] std::optional<store::Location> find(const store::Key& key) const;
  /// All such places.
  [[nodiscard]] std::vector<store::Location> find_all(const store::Key& key) const;
  [[nodiscard]] bool contains(const store::Key& key) const { return find(key).has_value(); }
  /// Size of a pack in bytes; nothing when it is not there. Where the remote cannot list, packs that indexes
  /// name are taken for there, and their size is unknown (0).
  [[nodiscard]] std::optional<std::uint64_t> pack_size(const Id& pack) const;
  /// True when an index names a pack that is not there: what was pushed once may be gone. Where the remote
  /// cannot list, that is not known.
  [[nodiscard]] bool lacks_packs() const;
  /// Ids of the indexes that were read, and their entries.
  [[nodiscard]] const std::vector<Id>& ids() const { return ids_; }
  [[nodiscard]] const std::vector<store::Segment>& segments() const { return segments_; }
  /// Sizes of all packs that were listed.
  [[nodiscard]] const std::unordered_map<Id, std::uint64_t, codec::IdHash>& packs() const { return packs_; }
  /// Names of the packs that were listed and of the indexes that were read.
  [[nodiscard]] std::unordered_set<std::string> names() const;
  /// What was there below the prefixes `also`.
  [[nodiscard]] const std::vector<transport::ObjectInfo>& also() const { return also_; }

 private:
  Status list(const Remote& remote, const std::vector<std::string>& also);
  Status list_packs(const Remote& remote);
  void add_pack(const transport::ObjectInfo& object);
  [[nodiscard]] std::optional<store::Location> locate(const store::Segment& segment, std::size_t row) const;
  /// Until `use` returns false.
  template <class Use>
  void for_each_place(const store::Key& key, const Use& use) const;
  Status read_index_list(const Remote& remote);

  std::vector<Id> ids_;  // one for each segment
  std::vector<store::Segment> segments_;
  std::unordered_map<Id, std::uint64_t, codec::IdHash> packs_;
  std::vector<transport::ObjectInfo> also_;
  bool listed_ = true;
};

/// Whether all these packs and indexes are on the remote now. Cost: one list of all.
Result<bool> are_there(transport::Transport& transport, const std::unordered_set<std::string>& names);

}  // namespace cairn::remote
