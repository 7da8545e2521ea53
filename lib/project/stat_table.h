// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "os/file.h"
#include "store/key.h"

/// The bytes of the stat cache's file: docs/format/stat-cache.md.
namespace cairn::project {

/// What is remembered of one file.
struct StatRow {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  store::Id id;

  StatRow() = default;
  StatRow(const os::FileStat& stat, const store::Id& content)
      : size(stat.size), mtime_ns(stat.mtime_ns), ctime_ns(stat.ctime_ns), inode(stat.inode), id(content) {}

  [[nodiscard]] bool matches(const os::FileStat& stat) const {
    return stat.kind == os::Kind::file && size == stat.size && mtime_ns == stat.mtime_ns &&
           ctime_ns == stat.ctime_ns && inode == stat.inode;
  }
  bool operator==(const StatRow&) const = default;
};

/// A view of a table's bytes, which must outlive it. Nothing is parsed at the start and every place is
/// checked when it is used, so any bytes at all may be given.
class StatTable {
 public:
  StatTable() = default;
  /// An empty table when header and length do not fit each other.
  explicit StatTable(Bytes bytes);

  [[nodiscard]] std::size_t size() const { return count_; }
  /// Path of row `i` < size(); nothing when the row is damaged.
  [[nodiscard]] std::optional<std::string_view> path(std::size_t i) const;
  /// Content of row `i` < size(); nothing when its checksum does not fit.
  [[nodiscard]] std::optional<StatRow> row(std::size_t i) const;
  /// Row of a path. Cost: a binary search, no allocation.
  [[nodiscard]] std::optional<StatRow> find(std::string_view path) const;

 private:
  std::size_t count_ = 0;
  Bytes rows_;
  Bytes names_;
};

/// Builds a table row by row.
class StatTableBuilder {
 public:
  /// REQUIRES: paths in ascending byte order, each once.
  void add(std::string_view path, const StatRow& row);
  [[nodiscard]] Buffer finish() const;

 private:
  Buffer rows_;
  Buffer names_;
};

}  // namespace cairn::project
