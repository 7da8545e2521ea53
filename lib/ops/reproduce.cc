// SPDX-License-Identifier: Apache-2.0
#include "ops/reproduce.h"

#include "version/version_refs.h"

namespace cairn::ops {

Result<ReproduceReport> reproduce(project::Workspace& workspace, const ReproduceOptions& options,
                                  Context& context) {
  CAIRN_TRY_ASSIGN(const version::Version found, version::find_version(workspace, options.version));
  ReproductionOptions run = options.run;
  run.commit = found.commit;
  run.manifest = &found.manifest;
  ReproduceReport report;
  report.verdict = begin_verdict(version::VerdictKind::reproduce, found.commit);
  report.verdict.version = found.name;
  report.verdict.from_remote = run.from_remote;
  CAIRN_TRY_ASSIGN(Reproduction done, reproduce_stages(workspace, run, context));
  report.verdict.stages = std::move(done.stages);
  report.kept = std::move(done.kept);
  report.recorded = options.record && run.stages.empty();
  CAIRN_TRY(report.recorded ? version::add_verdict(workspace, report.verdict) : Status());
  return report;
}

}  // namespace cairn::ops
