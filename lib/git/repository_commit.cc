// SPDX-License-Identifier: Apache-2.0
// Reading commits.
#include "git/repository_state.h"

namespace cairn::git {
namespace {

std::string shown(const git_signature& person) {
  return std::string(person.name) + " <" + person.email + ">";
}

}  // namespace

Result<Commit> Repository::read_commit(const Oid& commit) {
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_commit(commit));
  const auto* raw = reinterpret_cast<const git_commit*>(object.get());  // NOLINT: libgit2's own downcast
  Commit out{commit,
             to_oid(*git2().commit_tree_id(raw)),
             {},
             git2().commit_message(raw),
             shown(*git2().commit_author(raw)),
             git2().commit_time(raw)};
  for (unsigned i = 0; i < git2().commit_parentcount(raw); ++i) {
    out.parents.push_back(to_oid(*git2().commit_parent_id(raw, i)));
  }
  return out;
}

Result<std::vector<Oid>> Repository::history(const std::vector<Oid>& tips) {
  git_revwalk* raw = nullptr;
  int code = git2().revwalk_new(&raw, state_->repository.get());
  RevwalkHandle walk(raw);
  if (code == 0) {
    code = git2().revwalk_sorting(raw, GIT_SORT_TIME | GIT_SORT_TOPOLOGICAL);
  }
  for (std::size_t i = 0; code == 0 && i < tips.size(); ++i) {
    git_oid tip = from_oid(tips[i]);
    code = git2().revwalk_push(raw, &tip);
  }
  std::vector<Oid> commits;
  git_oid next;
  while (code == 0 && (code = git2().revwalk_next(&next, raw)) == 0) {
    commits.push_back(to_oid(next));
  }
  if (code != 0 && code != GIT_ITEROVER) {
    return library_error(code, "cannot read the history").with_hint("run 'git fsck' to see what is missing");
  }
  return commits;
}

}  // namespace cairn::git
