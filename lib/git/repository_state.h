// SPDX-License-Identifier: Apache-2.0
// Private to lib/git.
#pragma once

#include <optional>
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
  /// Root tree of a commit.
  Result<TreeHandle> tree_of(const Oid& commit);
  Status list_tree(const git_tree& tree, const std::string& folder, const NameFilter& filter,
                   std::vector<TreeFile>& files);
  /// Configuration of all levels, or of the repository alone.
  Result<ConfigHandle> all_config() const;
  Result<ConfigHandle> local_config() const;
};

}  // namespace cairn::git
