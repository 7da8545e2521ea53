// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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
  return git_tree_entry_type(entry) == GIT_OBJECT_BLOB;
}

TreeFile to_tree_file(std::string path, const git_tree_entry* entry) {
  return {std::move(path), to_oid(*git_tree_entry_id(entry)),
          static_cast<unsigned>(git_tree_entry_filemode(entry))};
}

TreeHandle as_tree(ObjectHandle object) {
  return TreeHandle(reinterpret_cast<git_tree*>(object.release()));  // NOLINT: libgit2's own way to downcast
}

}  // namespace

Result<ObjectHandle> Repository::State::find_object(const git_oid& id, git_object_t type) {
  git_object* raw = nullptr;
  int code = git_object_lookup(&raw, repository.get(), &id, type);
  if (code == GIT_ENOTFOUND) {
    if (!partial_clone) {
      CAIRN_TRY_ASSIGN(ConfigHandle config, local_config());
      git_config_entry* entry = nullptr;
      partial_clone = git_config_get_entry(&entry, config.get(), "extensions.partialclone") == 0;
      git_config_entry_free(entry);
    }
    if (*partial_clone) {
      CAIRN_TRY(run_git(layout, {"cat-file", "-e", to_oid(id).hex()}));
      code = git_object_lookup(&raw, repository.get(), &id, type);
    }
  }
  if (code < 0) {
    return object_error(code, id);
  }
  return ObjectHandle(raw);
}

Result<TreeHandle> Repository::State::tree_of(const Oid& commit) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, find_object(from_oid(commit), GIT_OBJECT_COMMIT));
  const git_oid* id = git_commit_tree_id(reinterpret_cast<git_commit*>(object.get()));  // NOLINT
  CAIRN_TRY_ASSIGN(ObjectHandle tree, find_object(*id, GIT_OBJECT_TREE));
  return as_tree(std::move(tree));
}

Status Repository::State::list_tree(const git_tree& tree, const std::string& folder, const NameFilter& filter,
                                    std::vector<TreeFile>& files) {
  std::size_t count = git_tree_entrycount(&tree);
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(&tree, i);
    const char* name = git_tree_entry_name(entry);
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
      CAIRN_TRY_ASSIGN(ObjectHandle inner, find_object(*git_tree_entry_id(entry), GIT_OBJECT_TREE));
      CAIRN_TRY(list_tree(*as_tree(std::move(inner)), os::join(folder, name), filter, files));
    } else if (is_file(entry) && name_fits(name, filter)) {
      files.push_back(to_tree_file(os::join(folder, name), entry));
    }
  }
  return {};
}

Result<std::vector<TreeFile>> Repository::list_files(const Oid& commit, const NameFilter& filter) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(commit));
  std::vector<TreeFile> files;
  CAIRN_TRY(state_->list_tree(*tree, "", filter, files));
  return files;
}

Result<std::optional<TreeFile>> Repository::find_blob(const Oid& commit, const std::string& path) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(commit));
  std::optional<TreeFile> found;
  std::vector<std::string_view> parts = os::parts_of(path);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const git_tree_entry* entry = git_tree_entry_byname(tree.get(), std::string(parts[i]).c_str());
    if (entry == nullptr) {
      break;
    }
    if (i + 1 == parts.size()) {
      found = is_file(entry) ? std::optional(to_tree_file(path, entry)) : std::nullopt;
    } else if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
      break;
    } else {
      CAIRN_TRY_ASSIGN(ObjectHandle inner, state_->find_object(*git_tree_entry_id(entry), GIT_OBJECT_TREE));
      tree = as_tree(std::move(inner));
    }
  }
  return found;
}

Result<Buffer> Repository::read_blob(const Oid& blob) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_object(from_oid(blob), GIT_OBJECT_BLOB));
  const auto* raw = reinterpret_cast<const git_blob*>(object.get());  // NOLINT
  const auto* bytes = static_cast<const std::uint8_t*>(git_blob_rawcontent(raw));
  return Buffer(bytes, bytes + git_blob_rawsize(raw));
}

Result<std::vector<std::string>> Repository::changed_paths(const Oid& from, const Oid& to,
                                                           const NameFilter& filter) {
  CAIRN_TRY_ASSIGN(TreeHandle old_tree, state_->tree_of(from));
  CAIRN_TRY_ASSIGN(TreeHandle new_tree, state_->tree_of(to));
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_SKIP_BINARY_CHECK | GIT_DIFF_INCLUDE_TYPECHANGE;
  git_diff* raw = nullptr;
  if (int code =
          git_diff_tree_to_tree(&raw, state_->repository.get(), old_tree.get(), new_tree.get(), &options);
      code < 0) {
    return library_error(code, "cannot compare commits " + from.hex() + " and " + to.hex())
        .with_hint("run 'git fetch' to get what is missing");
  }
  DiffHandle diff(raw);
  std::vector<std::string> paths;
  std::size_t count = git_diff_num_deltas(diff.get());
  for (std::size_t i = 0; i < count; ++i) {
    const char* path = git_diff_get_delta(diff.get(), i)->new_file.path;
    if (name_fits(path, filter)) {
      paths.emplace_back(path);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

}  // namespace cairn::git
