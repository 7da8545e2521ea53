// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "ops/verify.h"
#include "parser.h"
#include "verdict_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> stages;
  unsigned runs = 2;
  VerdictOptions shared;
};

Result<Outcome> run_verify(const Options& options, Invocation& invocation) {
  ops::VerifyOptions verify;
  CAIRN_TRY_ASSIGN(verify.run, reproduction_options(options.shared, invocation));
  verify.run.stages = options.stages;
  verify.run.runs = options.runs;
  verify.record = !options.shared.no_record;
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(const auto report, ops::verify(*invocation.workspace, verify, context));
  return outcome_of(report, options.shared, invocation);
}

}  // namespace

Command pipeline_verify_command() {
  return {"pipeline verify",
          "Versions",
          "Run stages several times and say whether they give the same each time",
          "cairn pipeline verify\n  cairn pipeline verify train --runs 5",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("stages", options->stages, "Stages, on their recorded inputs (default: all)");
            app.add_option("--runs", options->runs, "How often each stage runs (default: 2)")
                .type_name("N")
                .in_range(1, 1000);
            add_verdict_options(app, options->shared);
            return [options](Invocation& invocation) { return run_verify(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
