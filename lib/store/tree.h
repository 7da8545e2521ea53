// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/key.h"

/// Trees: one canonical object per folder (docs/format/tree.md).
namespace cairn::store {

/// Stored; never renumber.
enum class TreeKind : std::uint8_t { file = 1, executable = 2, symlink = 3, folder = 4 };

struct TreeEntry {
  std::string name;  ///< any bytes that os::check_name allows
  TreeKind kind = TreeKind::file;
  Id id;                    ///< blob of a file, tree of a folder; zero for a symlink
  std::uint64_t size = 0;   ///< bytes of a file, of all files in a folder, 0 for a symlink
  std::uint64_t files = 0;  ///< in a folder: files and symlinks at any depth; 0 else
  std::string target;       ///< of a symlink: bytes, not empty, at most 4095

  bool operator==(const TreeEntry&) const = default;
};

/// A folder's entries, sorted by name bytes, no name twice.
struct Tree {
  std::vector<TreeEntry> entries;

  [[nodiscard]] const TreeEntry* find(std::string_view name) const;
  [[nodiscard]] std::uint64_t total_size() const;
  [[nodiscard]] std::uint64_t total_files() const;
};

/// REQUIRES: sorted, unique, valid names. The same folder gives the same bytes on every machine.
Buffer encode_tree(const Tree& tree);
/// `corrupt` for anything encode_tree would not write, naming the entry; names are checked with
/// os::check_name before anybody sees them.
Result<Tree> decode_tree(Bytes bytes);
/// The tree's id: BLAKE3 of encode_tree in domain tree.
Id tree_id(Bytes encoded);

}  // namespace cairn::store
