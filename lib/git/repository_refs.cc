// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/escape.h"
#include "git/program.h"
#include "git/repository_state.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

constexpr std::string_view kBranchPrefix = "refs/heads/";

Error unknown_revision(std::string_view revision, std::string_view why) {
  return {Code::not_found, "no commit is named " + quoted(revision) + std::string(why),
          "see 'git log --oneline --all', or run 'git fetch' if it is on a remote"};
}

Error broken_ref(int code, const std::string& name) {
  return library_error(code, "cannot read Git ref " + quoted(name))
      .with_hint("run 'git fsck' to see what is damaged");
}

/// For the forms that libgit2 does not know, such as "@~1".
Result<Oid> resolve_by_program(const Layout& layout, std::string_view revision) {
  auto out = run_git(
      layout, {"rev-parse", "--verify", "--quiet", "--end-of-options", std::string(revision) + "^{commit}"});
  if (!out.ok()) {
    return unknown_revision(revision, "");
  }
  auto commit = Oid::parse(std::string_view(*out).substr(0, out->find('\n')));
  return commit ? Result<Oid>(*commit) : unknown_revision(revision, "");
}

/// The ref as a commit; nothing when it leads to none.
Result<std::optional<Ref>> to_ref(git_repository* repository, const git_reference* reference) {
  std::string name = git2().reference_name(reference);
  git_reference* raw_direct = nullptr;
  int code = git2().reference_resolve(&raw_direct, reference);
  if (code == GIT_ENOTFOUND && git2().reference_type(reference) == GIT_REFERENCE_SYMBOLIC) {
    return std::optional<Ref>();
  }
  ReferenceHandle direct(raw_direct);
  git_object* raw_object = nullptr;
  if (code == 0) {
    code =
        git2().object_lookup(&raw_object, repository, git2().reference_target(direct.get()), GIT_OBJECT_ANY);
  }
  ObjectHandle object(raw_object);
  git_object* raw_commit = nullptr;
  if (code == 0) {
    code = git2().object_peel(&raw_commit, object.get(), GIT_OBJECT_COMMIT);
  }
  if (code == GIT_EPEEL || code == GIT_EINVALIDSPEC) {
    return std::optional<Ref>();
  }
  if (code < 0) {
    return broken_ref(code, name);
  }
  ObjectHandle commit(raw_commit);
  return std::optional(
      Ref{std::move(name), to_oid(*git2().object_id(object.get())), to_oid(*git2().object_id(raw_commit))});
}

}  // namespace

std::string_view Ref::short_name() const {
  std::string_view text = name;
  for (std::string_view prefix :
       {kBranchPrefix, std::string_view("refs/tags/"), std::string_view("refs/remotes/")}) {
    if (text.starts_with(prefix)) {
      return text.substr(prefix.size());
    }
  }
  return text;
}

Result<Oid> Repository::resolve(std::string_view revision) {
  if (revision.empty() || revision.find('\0') != std::string_view::npos) {
    return unknown_revision(revision, "");
  }
  git_object* raw = nullptr;
  int code = git2().revparse_single(&raw, state_->repository.get(), std::string(revision).c_str());
  if (code == GIT_EAMBIGUOUS) {
    return unknown_revision(revision, ": several objects begin like that");
  }
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) {
    return resolve_by_program(layout(), revision);
  }
  if (code < 0) {
    return library_error(code, "cannot resolve " + quoted(revision));
  }
  ObjectHandle object(raw);
  git_object* peeled = nullptr;
  if (git2().object_peel(&peeled, raw, GIT_OBJECT_COMMIT) < 0) {
    return unknown_revision(
        revision, std::string(", which is a ") + git2().object_type2string(git2().object_type(raw)));
  }
  ObjectHandle commit(peeled);
  return to_oid(*git2().object_id(peeled));
}

Result<std::optional<Oid>> Repository::head() {
  git_oid id;
  int code = git2().reference_name_to_id(&id, state_->repository.get(), "HEAD");
  if (code == GIT_ENOTFOUND) {
    return std::optional<Oid>();
  }
  if (code < 0) {
    return library_error(code, "cannot read HEAD of " + quoted(layout().git_dir));
  }
  return std::optional(to_oid(id));
}

Result<std::optional<std::string>> Repository::current_branch() {
  git_reference* raw = nullptr;
  if (int code = git2().reference_lookup(&raw, state_->repository.get(), "HEAD"); code < 0) {
    return library_error(code, "cannot read HEAD of " + quoted(layout().git_dir));
  }
  ReferenceHandle head(raw);
  std::optional<std::string> branch;
  if (git2().reference_type(raw) == GIT_REFERENCE_SYMBOLIC) {
    std::string_view target = git2().reference_symbolic_target(raw);
    branch = target.starts_with(kBranchPrefix) ? target.substr(kBranchPrefix.size()) : target;
  }
  return branch;
}

/// libgit2 passes over the files of refs that it cannot read. Finds them: each loose file below refs/ must be
/// among `seen`, or be gone by now.
Status Repository::State::check_loose_refs(const std::string& folder, const std::set<std::string>& seen) {
  auto entries = os::list_folder(os::join(layout.common_dir, folder));
  if (!entries.ok()) {
    return entries.error().code() == Code::not_found ? Status() : Status(entries.error());
  }
  for (const os::DirEntry& entry : *entries) {
    std::string name = os::join(folder, entry.name);
    if (entry.kind == os::Kind::folder) {
      CAIRN_TRY(check_loose_refs(name, seen));
      continue;
    }
    if (entry.name.ends_with(".lock") || seen.contains(name)) {
      continue;
    }
    git_reference* raw = nullptr;
    int code = git2().reference_lookup(&raw, repository.get(), name.c_str());
    ReferenceHandle reference(raw);
    // What is no valid name is no ref to Git either.
    if (code < 0 && code != GIT_ENOTFOUND && code != GIT_EINVALIDSPEC) {
      return broken_ref(code, name);
    }
  }
  return {};
}

Result<std::vector<Ref>> Repository::refs(const std::string& prefix,
                                          const std::function<bool(const std::string&)>& wanted) {
  git_reference_iterator* raw = nullptr;
  if (int code = git2().reference_iterator_new(&raw, state_->repository.get()); code < 0) {
    return library_error(code, "cannot list Git refs");
  }
  ReferenceIterator iterator(raw);
  std::vector<Ref> refs;
  std::set<std::string> seen;
  git_reference* next = nullptr;
  int code = 0;
  while ((code = git2().reference_next(&next, raw)) == 0) {
    ReferenceHandle reference(next);
    std::string name = git2().reference_name(next);
    if (!name.starts_with(prefix)) {
      continue;
    }
    const bool look = wanted(name);
    seen.insert(std::move(name));
    if (!look) {
      continue;
    }
    CAIRN_TRY_ASSIGN(auto ref, to_ref(state_->repository.get(), next));
    if (ref) {
      refs.push_back(std::move(*ref));
    }
  }
  if (code != GIT_ITEROVER) {
    return library_error(code, "cannot list Git refs");
  }
  CAIRN_TRY(state_->check_loose_refs(prefix.substr(0, prefix.find_last_not_of('/') + 1), seen));
  std::ranges::sort(refs, {}, &Ref::name);
  return refs;
}

}  // namespace cairn::git
