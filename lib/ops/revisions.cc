// SPDX-License-Identifier: Apache-2.0
#include "ops/revisions.h"

#include "git/ref_name.h"
#include "ops/experiment.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kWorkspace = "workspace";

Status add_refs(git::Repository& git, const std::string& prefix, std::vector<ChosenRevision>& out) {
  CAIRN_TRY_ASSIGN(std::vector<git::Ref> refs, git.refs(prefix));
  for (const git::Ref& ref : refs) {
    out.push_back({std::string(ref.short_name()), ref.commit});
  }
  return {};
}

Status add_commits(git::Repository& git, std::vector<ChosenRevision>& out) {
  std::vector<git::Oid> tips;
  CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git.head());
  if (head) {
    tips.push_back(*head);
  }
  for (const char* prefix : {"refs/heads/", "refs/tags/"}) {
    CAIRN_TRY_ASSIGN(std::vector<git::Ref> refs, git.refs(prefix));
    for (const git::Ref& ref : refs) {
      tips.push_back(ref.commit);
    }
  }
  CAIRN_TRY_ASSIGN(std::vector<git::Oid> commits, git.history(tips));
  for (const git::Oid& commit : commits) {
    out.push_back({commit.hex(), commit});
  }
  return {};
}

}  // namespace

Result<ChosenRevision> find_revision(project::Workspace& workspace, const std::string& name) {
  if (name.empty() || name == kWorkspace) {
    return ChosenRevision{std::string(kWorkspace), std::nullopt};
  }
  CAIRN_TRY_ASSIGN(git::Oid commit, find_commit(workspace, name));
  return ChosenRevision{name, commit};
}

Result<git::Oid> find_commit(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  auto experiment = git->resolve(std::string(kExperimentRefs) + name);
  if (experiment.ok()) {
    return *experiment;
  }
  auto commit = git->resolve(name);
  if (commit.ok() || commit.error().code() != Code::not_found || !git::is_plain_name(name)) {
    return commit;
  }
  auto version = version::find_version(workspace, name);
  if (version.ok()) {
    return version->commit;
  }
  return version.error().code() == Code::not_found ? commit.error() : version.error();
}

Result<std::vector<ChosenRevision>> choose_revisions(project::Workspace& workspace,
                                                     const RevisionChoice& choice) {
  std::vector<ChosenRevision> out;
  bool several = choice.all_branches || choice.all_tags || choice.all_commits;
  if (several || choice.revisions.empty()) {
    out.push_back({several ? std::string(kWorkspace) : "", std::nullopt});
  }
  for (const std::string& name : choice.revisions) {
    CAIRN_TRY_ASSIGN(ChosenRevision one, find_revision(workspace, name));
    out.push_back(std::move(one));
  }
  if (several) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
    CAIRN_TRY(choice.all_branches ? add_refs(*git, "refs/heads/", out) : Status());
    CAIRN_TRY(choice.all_tags ? add_refs(*git, "refs/tags/", out) : Status());
    CAIRN_TRY(choice.all_commits ? add_commits(*git, out) : Status());
  }
  return out;
}

}  // namespace cairn::ops
