// SPDX-License-Identifier: Apache-2.0
#include "ops/revisions.h"

#include "ops/experiment.h"

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
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  auto experiment = git->resolve(std::string(kExperimentRefs) + name);
  if (experiment.ok()) {
    return ChosenRevision{name, *experiment};
  }
  CAIRN_TRY_ASSIGN(git::Oid commit, git->resolve(name));
  return ChosenRevision{name, commit};
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
