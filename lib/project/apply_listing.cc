// SPDX-License-Identifier: Apache-2.0
#include "project/apply_listing.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

constexpr std::string_view kTemporaryMark = ".cairn-tmp-";
constexpr std::size_t kRandomDigits = 16;
constexpr std::size_t kMaxName = 255;

Node root_folder() {
  Node node;
  node.kind = store::TreeKind::folder;
  return node;
}

Node to_node(const ScannedFile& file) {
  Node node;
  node.path = file.path;
  node.kind = file.kind;
  node.id = file.id;
  node.size = file.stat.size;
  node.target = file.target;
  node.stat = file.stat;
  return node;
}

ScannedFile to_scanned(const Node& node) {
  ScannedFile file;
  file.path = node.path;
  file.kind = node.kind;
  file.id = node.id;
  file.stat = node.stat;
  file.stat.size = node.size;
  file.target = node.target;
  return file;
}

}  // namespace

bool same_bytes(const Node& a, const Node& b) {
  return a.is_file() && b.is_file() && a.id.has_value() && a.id == b.id;
}

bool same_node(const Node& a, const Node& b) {
  if (a.kind != b.kind) {
    return false;
  }
  if (a.is_symlink()) {
    return a.target == b.target;
  }
  return a.is_folder() || same_bytes(a, b);
}

const Node* find_node(const Listing& listing, std::string_view path) {
  const auto it =
      std::lower_bound(listing.begin(), listing.end(), path,
                       [](const Node& node, std::string_view wanted) { return node.path < wanted; });
  return it != listing.end() && it->path == path ? &*it : nullptr;
}

Result<Listing> list_object(store::Reader& reader, const Materialised::Entry& entry) {
  Listing listing;
  if (entry.object.family == store::Family::blob) {
    Node node;
    node.kind = entry.executable ? store::TreeKind::executable : store::TreeKind::file;
    node.id = entry.object.id;
    node.size = entry.object.size;
    listing.push_back(std::move(node));
    return listing;
  }
  listing.push_back(root_folder());
  CAIRN_TRY(store::walk_tree(reader, entry.object.id,
                             [&](const std::string& path, const store::TreeEntry& item) -> Status {
                               Node node;
                               node.path = path;
                               node.kind = item.kind;
                               node.size = item.size;
                               node.target = item.target;
                               if (node.is_file()) {
                                 node.id = item.id;
                               }
                               listing.push_back(std::move(node));
                               return {};
                             }));
  // A walk enters "a" before it meets "a.b"; listings are sorted by whole paths.
  std::sort(listing.begin(), listing.end(), [](const Node& a, const Node& b) { return a.path < b.path; });
  return listing;
}

Listing list_scan(const Scan& scan) {
  Listing listing;
  listing.reserve(scan.files.size() + 1);
  if (scan.kind == os::Kind::folder) {
    listing.push_back(root_folder());
  }
  for (const ScannedFile& file : scan.files) {
    listing.push_back(to_node(file));
  }
  return listing;
}

Result<std::optional<Materialised::Entry>> object_of(const Listing& listing, store::Writer* writer) {
  if (listing.empty()) {
    return std::optional<Materialised::Entry>();
  }
  Scan scan;
  scan.kind = listing.front().is_folder() ? os::Kind::folder : os::Kind::file;
  for (const Node& node : listing) {
    if (!node.path.empty() || !node.is_folder()) {
      scan.files.push_back(to_scanned(node));
    }
  }
  CAIRN_TRY_ASSIGN(Summary summary, summarize(scan, writer));
  return std::optional(Materialised::Entry{summary.object, summary.executable});
}

std::string path_of(const std::string& path, const std::string& relative) {
  return relative.empty() ? path : os::join(path, relative);
}

Error error_about(const std::vector<Error>& errors, const std::string& path) {
  const std::string name = escaped(path) + "'";  // messages give it quoted, relative or absolute
  for (const Error& error : errors) {
    if (error.message().find(name) != std::string::npos) {
      return error;
    }
  }
  return {Code::io, "cannot read " + quoted(path)};
}

std::string temporary_name(std::string_view name) {
  const std::size_t room = kMaxName - 1 - kTemporaryMark.size() - kRandomDigits;
  return "." + std::string(name.substr(0, room)) + std::string(kTemporaryMark) + os::random_name();
}

}  // namespace cairn::project
