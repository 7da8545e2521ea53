// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/escape.h"
#include "git/program.h"
#include "git/repository_state.h"
#include "os/path.h"

namespace cairn::git {
namespace {

Error object_error(int code, const git_oid& id) {
  return library_error(code, "cannot read Git object " + to_oid(id).hex())
      .with_hint("run 'git fsck' to see what is missing, 'git fetch' to get it");
}

bool is_file(const git_tree_entry* entry) {
  return git2().tree_entry_type(entry) == GIT_OBJECT_BLOB;
}

TreeFile to_tree_file(std::string path, const git_tree_entry* entry) {
  return {std::move(path), to_oid(*git2().tree_entry_id(entry)),
          static_cast<unsigned>(git2().tree_entry_filemode(entry))};
}

/// A file, symlink or submodule; nothing for a folder, and for nullptr.
std::optional<TreeFile> leaf_of(const std::string& path, const git_tree_entry* entry) {
  return entry == nullptr || git2().tree_entry_type(entry) == GIT_OBJECT_TREE
             ? std::nullopt
             : std::optional(to_tree_file(path, entry));
}

/// True also for nothing.
bool is_submodule(const std::optional<TreeFile>& file) {
  return !file || file->mode == GIT_FILEMODE_COMMIT;
}

/// What two trees have under one name; nullptr where they have nothing.
struct EntryPair {
  const git_tree_entry* from = nullptr;
  const git_tree_entry* to = nullptr;

  [[nodiscard]] bool same() const {
    return from != nullptr && to != nullptr &&
           git2().tree_entry_filemode(from) == git2().tree_entry_filemode(to) &&
           git2().oid_equal(git2().tree_entry_id(from), git2().tree_entry_id(to)) != 0;
  }
};

/// Either tree may be nullptr.
std::map<std::string_view, EntryPair> pair_entries(const git_tree* from, const git_tree* to) {
  std::map<std::string_view, EntryPair> pairs;
  auto add = [&](const git_tree* tree, const git_tree_entry* EntryPair::*side) {
    std::size_t count = tree == nullptr ? 0 : git2().tree_entrycount(tree);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git2().tree_entry_byindex(tree, i);
      pairs[git2().tree_entry_name(entry)].*side = entry;
    }
  };
  add(from, &EntryPair::from);
  add(to, &EntryPair::to);
  return pairs;
}

TreeHandle as_tree(ObjectHandle object) {
  return TreeHandle(reinterpret_cast<git_tree*>(object.release()));  // NOLINT: libgit2's own way to downcast
}

}  // namespace

Result<bool> Repository::State::is_partial_clone() {
  if (!partial_clone) {
    CAIRN_TRY_ASSIGN(ConfigHandle config, all_config());
    git_config_iterator* raw = nullptr;
    int code = git2().config_iterator_new(&raw, config.get());
    ConfigIterator iterator(raw);
    bool found = false;
    git_config_entry* entry = nullptr;
    while (!found && code == 0 && (code = git2().config_next(&entry, raw)) == 0) {
      std::string_view key = entry->name;
      found = key == "extensions.partialclone" || (key.starts_with("remote.") && key.ends_with(".promisor"));
    }
    if (code != 0 && code != GIT_ITEROVER) {
      return library_error(code, "cannot read Git's configuration");
    }
    partial_clone = found;
  }
  return *partial_clone;
}

Result<ObjectHandle> Repository::State::find_object(const git_oid& id, git_object_t type) {
  git_object* raw = nullptr;
  int code = git2().object_lookup(&raw, repository.get(), &id, type);
  if (code < 0) {
    Error error = object_error(code, id);
    CAIRN_TRY_ASSIGN(bool partial, is_partial_clone());
    if (code != GIT_ENOTFOUND || !partial) {
      return error;
    }
    // Asking for it makes the git program fetch it.
    CAIRN_TRY(run_git(layout, {"cat-file", "-e", to_oid(id).hex()}));
    code = git2().object_lookup(&raw, repository.get(), &id, type);
    if (code < 0) {
      return object_error(code, id);
    }
  }
  return ObjectHandle(raw);
}

Result<TreeHandle> Repository::State::tree_of(const Oid& commit) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, find_commit(commit));
  const git_oid* id = git2().commit_tree_id(reinterpret_cast<git_commit*>(object.get()));  // NOLINT
  CAIRN_TRY_ASSIGN(ObjectHandle tree, find_object(*id, GIT_OBJECT_TREE));
  return as_tree(std::move(tree));
}

Status Repository::State::list_tree(const git_tree* tree, const std::string& folder, const NameFilter& filter,
                                    std::vector<TreeFile>& files) {
  std::size_t count = git2().tree_entrycount(tree);
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git2().tree_entry_byindex(tree, i);
    const char* name = git2().tree_entry_name(entry);
    CAIRN_TRY_ASSIGN(TreeHandle inner, find_subtree(entry));
    if (inner) {
      CAIRN_TRY(list_tree(inner.get(), os::join(folder, name), filter, files));
    } else if (is_file(entry) && name_fits(name, filter)) {
      files.push_back(to_tree_file(os::join(folder, name), entry));
    }
  }
  return {};
}

Result<std::vector<TreeFile>> Repository::list_files(const Oid& commit, const NameFilter& filter) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(commit));
  std::vector<TreeFile> files;
  CAIRN_TRY(state_->list_tree(tree.get(), "", filter, files));
  return files;
}

