// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "os/file.h"
#include "project/materialised.h"
#include "project/scan.h"
#include "store/reader.h"
#include "store/writer.h"

namespace cairn::project {

/// One file, symlink or folder of a listing.
struct Node {
  std::string path;  ///< relative to the listed path; "" is that path itself
  store::TreeKind kind = store::TreeKind::file;
  std::optional<store::Id> id;  ///< of a file; nothing too where a present file could not be read
  std::uint64_t size = 0;
  std::string target;  ///< of a symlink
  os::FileStat stat;   ///< of a present node only

  [[nodiscard]] bool is_folder() const { return kind == store::TreeKind::folder; }
  [[nodiscard]] bool is_symlink() const { return kind == store::TreeKind::symlink; }
  [[nodiscard]] bool is_file() const { return !is_folder() && !is_symlink(); }
};

/// What stands at a tracked path, flat: the path itself first, then all below it, sorted by path bytes.
/// Empty: nothing.
using Listing = std::vector<Node>;

/// True for regular files with the same bytes, whatever their executable bits. Unread content equals nothing.
bool same_bytes(const Node& a, const Node& b);
/// Same kind and same content. Two folders are the same; what is in them has nodes of its own.
bool same_node(const Node& a, const Node& b);

/// The node at a path; null where there is none.
const Node* find_node(const Listing& listing, std::string_view path);

/// Nodes of a stored object. `not_found` when a folder object is not in the store. Cost: reads all folder
/// objects.
Result<Listing> list_object(store::Reader& reader, const Materialised::Entry& entry);
/// Nodes of a scan, as they are.
Listing list_scan(const Scan& scan);

/// The object that stands for a listing; nothing for an empty one. With a writer its folder objects are
/// stored too.
Result<std::optional<Materialised::Entry>> object_of(const Listing& listing, store::Writer* writer);

/// Project path of a node below `path`.
std::string path_of(const std::string& path, const std::string& relative);

/// The one of a scan's errors that names the path, or one that says that it cannot be read.
Error error_about(const std::vector<Error>& errors, const std::string& path);

/// Name for unfinished data beside `name`, which is_leftover_name knows: ".NAME.cairn-tmp-" and 16 random hex
/// digits, at most 255 bytes.
std::string temporary_name(std::string_view name);

}  // namespace cairn::project
