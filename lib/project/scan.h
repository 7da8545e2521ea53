// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/workspace.h"
#include "store/writer.h"

namespace cairn::project {

/// What stands at one tracked path of the workspace, by content.
struct ScannedFile {
  std::string path;  ///< relative to the scanned path; "" when that is a file itself
  store::TreeKind kind = store::TreeKind::file;
  os::FileStat stat;            ///< of files; of folders and symlinks only the kind is set
  std::optional<store::Id> id;  ///< of files: from the stat cache, or filled by hash_files / store_files
  std::string target;           ///< of a symlink
};

struct Scan {
  os::Kind kind = os::Kind::file;  ///< of the path itself; Scan is not made for a missing one
  std::vector<ScannedFile>
      files;  ///< files, symlinks and folders below it, sorted by path bytes ('/' sorts as byte)
  std::vector<Error> errors;  ///< special files, unreadable folders, refused names, repositories inside
  std::vector<std::string> unportable;  ///< paths whose names other systems cannot hold
};

/// Walks a path (a folder per task, context.jobs at once), looks every file up in the stat cache, and obeys
/// .cairnignore. Nothing when the path does not exist. A symlink at the path itself is `conflict`. Leftovers
/// of killed runs (is_leftover_name) are left out.
Result<std::optional<Scan>> scan_path(Workspace& workspace, const std::string& path, const Context& context);

/// Fills missing ids by reading files, without storing them; settled ones go to the stat cache. A file that
/// cannot be read, or keeps changing, becomes an error in the scan. Progress counts bytes and files.
Status hash_files(Workspace& workspace, const std::string& path, Scan& scan, const Context& context);

/// Fills missing ids by storing files; also stores any whose id is known but that the writer does not have.
Status store_files(Workspace& workspace, const std::string& path, Scan& scan, store::Writer& writer,
                   const Context& context);

/// Object and tree ids of a scan whose ids are all known. With a writer the folder objects are stored too.
/// Cost: linear in the scan.
struct Summary {
  store::Object object;
  bool executable = false;
  std::uint64_t files = 0;  ///< files and symlinks at any depth; 1 for a file

  bool operator==(const Summary&) const = default;
};
Result<Summary> summarize(const Scan& scan, store::Writer* writer);

/// The folder objects of a scan whose ids are all known: the scanned folder first, parents before what is in
/// them.
struct ScannedTree {
  store::Id id;
  store::Tree tree;
};
/// REQUIRES: the scan is of a folder, and its files are sorted.
Result<std::vector<ScannedTree>> build_trees(const Scan& scan, store::Writer* writer);

/// Project path of what stands at `relative` in a scan of `path`; "" is the path itself.
std::string scanned_path(const std::string& path, const std::string& relative);

/// True for names of unfinished files, as os::write_atomic gives them (".NAME.cairn-tmp-" and 16 hex digits):
/// a killed run may leave one behind, and it is never data.
bool is_leftover_name(std::string_view name);

}  // namespace cairn::project
