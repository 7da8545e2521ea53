// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "runner/shell_command.h"

namespace cairn::ops {

/// A work tree that stands under another name for a while, so that a command sees another path. What has
/// files in it open goes on.
class MovedFolder {
 public:
  /// `folder`: absolute. Error `unsupported` where it cannot be renamed.
  static Result<MovedFolder> move(const std::string& folder);
  MovedFolder(MovedFolder&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), moved_(std::move(other.moved_)) {}
  MovedFolder& operator=(MovedFolder&& other) noexcept {
    std::swap(folder_, other.folder_);
    std::swap(moved_, other.moved_);
    return *this;
  }
  ~MovedFolder();

  /// Makes a command that was prepared for the folder run in the moved one.
  void adjust(runner::ShellCommand& command) const;
  Status move_back();

 private:
  MovedFolder(std::string folder, std::string moved) : folder_(std::move(folder)), moved_(std::move(moved)) {}
  std::string folder_;  // "": it is back
  std::string moved_;
};

}  // namespace cairn::ops
