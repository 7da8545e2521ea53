// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>

#include "commands.h"
#include "ops/git_hook.h"
#include "parser.h"

namespace cairn::cmd {
namespace {

std::string read_stdin() {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<Outcome> run_git_hook(ops::HookCall call, Invocation& invocation) {
  bool after = call.name.starts_with("post-");
  if (call.name == "pre-push") {
    call.input = read_stdin();
  }
  Status done = ops::run_hook(call, invocation.folder, invocation.context);
  if (!done.ok() && after) {
    // Git has already done its part: say what is wrong, and never stop it.
    invocation.context.log.warn("cairn: " + done.error().message() +
                                (done.error().hint().empty() ? "" : "; try: " + done.error().hint()));
    return Outcome();
  }
  CAIRN_TRY(std::move(done));
  return Outcome();
}

}  // namespace

Command git_hook_command() {
  return {"git-hook",
          "",
          "Run by the installed Git hooks",
          "cairn git-hook post-checkout",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto call = std::make_shared<ops::HookCall>();
            app.add_option("name", call->name, "Hook").required();
            app.add_option("arguments", call->arguments, "What Git gives to the hook");
            return [call](Invocation& invocation) { return run_git_hook(*call, invocation); };
          }};
}

}  // namespace cairn::cmd
