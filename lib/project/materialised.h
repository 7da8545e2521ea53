// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/file.h"
#include "store/key.h"

namespace cairn::project {

/// Which stored object cairn last knew to stand at each tracked path of this worktree: what add stored, what
/// checkout wrote, what a stage produced. It tells clean data (may be replaced or removed) from a user's own,
/// and data that is merely behind its pointer from data that was edited. A small text file in the worktree's
/// state folder, written atomically and durably.
class Materialised {
 public:
  struct Entry {
    store::Object object;
    bool executable = false;
    /// A folder of which not all that its pointer names was brought: the object is what there is of it.
    /// Entries are equal without it.
    bool part = false;
    bool operator==(const Entry& other) const {
      return object == other.object && executable == other.executable;
    }
  };

  /// A missing file is empty; a damaged one is empty too, and then nothing counts as clean. `durable` says
  /// how save() writes it.
  static Result<Materialised> load(const std::string& path, os::Durable durable = os::Durable::yes);

  [[nodiscard]] const Entry* find(std::string_view path) const;
  [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }
  void set(std::string_view path, const Entry& entry);
  void erase(std::string_view path);
  /// Writes what was changed here into the file as it is now: entries that others wrote stay. REQUIRES: the
  /// caller holds the project's lock.
  Status save();
  /// Reads the file again if it was written since; what was changed here and not yet saved stays. Cost: a
  /// stat when nobody wrote.
  Status refresh();

 private:
  std::string path_;
  os::Durable durable_ = os::Durable::yes;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::optional<Entry>, std::less<>> changes_;  // since the file was written
  std::optional<os::FileStat> stat_;                                  // of the file that was read
};

}  // namespace cairn::project
