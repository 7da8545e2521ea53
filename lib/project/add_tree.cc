// SPDX-License-Identifier: Apache-2.0
#include "project/add_tree.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

using store::Tree;
using store::TreeEntry;
using store::TreeKind;

auto place_of(Tree& tree, std::string_view name) {
  return std::lower_bound(
      tree.entries.begin(), tree.entries.end(), name,
      [](const TreeEntry& entry, std::string_view wanted) { return entry.name < wanted; });
}

void set_entry(Tree& tree, TreeEntry entry) {
  auto at = place_of(tree, entry.name);
  if (at != tree.entries.end() && at->name == entry.name) {
    *at = std::move(entry);
  } else {
    tree.entries.insert(at, std::move(entry));
  }
}

/// Edits split by the first part of their paths; "" is an edit of that name itself.
std::map<std::string, TreeEdits> by_name(const TreeEdits& edits) {
  std::map<std::string, TreeEdits> parts;
  for (const auto& edit : edits) {
    const std::size_t slash = edit.first.find('/');
    const std::string rest = slash == std::string::npos ? "" : edit.first.substr(slash + 1);
    parts[edit.first.substr(0, slash)].emplace(rest, edit.second);
  }
  return parts;
}

class TreeEditor {
 public:
  TreeEditor(store::Reader& reader, store::Writer* writer) : reader_(reader), writer_(writer) {}

  /// The entry of a folder with the edits made; `old` is its object, nothing for a folder that is new.
  Result<TreeEntry> edit(const std::optional<store::Id>& old, const TreeEdits& edits) {
    Tree tree;
    if (old) {
      CAIRN_TRY_ASSIGN(tree, reader_.read_tree(*old));
    }
    for (const auto& [name, parts] : by_name(edits)) {
      CAIRN_TRY(edit_entry(tree, name, parts));
    }
    TreeEntry entry;
    entry.kind = TreeKind::folder;
    entry.size = tree.total_size();
    entry.files = tree.total_files();
    if (writer_ != nullptr) {
      CAIRN_TRY_ASSIGN(entry.id, writer_->put_tree(tree));
    } else {
      entry.id = store::tree_id(store::encode_tree(tree));
    }
    return entry;
  }

 private:
  Status edit_entry(Tree& tree, const std::string& name, const TreeEdits& parts) {
    const TreeEntry* old = tree.find(name);
    if (const auto whole = parts.find(""); whole != parts.end()) {
      if (whole->second) {
        TreeEntry entry = *whole->second;
        entry.name = name;
        set_entry(tree, std::move(entry));
        return {};
      }
      if (old == nullptr) {
        return Error(Code::not_found, quoted(name) + " exists neither here nor in the tracked folder");
      }
      tree.entries.erase(place_of(tree, name));
      return {};
    }
    const bool is_folder = old != nullptr && old->kind == TreeKind::folder;
    CAIRN_TRY_ASSIGN(TreeEntry entry, edit(is_folder ? std::optional(old->id) : std::nullopt, parts));
    entry.name = name;
    set_entry(tree, std::move(entry));
    return {};
  }

  store::Reader& reader_;
  store::Writer* writer_;
};

}  // namespace

Result<store::TreeEntry> edit_tree(store::Reader& reader, const std::optional<store::Id>& tree,
                                   const TreeEdits& edits, store::Writer* writer) {
  return TreeEditor(reader, writer).edit(tree, edits);
}

Result<std::optional<TreeEntry>> find_in_tree(store::Reader& reader, const store::Id& tree,
                                              std::string_view path) {
  store::Id folder = tree;
  std::optional<TreeEntry> found;
  for (const std::string_view part : os::parts_of(path)) {
    if (found && found->kind != TreeKind::folder) {
      return std::optional<TreeEntry>();
    }
    CAIRN_TRY_ASSIGN(Tree content, reader.read_tree(folder));
    const TreeEntry* entry = content.find(part);
    if (entry == nullptr) {
      return std::optional<TreeEntry>();
    }
    found = *entry;
    folder = entry->id;
  }
  return found;
}

}  // namespace cairn::project
