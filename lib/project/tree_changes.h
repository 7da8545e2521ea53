// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/reader.h"
#include "store/tree.h"

namespace cairn::project {

enum class ChangeKind : std::uint8_t {
  added,
  modified,  ///< other content, other target of a symlink, or another executable bit
  deleted,
  type_changed,  ///< one of file, symlink and folder became another
  renamed,       ///< same content under another path
};

/// One side of a change.
struct ChangeSide {
  store::TreeKind kind = store::TreeKind::file;
  store::Id id;  ///< zero for a symlink
  std::uint64_t size = 0;
  std::string target;  ///< of a symlink

  bool operator==(const ChangeSide&) const = default;
};

/// A file, symlink or folder that differs. Folders stand for themselves only where they are empty, change
/// their type, or `unlisted`: then their folder objects are not in the store, and what differs inside is
/// unknown.
struct FileChange {
  ChangeKind kind = ChangeKind::modified;
  std::string path;      ///< project path; the new one of a rename
  std::string old_path;  ///< of a rename
  std::optional<ChangeSide> before;
  std::optional<ChangeSide> after;
  bool unlisted = false;
  /// Of a modified file, where it was looked for and the store knows both contents: bytes of the new one in
  /// chunks that the old one does not have.
  std::optional<std::uint64_t> changed_bytes = {};
};

/// Reads a folder object; `not_found` when it is not in reach.
using TreeLookup = std::function<Result<store::Tree>(const store::Id&)>;

/// One path to compare. A side that is nothing does not exist.
struct Comparison {
  std::string path;
  std::optional<ChangeSide> before;
  std::optional<ChangeSide> after;
};

/// Appends what differs at the path and below it, in name order within each folder. Folders with equal ids
/// are not read.
Status compare_trees(const Comparison& comparison, const TreeLookup& lookup, std::vector<FileChange>& out);

/// A pointer's or record's object as a side.
ChangeSide side_of(const store::Object& object, bool executable);

/// Turns pairs of a deleted and an added file (or whole folder) with the same content into renames, then
/// sorts by path. Empty files are left alone: they all have the same content.
void find_renames(std::vector<FileChange>& changes);

}  // namespace cairn::project
