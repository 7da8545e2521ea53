// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "os/file.h"

/// What the arguments of an observed system call mean. Internal to runner/; one thread.
namespace cairn::runner {

/// Where a path led to at the time of the call.
struct TracedPath {
  std::string path;  ///< absolute, without symlinks but perhaps the last part; empty: of no interest
  std::optional<os::Kind> kind;    ///< nothing: not there
  std::vector<std::string> links;  ///< symlinks on the way
};

enum class LastLink : std::uint8_t { follow, keep };

/// Resolves paths as the kernel will do for an observed thread. Remembers folders that hold no symlink on
/// their way, so that most paths cost one lstat.
class TracePaths {
 public:
  /// Absolute paths in system folders are of no interest, unless `root` is in one.
  explicit TracePaths(std::string_view root);

  /// `folder` is a descriptor of that thread, or AT_FDCWD.
  TracedPath resolve(pid_t thread, int folder, std::string_view path, LastLink last);
  /// What descriptor `fd` of the thread is open on; empty if it has no name.
  TracedPath opened(pid_t thread, int fd);

  /// A folder goes, or a folder or symlink is renamed: what was remembered counts no more.
  void forget_folders() { plain_.clear(); }
  /// The thread that is asking enters another folder, or becomes another program.
  void forget_working_folder() { cwd_of_ = 0; }
  /// From now on processes may see another root or other mounts than we do.
  void expect_other_roots() { other_roots_ = true; }

 private:
  /// How a thread sees the file system.
  struct View {
    std::string door;   ///< in front of each path to look at: "" or /proc/THREAD/root
    std::string shown;  ///< in front of each path to report: its root as we see it, or ""
  };
  [[nodiscard]] View view_of(pid_t thread) const;
  [[nodiscard]] bool uninteresting(std::string_view path) const;
  [[nodiscard]] bool in_plain_folder(const std::string& path, const View& view);
  [[nodiscard]] std::optional<std::string> base_of(pid_t thread, int folder);
  TracedPath walk(const View& view, std::string path, LastLink last);

  std::vector<std::string_view> system_folders_;
  std::unordered_set<std::string> plain_;
  bool other_roots_ = false;
  /// Working folder of the thread that asked last. With more than one a number could be given to another
  /// process, or another thread of the process could change the folder.
  pid_t cwd_of_ = 0;
  std::string cwd_;
};

}  // namespace cairn::runner
