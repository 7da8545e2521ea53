// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "ops/git_diff_text.h"
#include "os/path.h"
#include "parser.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_git_diff_text(const std::string& file, Invocation& invocation) {
  Outcome outcome;
  const std::string path = file.starts_with('/') ? file : os::join(invocation.folder, file);
  CAIRN_TRY_ASSIGN(outcome.text, ops::git_diff_text(path, invocation.folder));
  return outcome;
}

}  // namespace

Command git_diff_text_command() {
  return {"git-diff-text",
          "",
          "Print what Git's diff shows of a pointer or a lock",
          "cairn git-diff-text prices.csv.cairn",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto file = std::make_shared<std::string>();
            app.add_option("file", *file, "Pointer, cairn.lock, or a copy of one").required();
            return [file](Invocation& invocation) { return run_git_diff_text(*file, invocation); };
          }};
}

}  // namespace cairn::cmd
