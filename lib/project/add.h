// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/tracked.h"

namespace cairn::project {

struct AddOptions {
  std::vector<std::string> targets;  ///< project paths
  bool force =
      false;  ///< read files anew even if the stat cache knows them, and record data older than its pointer
  bool dry_run = false;
  std::map<std::string, std::string, std::less<>>
      stage_outputs;                ///< path to stage: what cairn.yaml files declare
  store::PackSink* sink = nullptr;  ///< where content goes in place of the store; then whole paths only
};

enum class AddOutcome : std::uint8_t {
  added,     ///< the path was not tracked before
  modified,  ///< its content differs from what the pointer named
  unchanged,
  missing,  ///< commit only: tracked, but not here
};

struct AddedPath {
  std::string path;
  std::string tracked;  ///< whose pointer holds it: the path itself, or the tracked folder around it
  AddOutcome outcome = AddOutcome::unchanged;
  std::optional<store::Object> object;  ///< of `path`; nothing when it was taken out of its folder
  std::uint64_t files = 0;              ///< files and symlinks at any depth; 1 for a file
  std::vector<Error> warnings;
  std::optional<Error> error;  ///< this one failed; the others are done
};

struct AddReport {
  std::vector<AddedPath> paths;
  std::uint64_t stored_bytes = 0;  ///< new in the store, after compression, of all paths together

  [[nodiscard]] std::size_t failed() const;
};

/// Stores files and folders and writes their pointers. A target inside a tracked folder updates that folder's
/// pointer; the rest of the folder need not be there, and a target that does not exist is taken out. Targets
/// inside other targets are covered by these and not reported.
///
/// Refused, each in its path's error: what does not exist, symlinks and special files, pointers, anything in
/// .git or .cairn, what Git tracks, what a stage makes, a folder that holds other tracked paths, and data
/// that is older than its pointer (nobody wants to take back a pull by `add`). Durable when it returns:
/// content, then .gitignore, pointers and records. Nothing is written for unchanged targets. REQUIRES: the
/// caller holds workspace.lock().
Result<AddReport> add(Workspace& workspace, const AddOptions& options, LockReader read_lock,
                      const Context& context);

}  // namespace cairn::project
