// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "base/escape.h"
#include "git/shared_refs.h"
#include "version/version_walk.h"

namespace cairn::version {
namespace {

using git::SharedKind;
using git::SharedRef;

Result<Verdict> read_verdict(git::Repository& git, const SharedRef& shared) {
  CAIRN_TRY_ASSIGN(std::optional<git::Tag> tag, git.read_tag(shared.target));
  auto verdict = parse_verdict(tag ? tag->message : "");
  if (!verdict.ok()) {
    return verdict.error().with_context(quoted(shared.ref));
  }
  if (verdict->commit != tag->target.hex() || verdict->commit != shared.name) {
    return Error(Code::corrupt, quoted(shared.ref) + " has a verdict on another commit",
                 "git update-ref -d " + escaped(shared.ref));
  }
  return verdict;
}

}  // namespace

Status add_verdict(project::Workspace& workspace, const Verdict& verdict) {
  auto commit = git::Oid::parse(verdict.commit);
  CAIRN_CHECK(commit.has_value());
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(git::Oid tag, git->write_tag({*commit, std::string(verdict_name(verdict.kind)),
                                                 write_verdict(verdict)}));
  return git::append_shared(*git, SharedKind::verdict, verdict.commit, tag);
}

Result<std::vector<Verdict>> list_verdicts(project::Workspace& workspace, const git::Oid& commit) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::verdict, commit.hex()));
  std::vector<Verdict> out;
  for (const SharedRef& shared : refs) {
    CAIRN_TRY_ASSIGN(Verdict verdict, read_verdict(*git, shared));
    out.push_back(std::move(verdict));
  }
  return out;
}

Result<std::vector<Verdict>> all_verdicts(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::verdict));
  std::vector<Verdict> out;
  for (const SharedRef& shared : refs) {
    CAIRN_TRY_ASSIGN(Verdict verdict, read_verdict(*git, shared));
    out.push_back(std::move(verdict));
  }
  std::ranges::stable_sort(out, std::greater<>(), &Verdict::time_ms);
  return out;
}

Result<std::optional<Verdict>> newest_verdict(project::Workspace& workspace, const git::Oid& commit) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, SharedKind::verdict, commit.hex()));
  if (refs.empty()) {
    return std::optional<Verdict>();
  }
  CAIRN_TRY_ASSIGN(Verdict verdict, read_verdict(*git, refs.back()));
  return std::optional(std::move(verdict));
}

}  // namespace cairn::version
