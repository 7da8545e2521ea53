// SPDX-License-Identifier: Apache-2.0
#include "project/tree_changes.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

/// No path of a workspace has more parts; a stored tree that does is not one of ours.
constexpr unsigned kDeepest = 256;

using Kind = store::TreeKind;

bool is_folder(const std::optional<ChangeSide>& side) {
  return side && side->kind == Kind::folder;
}

bool is_file(Kind kind) {
  return kind == Kind::file || kind == Kind::executable;
}

std::optional<ChangeSide> side_of_entry(const store::TreeEntry* entry) {
  if (entry == nullptr) {
    return std::nullopt;
  }
  return ChangeSide{entry->kind, entry->id, entry->size, entry->target};
}

ChangeKind kind_of(const std::optional<ChangeSide>& before, const std::optional<ChangeSide>& after) {
  if (!before) {
    return ChangeKind::added;
  }
  if (!after) {
    return ChangeKind::deleted;
  }
  const bool same_type = before->kind == after->kind || (is_file(before->kind) && is_file(after->kind));
  return same_type ? ChangeKind::modified : ChangeKind::type_changed;
}

class TreeComparer {
 public:
  TreeComparer(const TreeLookup& lookup, std::vector<FileChange>& out) : lookup_(lookup), out_(out) {}

  Status compare(const Comparison& pair, unsigned depth) {
    if (pair.before == pair.after) {
      return {};
    }
    if (depth > kDeepest) {
      return Error(Code::corrupt, quoted(pair.path) + " is deeper than any workspace", "cairn fsck");
    }
    const bool folder_before = is_folder(pair.before);
    const bool folder_after = is_folder(pair.after);
    if (!folder_before && !folder_after) {
      emit(pair);
      return {};
    }
    CAIRN_TRY_ASSIGN(const std::optional<store::Tree> before, read(pair.before));
    CAIRN_TRY_ASSIGN(const std::optional<store::Tree> after, read(pair.after));
    if ((folder_before && !before) || (folder_after && !after)) {
      emit(pair);
      out_.back().unlisted = true;
      return {};
    }
    const bool stands_for_itself =
        (!pair.before && after->entries.empty()) || (!pair.after && before->entries.empty());
    if (stands_for_itself || (pair.before && pair.after && folder_before != folder_after)) {
      emit(pair);
    }
    return compare_entries(pair.path, before.value_or(store::Tree()), after.value_or(store::Tree()), depth);
  }

 private:
  void emit(const Comparison& pair) {
    FileChange change;
    change.kind = kind_of(pair.before, pair.after);
    change.path = pair.path;
    change.before = pair.before;
    change.after = pair.after;
    out_.push_back(std::move(change));
  }

  /// The folder's tree; nothing for what is no folder, or is not in reach.
  Result<std::optional<store::Tree>> read(const std::optional<ChangeSide>& side) {
    if (!is_folder(side)) {
      return std::optional<store::Tree>();
    }
    Result<store::Tree> tree = lookup_(side->id);
    if (tree.ok()) {
      return std::optional(std::move(tree).value());
    }
    if (tree.error().code() == Code::not_found) {
      return std::optional<store::Tree>();
    }
    return std::move(tree.error());
  }

  Status compare_entries(const std::string& path, const store::Tree& before, const store::Tree& after,
                         unsigned depth) {
    auto old_entry = before.entries.begin();
    auto new_entry = after.entries.begin();
    while (old_entry != before.entries.end() || new_entry != after.entries.end()) {
      const bool take_old = new_entry == after.entries.end() ||
                            (old_entry != before.entries.end() && old_entry->name <= new_entry->name);
      const bool take_new = old_entry == before.entries.end() ||
                            (new_entry != after.entries.end() && new_entry->name <= old_entry->name);
      Comparison inner;
      inner.path = os::join(path, take_old ? old_entry->name : new_entry->name);
      inner.before = side_of_entry(take_old ? &*old_entry : nullptr);
      inner.after = side_of_entry(take_new ? &*new_entry : nullptr);
      CAIRN_TRY(compare(inner, depth + 1));
      old_entry += take_old ? 1 : 0;
      new_entry += take_new ? 1 : 0;
    }
    return {};
  }

  const TreeLookup& lookup_;
  std::vector<FileChange>& out_;
};

/// What makes two files the same content; nothing for what is not looked for.
std::optional<store::Key> rename_key(const std::optional<ChangeSide>& side) {
  if (!side || side->kind == Kind::symlink || side->size == 0) {
    return std::nullopt;
  }
  const store::Family family = side->kind == Kind::folder ? store::Family::tree : store::Family::blob;
  return store::Key{store::content_kind(family), side->id};
}

}  // namespace

Status compare_trees(const Comparison& comparison, const TreeLookup& lookup, std::vector<FileChange>& out) {
  return TreeComparer(lookup, out).compare(comparison, 0);
}

ChangeSide side_of(const store::Object& object, bool executable) {
  ChangeSide side;
  side.kind = object.family == store::Family::tree ? Kind::folder
              : executable                         ? Kind::executable
                                                   : Kind::file;
  side.id = object.id;
  side.size = object.size;
  return side;
}

void find_renames(std::vector<FileChange>& changes) {
  const auto by_path = [](const FileChange& a, const FileChange& b) { return a.path < b.path; };
  std::stable_sort(changes.begin(), changes.end(), by_path);
  std::multimap<store::Key, FileChange*> deleted;
  for (FileChange& change : changes) {
    if (const auto key = rename_key(change.before); key && change.kind == ChangeKind::deleted) {
      deleted.emplace(*key, &change);
    }
  }
  for (FileChange& change : changes) {
    const auto key = rename_key(change.after);
    const auto match = key && change.kind == ChangeKind::added ? deleted.find(*key) : deleted.end();
    if (match == deleted.end()) {
      continue;
    }
    FileChange& gone = *match->second;
    change.kind = ChangeKind::renamed;
    change.old_path = std::move(gone.path);
    change.before = std::move(gone.before);
    change.unlisted = false;
    gone.before.reset();  // marks it as used up
    deleted.erase(match);
  }
  std::erase_if(changes, [](const FileChange& change) { return !change.before && !change.after; });
}

}  // namespace cairn::project
