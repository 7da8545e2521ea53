// SPDX-License-Identifier: Apache-2.0
// From a flat scan to folder objects.
#include <unordered_map>

#include "os/path.h"
#include "project/scan.h"

namespace cairn::project {
namespace {

bool is_file(store::TreeKind kind) {
  return kind == store::TreeKind::file || kind == store::TreeKind::executable;
}

/// Puts each scanned entry into its folder's tree. Folders come before what is in them, so trees are made in
/// that order and finished in the opposite one.
class TreeBuilder {
 public:
  explicit TreeBuilder(const Scan& scan) : scan_(scan) {}

  Result<std::vector<ScannedTree>> run(store::Writer* writer) {
    add_folder("", 0, 0);
    for (const ScannedFile& file : scan_.files) {
      add(file);
    }
    for (std::size_t i = trees_.size(); i-- > 0;) {
      CAIRN_TRY(finish(i, writer));
    }
    return std::move(trees_);
  }

 private:
  /// Where a folder's own entry is: in which tree, and which entry of it.
  struct Place {
    std::size_t parent = 0;
    std::size_t entry = 0;
  };

  void add_folder(std::string_view path, std::size_t parent, std::size_t entry) {
    folders_.emplace(path, trees_.size());
    trees_.emplace_back();
    places_.push_back({parent, entry});
  }

  void add(const ScannedFile& file) {
    const std::string_view parent_path = os::parent_of(file.path);
    if (parent_path != last_path_) {
      const auto found = folders_.find(parent_path);
      CAIRN_CHECK(found != folders_.end());
      last_path_ = parent_path;
      last_ = found->second;
    }
    store::TreeEntry entry;
    entry.name = std::string(os::name_of(file.path));
    entry.kind = file.kind;
    if (is_file(file.kind)) {
      CAIRN_CHECK(file.id.has_value());
      entry.id = *file.id;
      entry.size = file.stat.size;
    } else if (file.kind == store::TreeKind::symlink) {
      entry.target = file.target;
    } else {
      add_folder(file.path, last_, trees_[last_].tree.entries.size());
    }
    trees_[last_].tree.entries.push_back(std::move(entry));
  }

  Status finish(std::size_t i, store::Writer* writer) {
    ScannedTree& done = trees_[i];
    if (writer != nullptr) {
      CAIRN_TRY_ASSIGN(done.id, writer->put_tree(done.tree));
    } else {
      done.id = store::tree_id(store::encode_tree(done.tree));
    }
    if (i == 0) {
      return {};
    }
    store::TreeEntry& entry = trees_[places_[i].parent].tree.entries[places_[i].entry];
    entry.id = done.id;
    entry.size = done.tree.total_size();
    entry.files = done.tree.total_files();
    return {};
  }

  const Scan& scan_;
  std::vector<ScannedTree> trees_;
  std::vector<Place> places_;
  std::unordered_map<std::string_view, std::size_t> folders_;
  std::string_view last_path_;
  std::size_t last_ = 0;
};

}  // namespace

Result<std::vector<ScannedTree>> build_trees(const Scan& scan, store::Writer* writer) {
  CAIRN_CHECK(scan.kind == os::Kind::folder);
  return TreeBuilder(scan).run(writer);
}

Result<Summary> summarize(const Scan& scan, store::Writer* writer) {
  Summary summary;
  if (scan.kind != os::Kind::folder) {
    CAIRN_CHECK(scan.files.size() == 1 && scan.files.front().id.has_value());
    const ScannedFile& file = scan.files.front();
    summary.object = {store::Family::blob, *file.id, file.stat.size};
    summary.executable = file.kind == store::TreeKind::executable;
    summary.files = 1;
    return summary;
  }
  CAIRN_TRY_ASSIGN(const std::vector<ScannedTree> trees, build_trees(scan, writer));
  const ScannedTree& top = trees.front();
  summary.object = {store::Family::tree, top.id, top.tree.total_size()};
  summary.files = top.tree.total_files();
  return summary;
}

}  // namespace cairn::project
