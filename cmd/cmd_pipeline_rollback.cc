// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "parser.h"
#include "rollback_report.h"

namespace cairn::cmd {

Command pipeline_rollback_command() {
  return {"pipeline rollback",
          "Versions",
          "Bring code, pipeline and data back to a version, by a new commit",
          "cairn pipeline rollback --dry-run v1.0\n  cairn pipeline rollback v1.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::RollbackOptions>();
            app.add_option("name", options->name, "Version").required();
            app.add_flag("--dry-run", options->dry_run, "Say what would change");
            app.add_option("-m,--message", options->message, "Message of the commit").type_name("TEXT");
            app.add_flag("--no-data{false}", options->data, "Leave data as it is");
            return [options](Invocation& invocation) -> Result<Outcome> {
              CAIRN_TRY_ASSIGN(auto report,
                               ops::rollback(*invocation.workspace, *options, invocation.context));
              return outcome_of(invocation, report);
            };
          }};
}

}  // namespace cairn::cmd
