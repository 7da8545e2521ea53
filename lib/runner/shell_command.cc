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

Error cannot_start(const ShellCommand& command, const Error& cause) {
  if (!command.wrapper.empty()) {
    return cause.with_hint("install it, or change 'environment:' in cairn.yaml");
  }
  return {Code::not_found,
          "the shell " + quoted(words_of(command.shell).front()) + " cannot be started: " + cause.message(),
          "install it, or name another one under 'shell:' in cairn.yaml"};
}

Result<os::ProcessOptions> process_options(const ShellCommand& command) {
  const std::vector<std::string> shell = words_of(command.shell);
  if (shell.empty()) {
    return Error(Code::malformed, "the shell is empty", "name one under 'shell:' in cairn.yaml");
  }
  os::ProcessOptions options;
  options.argv = command.wrapper;
  options.argv.insert(options.argv.end(), shell.begin(), shell.end());
  options.argv.emplace_back("-c");
  options.argv.push_back(command.script);
  options.folder = command.folder;
  options.env = command.env;
  options.stdout_fd = command.output_fd;
  options.stderr_fd = command.output_fd;
  return options;
}

}  // namespace

Result<CommandResult> run_shell(const ShellCommand& command, const std::atomic<bool>& stop,
                                const std::atomic<bool>* kill) {
  CAIRN_TRY_ASSIGN(os::ProcessOptions options, process_options(command));
  CAIRN_TRY_ASSIGN(const std::shared_ptr<DeathGuard> guard, DeathGuard::shared());
  options.announce_fd = guard->announce_fd();
  if (command.adjust) {
    command.adjust(options);
  }
  auto started = os::Process::start(options);
  if (!started.ok() && started.error().code() == Code::not_found) {
    return cannot_start(command, started.error());
  }
  CAIRN_TRY_ASSIGN(os::Process process, std::move(started));
  const pid_t group = process.pid();
  auto end = process.wait_group({stop, kill, command.timeout});
  guard->release(group);
  CAIRN_TRY(end);
  return CommandResult{end->exit, end->timed_out, end->left_processes, end->usage};
}

}  // namespace cairn::runner
