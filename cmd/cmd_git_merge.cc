// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "exit_status.h"
#include "ops/git_merge.h"
#include "parser.h"

namespace cairn::cmd {

Command git_merge_command() {
  return {"git-merge",
          "",
          "Run by Git to merge pointers and locks",
          "cairn git-merge BASE OURS THEIRS 7 data.cairn",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto call = std::make_shared<ops::MergeCall>();
            app.add_option("base", call->base, "File of the common ancestor").required();
            app.add_option("ours", call->ours, "File of this side; takes the result").required();
            app.add_option("theirs", call->theirs, "File of the other side").required();
            app.add_option("marker-size", call->marker_size, "Length of conflict markers")
                .required()
                .in_range(1, 1000);
            app.add_option("path", call->path, "What is merged").required();
            return [call](Invocation& invocation) -> Result<Outcome> {
              CAIRN_TRY_ASSIGN(const bool merged,
                               ops::merge_for_git(*call, invocation.folder, invocation.context));
              Outcome outcome;
              outcome.status = merged ? kExitOk : kExitNo;
              return outcome;
            };
          }};
}

}  // namespace cairn::cmd
