// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "os/fd.h"
#include "os/lock.h"
#include "store/index.h"
#include "store/paths.h"

namespace cairn::store {

/// A local content-addressed store: immutable packs and a derived index. Any number of processes may read and
/// write at once. Threads: all functions may be called at once.
class Store {
 public:
  /// Opens the store in `root`, making it when missing. An index that is damaged or lacks packs is mended
  /// from the packs. `unsupported` when it was made by a newer cairn.
  static Result<std::unique_ptr<Store>> open(const std::string& root);

  [[nodiscard]] const StorePaths& paths() const { return paths_; }
  /// The index as last loaded; cheap.
  [[nodiscard]] std::shared_ptr<const Index> index() const;
  /// Loads the index again, to see what others wrote.
  Status reload();
  /// Open descriptor of a pack, from a cache of at most 64. `not_found` when it is gone.
  Result<std::shared_ptr<os::Fd>> open_pack(const Id& id);
  /// Location of an entry; loads the index again once when it is not there or its pack is gone. `not_found`
  /// names the id.
  Result<Location> locate(const Key& key);
  /// True when the object's own entry (blob or tree, whole or recipe) is in the index. Says nothing about its
  /// chunks.
  [[nodiscard]] bool has(const Object& object) const;

  /// To be held while files are written below paths().temporary() and published. Shared between writers; when
  /// nobody else writes, leftovers of killed writers are removed first.
  Result<os::FileLock> lock_for_writing();

  /// Takes finished packs (files below paths().temporary()) into the store: syncs each, renames it to its
  /// name, syncs the folder, then adds their entries to the index. Nothing is visible before it is durable.
  struct FinishedPack {
    std::string path;
    PackTable table;
  };
  Status publish(std::vector<FinishedPack> packs);

 private:
  explicit Store(std::string root) : paths_{std::move(root)} {}

  StorePaths paths_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Index> index_;
  std::list<std::pair<Id, std::shared_ptr<os::Fd>>> open_packs_;  // most recently used first
};

}  // namespace cairn::store
