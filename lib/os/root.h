// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "os/fd.h"
#include "os/file.h"

namespace cairn::os {

/// A folder below which everything is done without ever leaving it: each path is resolved by openat2 with
/// RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS (part by part with O_NOFOLLOW where the
/// kernel lacks openat2), so no symlink in a repository can lead a write outside it. Paths are relative, as
/// check_relative allows, or "" for the root itself. Threads: all functions may be called at once.
class Root {
 public:
  static Result<Root> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Absolute spelling for messages.
  [[nodiscard]] std::string shown(std::string_view relative) const;

  /// Opens an existing file or folder without following any symlink.
  [[nodiscard]] Result<Fd> open_at(std::string_view relative, int flags, unsigned mode = 0666) const;
  /// Descriptor (O_PATH|O_DIRECTORY) of an existing folder.
  [[nodiscard]] Result<Fd> open_folder(std::string_view relative) const;
  /// Descriptor of a folder, making it and its parents where missing. A parent that is a file or symlink is
  /// `conflict`.
  [[nodiscard]] Result<Fd> make_folder(std::string_view relative) const;
  /// lstat; nothing where the path or a parent is missing, or a parent is not a folder.
  [[nodiscard]] Result<std::optional<FileStat>> find_stat(std::string_view relative) const;
  /// Removes a file, symlink, or empty folder; missing is fine.
  [[nodiscard]] Status remove(std::string_view relative) const;
  /// Removes a folder with all that is in it (or a file).
  [[nodiscard]] Status remove_tree(std::string_view relative) const;
  [[nodiscard]] Status rename(std::string_view from, std::string_view to) const;
  /// Makes a symlink; the name must be free.
  [[nodiscard]] Status make_symlink(std::string_view relative, const std::string& target) const;

 private:
  Root(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::string path_;
  Fd fd_;
};

}  // namespace cairn::os
