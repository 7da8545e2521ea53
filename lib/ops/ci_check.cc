// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_check.h"

#include "base/escape.h"
#include "ops/ci_data.h"
#include "ops/ci_policy.h"
#include "ops/ci_stages.h"
#include "ops/pipelines.h"

namespace cairn::ops {
namespace {

constexpr std::size_t kShortCommit = 9;

/// The workspace stands for HEAD where code and pipeline are looked at.
Result<report::Check> check_clean(git::Repository& git, const git::Oid& head, const std::string& prefix) {
  report::Check check{"commit", "HEAD is " + head.hex().substr(0, kShortCommit), {}};
  CAIRN_TRY_ASSIGN(const std::vector<git::WorkChange> changes, git.uncommitted());
  const std::string folder = prefix.empty() ? "" : prefix + "/";
  for (const git::WorkChange& change : changes) {
    if (change.path.starts_with(folder)) {
      const std::string path = change.path.substr(folder.size());
      const Error error(Code::conflict,
                        quoted(path) + (change.gone ? " of HEAD is gone" : " differs from HEAD"),
                        "git commit -a, or git stash");
      check.problems.push_back({report::CheckState::failed, path, change.gone ? 0U : 1U, error});
    }
  }
  return check;
}

}  // namespace

Result<report::CheckReport> ci_check(project::Workspace& workspace, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const std::optional<git::Oid> head, git->head());
  if (!head) {
    return Error(Code::conflict, "there is no commit yet", "git add -A && git commit");
  }
  report::CheckReport report;
  report.folder = workspace.git_prefix();
  report.commit = head->hex();
  const auto add = [&report](Result<report::Check> check) -> Status {
    if (check.ok()) {
      report.checks.push_back(std::move(*check));
    }
    return check.ok() ? Status() : Status(check.error());
  };
  CAIRN_TRY_ASSIGN(const pipeline::Graph graph, load_graph(workspace));
  CAIRN_TRY(add(check_clean(*git, *head, report.folder)));
  CiData data(workspace, context);
  CAIRN_TRY(add(data.check_commit(*head)));
  CAIRN_TRY(add(data.check_versions()));
  CAIRN_TRY(add(check_stages(workspace, graph, data.take_trees(), context)));
  CAIRN_TRY_ASSIGN(auto policies, check_policies(workspace, {graph, *head, data.versions()}, context));
  std::move(policies.begin(), policies.end(), std::back_inserter(report.checks));
  report.bytes_read = data.bytes_read();
  report.data_bytes = data.data_bytes();
  return report;
}

}  // namespace cairn::ops
