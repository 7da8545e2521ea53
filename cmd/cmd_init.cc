// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "git/install_config.h"
#include "git/own_program.h"
#include "os/process.h"
#include "parser.h"

namespace cairn::cmd {

Command init_command() {
  return {"init", "Setup", "Make a project here", "cairn init", Needs::nothing, [](Parser& app) -> Runner {
            auto no_git = std::make_shared<bool>(false);
            app.add_flag("--no-git", *no_git, "Make a project that is not in a Git repository");
            return [no_git](Invocation& invocation) -> Result<Outcome> {
              project::WithGit with_git = *no_git ? project::WithGit::no : project::WithGit::required;
              CAIRN_TRY(project::init_project(invocation.folder, with_git));
              if (!*no_git) {
                CAIRN_TRY_ASSIGN(auto made, project::Workspace::open(invocation.folder));
                CAIRN_TRY_ASSIGN(git::Repository * repository, made->git());
                CAIRN_TRY_ASSIGN(const std::string program, os::own_program());
                CAIRN_TRY(git::record_program(*repository, program));
                CAIRN_TRY(git::install_config(*repository));
              }
              Outcome outcome;
              outcome.text = fmt::format("made a project in {}\n", quoted(invocation.folder));
              if (!*no_git) {
                outcome.text +=
                    "next: cairn install     keep data in step with Git commits\n"
                    "      cairn add FILE    put a file or folder under version control\n";
              }
              outcome.json["root"] = invocation.folder;
              return outcome;
            };
          }};
}

}  // namespace cairn::cmd