Result<std::vector<TreeFile>> Repository::State::list_relative(const git_oid& tree, const NameFilter& filter,
                                                               std::map<Oid, std::vector<TreeFile>>& known) {
  if (auto found = known.find(to_oid(tree)); found != known.end()) {
    return found->second;
  }
  CAIRN_TRY_ASSIGN(ObjectHandle object, find_object(tree, GIT_OBJECT_TREE));
  TreeHandle handle = as_tree(std::move(object));
  std::vector<TreeFile> files;
  std::size_t count = git2().tree_entrycount(handle.get());
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git2().tree_entry_byindex(handle.get(), i);
    const char* name = git2().tree_entry_name(entry);
    if (git2().tree_entry_type(entry) == GIT_OBJECT_TREE) {
      CAIRN_TRY_ASSIGN(auto inner, list_relative(*git2().tree_entry_id(entry), filter, known));
      for (TreeFile& file : inner) {
        file.path = os::join(name, file.path);
        files.push_back(std::move(file));
      }
    } else if (is_file(entry) && name_fits(name, filter)) {
      files.push_back(to_tree_file(name, entry));
    }
  }
  known.emplace(to_oid(tree), files);
  return files;
}

Result<std::vector<TreeFile>> Repository::list_files(const Oid& commit, const NameFilter& filter,
                                                     ListingMemo& memo) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_commit(commit));
  const git_oid* tree = git2().commit_tree_id(reinterpret_cast<git_commit*>(object.get()));  // NOLINT
  return state_->list_relative(*tree, filter, memo.trees_);
}

Result<std::optional<TreeFile>> Repository::State::find_below(TreeHandle tree, const std::string& path) {
  std::optional<TreeFile> found;
  std::vector<std::string_view> parts = os::parts_of(path);
  for (std::size_t i = 0; tree && i < parts.size(); ++i) {
    const git_tree_entry* entry = git2().tree_entry_byname(tree.get(), std::string(parts[i]).c_str());
    if (i + 1 == parts.size() && is_file(entry)) {
      found = to_tree_file(path, entry);
    }
    CAIRN_TRY_ASSIGN(tree, find_subtree(entry));
  }
  return found;
}

Result<std::optional<TreeFile>> Repository::find_blob(const Oid& commit, const std::string& path) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(commit));
  return state_->find_below(std::move(tree), path);
}

Result<std::optional<TreeFile>> Repository::find_in_tree(const Oid& tree, const std::string& path) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_object(from_oid(tree), GIT_OBJECT_TREE));
  return state_->find_below(as_tree(std::move(object)), path);
}

Result<Buffer> Repository::read_blob(const Oid& blob) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_object(from_oid(blob), GIT_OBJECT_BLOB));
  const auto* raw = reinterpret_cast<const git_blob*>(object.get());  // NOLINT
  const auto* bytes = static_cast<const std::uint8_t*>(git2().blob_rawcontent(raw));
  return Buffer(bytes, bytes + git2().blob_rawsize(raw));
}

Result<TreeHandle> Repository::State::find_subtree(const git_tree_entry* entry) {
  if (entry == nullptr || git2().tree_entry_type(entry) != GIT_OBJECT_TREE) {
    return TreeHandle();
  }
  CAIRN_TRY_ASSIGN(ObjectHandle object, find_object(*git2().tree_entry_id(entry), GIT_OBJECT_TREE));
  return as_tree(std::move(object));
}

Status Repository::State::compare_trees(const git_tree* from, const git_tree* to, const std::string& folder,
                                        const NameFilter& filter, std::vector<TreeChange>& changes) {
  std::map<std::string_view, EntryPair> pairs = pair_entries(from, to);
  for (const auto& [name, pair] : pairs) {
    if (pair.same()) {
      continue;
    }
    std::string path = os::join(folder, name);
    TreeChange change{path, leaf_of(path, pair.from), leaf_of(path, pair.to)};
    if ((change.before || change.after) && name_fits(name, filter)) {
      changes.push_back(std::move(change));
    }
    CAIRN_TRY_ASSIGN(TreeHandle inner_from, find_subtree(pair.from));
    CAIRN_TRY_ASSIGN(TreeHandle inner_to, find_subtree(pair.to));
    if (inner_from || inner_to) {
      CAIRN_TRY(compare_trees(inner_from.get(), inner_to.get(), path, filter, changes));
    }
  }
  return {};
}

Result<std::vector<TreeChange>> Repository::changed_files(const Oid& from, const Oid& to,
                                                          const NameFilter& filter) {
  CAIRN_TRY_ASSIGN(TreeHandle old_tree, state_->tree_of(from));
  CAIRN_TRY_ASSIGN(TreeHandle new_tree, state_->tree_of(to));
  std::vector<TreeChange> changes;
  CAIRN_TRY(state_->compare_trees(old_tree.get(), new_tree.get(), "", filter, changes));
  std::ranges::sort(changes, {}, &TreeChange::path);
  return changes;
}

Result<std::vector<std::string>> Repository::changed_paths(const Oid& from, const Oid& to,
                                                           const NameFilter& filter) {
  CAIRN_TRY_ASSIGN(std::vector<TreeChange> changes, changed_files(from, to, filter));
  std::vector<std::string> paths;
  for (TreeChange& change : changes) {
    if (!is_submodule(change.before) || !is_submodule(change.after)) {
      paths.push_back(std::move(change.path));
    }
  }
  return paths;
}

}  // namespace cairn::git
