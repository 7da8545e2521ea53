// SPDX-License-Identifier: Apache-2.0
// Private to lib/git.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "git/library.h"
#include "git/repository.h"

namespace cairn::git {

struct Repository::State {
  Layout layout;
  RepositoryHandle repository;
  bool index_read = false;
  IndexHandle index;                // empty where libgit2 refuses it; then `listed` has its paths
  std::vector<std::string> listed;  // sorted, each once
  std::optional<bool> partial_clone;

  /// Fills index or listed.
  Status read_index();
  /// Looks an object up; one that a partial clone left out is fetched once.
  Result<ObjectHandle> find_object(const git_oid& id, git_object_t type);
  Result<bool> is_partial_clone();
  Result<ObjectHandle> find_commit(const Oid& commit) {
    return find_object(from_oid(commit), GIT_OBJECT_COMMIT);
  }
  /// Root tree of a commit.
  Result<TreeHandle> tree_of(const Oid& commit);
  /// The file or symlink at `path` below a tree.
  Result<std::optional<TreeFile>> find_below(TreeHandle tree, const std::string& path);
  /// The tree that an entry names; empty for anything else, and for nullptr.
  Result<TreeHandle> find_subtree(const git_tree_entry* entry);
  Status list_tree(const git_tree* tree, const std::string& folder, const NameFilter& filter,
                   std::vector<TreeFile>& files);
  /// As list_tree, for paths relative to the tree.
  Result<std::vector<TreeFile>> list_relative(const git_oid& tree, const NameFilter& filter,
                                              std::map<Oid, std::vector<TreeFile>>& known);
  /// Either tree may be nullptr.
  Status compare_trees(const git_tree* from, const git_tree* to, const std::string& folder,
                       const NameFilter& filter, std::vector<TreeChange>& changes);
  Status check_loose_refs(const std::string& folder, const std::set<std::string>& seen);
  /// Configuration of all levels, or of the repository alone.
  Result<ConfigHandle> all_config() const;
  Result<ConfigHandle> local_config() const;
};

}  // namespace cairn::git
