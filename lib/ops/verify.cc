// SPDX-License-Identifier: Apache-2.0
#include "ops/verify.h"

#include "version/version_refs.h"

namespace cairn::ops {

Result<ReproduceReport> verify(project::Workspace& workspace, const VerifyOptions& options,
                               Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const std::optional<git::Oid> head, git->head());
  if (!head) {
    return Error(Code::conflict, "stages are verified at a commit, and there is none yet",
                 "git add -A, git commit");
  }
  CAIRN_TRY_ASSIGN(const auto changes, git->uncommitted());
  const bool dirty = !changes.empty();
  ReproduceReport report;
  report.verdict = begin_verdict(version::VerdictKind::verify, *head);
  report.verdict.runs = options.run.runs;
  report.verdict.from_remote = options.run.from_remote;
  CAIRN_TRY_ASSIGN(Reproduction done, reproduce_stages(workspace, options.run, context));
  report.verdict.stages = std::move(done.stages);
  report.kept = std::move(done.kept);
  report.recorded = options.record && !dirty && options.run.stages.empty();
  CAIRN_TRY(report.recorded ? version::add_verdict(workspace, report.verdict) : Status());
  if (dirty) {
    context.log.warn("tracked files differ from HEAD and took part: the verdict is not recorded");
  }
  return report;
}

}  // namespace cairn::ops
