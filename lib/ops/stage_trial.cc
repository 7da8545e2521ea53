// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_trial.h"

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "ops/moved_folder.h"
#include "ops/set_aside.h"
#include "ops/stage_command.h"
#include "ops/stage_outs.h"
#include "os/path.h"
#include "runner/hold.h"
#include "runner/name_watch.h"

namespace cairn::ops {
namespace {

using version::Factor;
using version::TrialConditions;

constexpr std::int64_t kNanosPerMilli = 1'000'000;

/// What numerical libraries take their number of threads from.
constexpr std::array<const char*, 6> kThreadVariables = {"OMP_NUM_THREADS",        "OPENBLAS_NUM_THREADS",
                                                         "MKL_NUM_THREADS",        "BLIS_NUM_THREADS",
                                                         "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"};

template <class Number>
Result<Number> number_of(const std::string& text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size()
             ? Result<Number>(value)
             : Error(Code::unsupported, quoted(text) + " is no value to hold a factor at");
}

std::vector<std::string> variables_of(Factor factor) {
  switch (factor) {
    case Factor::hash_seed:
      return {"PYTHONHASHSEED"};
    case Factor::threads:
      return {kThreadVariables.begin(), kThreadVariables.end()};
    case Factor::locale:
      return {"LC_ALL"};
    case Factor::time_zone:
      return {"TZ"};
    default:
      return {};
  }
}

/// What the kernel has to pretend; nothing where it need not.
Result<std::optional<runner::Hold>> hold_of(const TrialConditions& conditions) {
  runner::Hold hold;
  bool any = false;
  for (const auto& [factor, value] : conditions) {
    any = any || factor == Factor::clock || factor == Factor::random || factor == Factor::threads ||
          factor == Factor::processes || factor == Factor::folder_order || factor == Factor::addresses;
    if (factor == Factor::clock) {
      CAIRN_TRY_ASSIGN(const auto ms, number_of<std::int64_t>(value));
      hold.clock_ns = ms * kNanosPerMilli;
    } else if (factor == Factor::random) {
      CAIRN_TRY_ASSIGN(hold.random_seed, number_of<std::uint64_t>(value));
    } else if (factor == Factor::threads) {
      CAIRN_TRY_ASSIGN(hold.cpus, number_of<unsigned>(value));
    } else if (factor == Factor::processes) {
      hold.processes = true;
    } else if (factor == Factor::addresses) {
      hold.addresses = true;
    } else if (factor == Factor::folder_order) {
      hold.folder_order =
          value == "reversed" ? runner::Hold::FolderOrder::reversed : runner::Hold::FolderOrder::sorted;
    }
  }
  return any ? std::optional(hold) : std::nullopt;
}

/// Runs it with nobody listening.
Result<runner::CommandResult> run_silent(runner::ShellCommand& command,
                                         const std::optional<runner::Hold>& hold, const Context& context) {
  CAIRN_TRY_ASSIGN(const os::Fd nowhere, os::open_file("/dev/null", O_WRONLY));
  command.output_fd = nowhere.get();
  if (!hold) {
    return runner::run_shell(command, context.stop, context.kill);
  }
  CAIRN_TRY_ASSIGN(runner::HeldWorld world, runner::HeldWorld::begin(*hold));
  command.adjust = [&world](os::ProcessOptions& options) { world.hold(options); };
  auto ended = runner::run_shell(command, context.stop, context.kill);
  world.finish();
  return ended;
}

}  // namespace

Result<std::map<std::string, std::string>> trial_variables(const pipeline::Stage& stage,
                                                           const TrialConditions& conditions) {
  const std::vector<pipeline::LockedVariable> own = pipeline::command_variables(stage);
  std::map<std::string, std::string> variables;
  for (const auto& [factor, value] : conditions) {
    for (const std::string& name : variables_of(factor)) {
      const bool is_set =
          std::any_of(own.begin(), own.end(), [&name](const auto& one) { return one.name == name; });
      if (is_set && factor != Factor::threads) {
        return Error(Code::unsupported, "the stage sets " + name + " itself");
      }
      if (!is_set) {
        variables[name] = value;
      }
    }
  }
  return variables;
}

Status StageTrials::run_command(const TrialConditions& conditions, Trial& trial) {
  CAIRN_TRY_ASSIGN(const auto variables, trial_variables(stage_, conditions));
  CAIRN_TRY_ASSIGN(const auto hold, hold_of(conditions));
  CAIRN_TRY_ASSIGN(StageCommand command, stage_command(workspace_, environments_, stage_, variables));
  if (hold && !command.clean_up.empty()) {
    return Error(Code::unsupported, "what runs in a container cannot be held");
  }
  std::optional<MovedFolder> moved;
  if (const auto folder = conditions.find(Factor::folder); folder != conditions.end()) {
    if (folder->second != "other" || !command.clean_up.empty()) {
      return Error(Code::unsupported, "the project cannot seem to stand in " + quoted(folder->second));
    }
    CAIRN_TRY_ASSIGN(moved, MovedFolder::move(workspace_.paths().root));
    moved->adjust(command.shell);
  }
  CAIRN_TRY_ASSIGN(runner::NameWatch names,
                   runner::NameWatch::begin({runner::temporary_folder(), command.shell.folder}));
  auto ended = run_silent(command.shell, hold, context_);
  trial.temporary = names.finish();
  CAIRN_TRY(moved ? moved->move_back() : Status());
  if (!ended.ok() || !ended->exit.ok() || ended->timed_out || context_.stop) {
    end_container(command.clean_up);
  }
  CAIRN_TRY(ended);
  if (context_.stop) {
    return Error(Code::interrupted, "interrupted while a cause was looked for");
  }
  trial.failed = !ended->exit.ok() || ended->timed_out;
  if (trial.failed && moved) {
    return Error(Code::unsupported, "the command does not work in another folder");
  }
  return {};
}

Result<Trial> StageTrials::run(const TrialConditions& conditions) {
  CAIRN_TRY_ASSIGN(const std::vector<PreviousOut> previous, set_aside(workspace_, stage_, context_));
  Trial trial;
  Status ran = run_command(conditions, trial);
  if (ran.ok() && !trial.failed) {
    ran = [&]() -> Status {
      CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
      CAIRN_TRY_ASSIGN(trial.outs, read_outs(workspace_, stage_, writer, context_));
      return writer.commit();
    }();
  }
  // Ctrl-C asked to stop, but the outputs still have to come back.
  std::atomic<bool> go_on{false};
  const Context recovery{context_.log, context_.progress, go_on, context_.jobs};
  CAIRN_TRY(put_back(workspace_, previous, recovery));
  CAIRN_TRY(std::move(ran));
  return trial;
}

}  // namespace cairn::ops
