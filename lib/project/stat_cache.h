// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/file.h"
#include "store/key.h"

namespace cairn::project {

/// Which content a file had when it was last read or written by cairn: (path, size, mtime, ctime, inode) to
/// id. One sorted memory-mapped file (docs/format/stat-cache.md), derived: losing it costs time only, damaged
/// rows are taken for absent. Loading costs the same for any size: each row carries its own checksum, checked
/// when the row is used. Threads: find() from any number; put() and forget() are serialised inside.
///
/// Racy rule: an entry is put only when the file's times are older than the moment before it was read by more
/// than the clock's grain (10 ms), or when cairn itself just wrote it; so a file changed within one tick
/// after it was read is never taken for clean.
class StatCache {
 public:
  static StatCache load(const std::string& path);
  StatCache(StatCache&&) noexcept;
  StatCache& operator=(StatCache&&) noexcept;
  ~StatCache();

  /// Id of the file's content if its stat is exactly the recorded one. Cost: a binary search, no allocation.
  [[nodiscard]] std::optional<store::Id> find(std::string_view path, const os::FileStat& stat) const;
  void put(std::string_view path, const os::FileStat& stat, const store::Id& id);
  /// Drops the path and, if it is a folder, all below it.
  void forget(std::string_view path);
  /// Writes the changed cache atomically (not synced: it is derived). No change, no write.
  Status save();

  /// True when a file with this stat, read from `read_start_ns` (CLOCK_REALTIME) on, may be cached.
  static bool is_settled(const os::FileStat& stat, std::int64_t read_start_ns);

 private:
  struct State;
  explicit StatCache(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cairn::project
