// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_command.h"

#include "os/path.h"

namespace cairn::ops {

Result<StageCommand> stage_command(const project::Workspace& workspace, Environments& environments,
                                   const pipeline::Stage& stage,
                                   const std::map<std::string, std::string>& more) {
  StageCommand command;
  runner::ShellCommand& shell = command.shell;
  shell.script = stage.cmd;
  shell.shell = stage.shell;
  shell.folder = os::join(workspace.paths().root, stage.wdir);
  shell.env.insert(more.begin(), more.end());
  for (const pipeline::LockedVariable& variable : pipeline::command_variables(stage)) {
    shell.env[variable.name] = variable.value;
  }
  shell.env["CAIRN_ROOT"] = workspace.paths().root;
  shell.env["CAIRN_STAGE"] = stage.address();
  shell.timeout = stage.timeout;
  CAIRN_TRY_ASSIGN(command.clean_up, environments.wrap(stage, shell));
  return command;
}

}  // namespace cairn::ops
