// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "ops/reproduce.h"
#include "parser.h"
#include "verdict_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string version;
  std::vector<std::string> stages;
  VerdictOptions shared;
};

Result<Outcome> run_reproduce(const Options& options, Invocation& invocation) {
  ops::ReproduceOptions reproduce;
  reproduce.version = options.version;
  CAIRN_TRY_ASSIGN(reproduce.run, reproduction_options(options.shared, invocation));
  reproduce.run.stages = options.stages;
  reproduce.record = !options.shared.no_record;
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(const auto report, ops::reproduce(*invocation.workspace, reproduce, context));
  return outcome_of(report, options.shared, invocation);
}

}  // namespace

Command pipeline_reproduce_command() {
  return {"pipeline reproduce",
          "Versions",
          "Run a saved version again and say whether it gives the same",
          "cairn pipeline reproduce --version v1.0\n"
          "  cairn pipeline reproduce --version v1.0 --from-remote --html report.html",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("--version", options->version, "Name of the version, or one that stands for it")
                .type_name("NAME")
                .required();
            app.add_option("--stage", options->stages,
                           "This stage alone, on its recorded inputs; may be given more than once")
                .type_name("STAGE")
                .one_value_each();
            add_verdict_options(app, options->shared);
            return [options](Invocation& invocation) { return run_reproduce(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
