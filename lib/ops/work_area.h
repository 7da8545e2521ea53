// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "os/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Removes the work trees that killed commands left, below $GIT_COMMON_DIR/cairn/work and where a note there
/// says that one was made; what another process uses stays.
Status clean_work_leftovers(const project::Workspace& workspace);

/// A folder for the work trees of one command, removed with all that is in it at the end of the scope, or, if
/// this process is killed, by clean_work_leftovers.
class WorkArea {
 public:
  static Result<std::unique_ptr<WorkArea>> make(const project::Workspace& workspace);
  WorkArea(const WorkArea&) = delete;
  WorkArea& operator=(const WorkArea&) = delete;
  ~WorkArea();
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Makes a folder elsewhere (absolute) that goes with the area. Its file `.git` has to lead into the area
  /// before anything else is in it: that is how it is known again. `exists` unless nothing or an empty folder
  /// is there; `not_found` where its parent is missing. Once for an area.
  Status claim(const std::string& folder);
  /// What was claimed stays when the area goes. REQUIRES: its `.git` no longer leads into the area.
  Status let_go();

 private:
  WorkArea(std::string path, os::FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  os::FileLock lock_;
};

/// What a claimed folder is renamed to while a command has to run in another one.
inline constexpr std::string_view kMovedSuffix = ".moved";

}  // namespace cairn::ops
