// SPDX-License-Identifier: Apache-2.0
#include "runner/shell_command.h"

#include <sstream>

#include "base/escape.h"
#include "runner/death_guard.h"

namespace cairn::runner {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

}  // namespace

Result<os::ExitStatus> run_shell(const ShellCommand& command, const std::atomic<bool>& stop) {
  os::ProcessOptions options;
  options.argv = words_of(command.shell);
  if (options.argv.empty()) {
    return Error(Code::malformed, "the shell is empty", "name one under 'shell:' in cairn.yaml");
  }
  options.argv.emplace_back("-c");
  options.argv.push_back(command.script);
  options.folder = command.folder;
  options.env = command.env;
  options.stdout_fd = command.output_fd;
  options.stderr_fd = command.output_fd;
  if (command.adjust) {
    command.adjust(options);
  }
  auto process = os::Process::start(options);
  if (!process.ok() && process.error().code() == Code::not_found) {
    return Error(
        Code::not_found,
        "the shell " + quoted(options.argv.front()) + " cannot be started: " + process.error().message(),
        "install it, or name another one under 'shell:' in cairn.yaml");
  }
  CAIRN_TRY_ASSIGN(os::Process started, std::move(process));
  CAIRN_TRY_ASSIGN(DeathGuard guard, DeathGuard::watch(started.pid()));
  return started.wait(stop);
}

}  // namespace cairn::runner
