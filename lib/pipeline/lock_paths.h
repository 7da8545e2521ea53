// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/lock.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// Reads the lists of paths in a block of a lock that stands in `folder`. Internal to this module.
class LockPathReader : protected ValueReader {
 public:
  LockPathReader(std::string_view folder, text::Diagnostics& problems)
      : ValueReader(problems), folder_(folder) {}

  /// Sorted by path.
  std::vector<LockedPath> read_paths(const text::Entry& key);
  std::vector<LockedOut> read_outs(const text::Entry& key);
  store::Id read_hash(const text::Value& value);

 private:
  bool read_path_key(const text::Entry& key, LockedPath& item);
  bool read_flag(const text::Entry& key, LockedOut& out);
  bool only(std::string_view key, const text::Value& value, bool wanted);
  void read_type(const text::Value& value, PathState& state);
  void check_path_entry(const text::Value& entry, const LockedPath& item);
  void check_not_made(const text::Value& entry);
  void unknown(const text::Entry& key);
  template <class T>
  void sort_paths(const text::Entry& key, std::vector<T>& paths);

  std::string_view folder_;
};

}  // namespace cairn::pipeline
