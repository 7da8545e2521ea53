// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <thread>

#include "base/escape.h"
#include "ops/repro_world.h"
#include "ops/set_aside.h"
#include "ops/stage_command.h"
#include "ops/stage_outs.h"
#include "os/file.h"
#include "pipeline/key.h"
#include "runner/output_tee.h"
#include "version/run_compare.h"

/// How a command is run: one stage by one process, from what stood at its outs to what stands there.
namespace cairn::ops {
namespace {

using pipeline::LockedOut;
using pipeline::Stage;
using pipeline::StageLock;

/// How long a stage that another process runs is waited for before it is looked at again.
constexpr std::chrono::milliseconds kClaimStep{50};
/// Bytes of a command's output that are kept, unless runs.log_size says otherwise.
constexpr std::size_t kDefaultLogSize = std::size_t{4} << 20;

/// "cairn.yaml:3:3: the command of stage 'train'"
std::string the_command_of(const Stage& stage) {
  return text::place(stage.file, stage.at) + ": the command of stage " + quoted(stage.address());
}

Error command_failed(const Stage& stage, const runner::CommandResult& ended, bool isolated) {
  std::string how = "ended with status " + std::to_string(ended.exit.status);
  if (ended.timed_out) {
    how = fmt::format("was ended after its timeout of {} s",
                      std::chrono::duration<double>(stage.timeout).count());
  } else if (ended.exit.signal != 0) {
    how = "was killed by signal " + std::to_string(ended.exit.signal);
  }
  return {Code::stage_failed, the_command_of(stage) + " " + how,
          isolated ? "it saw only its declared inputs: what it misses belongs under 'deps' in " +
                         escaped(stage.file) + "; the previous outputs are back in place"
                   : "correct it in " + escaped(stage.file) +
                         ", then run cairn repro again; the previous outputs are back in place"};
}

/// Hands a command's output on to whoever watches the run, and gathers it for the record.
class StageOutput : public runner::OutputSink {
 public:
  StageOutput(const Stage& stage, pipeline::Watcher& watcher, version::RunOutput& output)
      : stage_(stage), watcher_(watcher), output_(output) {}

  void raw(std::string_view bytes) override { output_.add(bytes); }
  void line(std::string_view text) override { watcher_.line(stage_, text, pipeline::LineState::whole); }
  void unfinished(std::string_view text) override {
    watcher_.line(stage_, text, pipeline::LineState::unfinished);
  }

 private:
  const Stage& stage_;
  pipeline::Watcher& watcher_;
  version::RunOutput& output_;
};

version::RunStatus status_of(const Error& error, const Result<runner::CommandResult>& ended) {
  if (error.code() == Code::interrupted) {
    return version::RunStatus::interrupted;
  }
  return ended.ok() && ended->timed_out ? version::RunStatus::timed_out : version::RunStatus::failed;
}

void note_end(const Result<runner::CommandResult>& ended, version::RunRecord& run) {
  using std::chrono::microseconds;
  if (!ended.ok()) {
    return;
  }
  run.exit_status = ended->exit.status;
  run.signal = ended->exit.signal;
  const runner::Usage& usage = ended->usage;
  run.usage.wall_us = std::chrono::duration_cast<microseconds>(usage.wall).count();
  run.usage.user_us = usage.user.count();
  run.usage.system_us = usage.system.count();
  run.usage.peak_memory = usage.peak_memory;
  run.usage.read_bytes = usage.read_bytes;
  run.usage.written_bytes = usage.written_bytes;
}

std::size_t log_limit(project::Workspace& workspace) {
  const std::string text = workspace.config().get_or("runs.log_size", "");
  std::size_t limit = kDefaultLogSize;
  std::from_chars(text.data(), text.data() + text.size(), limit);  // checked when the setting was read
  return limit;
}

}  // namespace

Result<std::shared_ptr<const os::FileLock>> ReproWorld::try_claim(const Stage& stage, std::string& holder) {
  const std::string folder = workspace_.paths().state + "/claims";
  CAIRN_TRY(os::make_folders(folder, os::Durable::no));
  const std::string name = codec::hash(as_bytes(stage.address())).hex().substr(0, 16);
  auto claimed =
      os::FileLock::acquire(folder + "/" + name, os::LockMode::exclusive, std::chrono::milliseconds(0));
  if (claimed.ok()) {
    return std::make_shared<const os::FileLock>(std::move(*claimed));
  }
  if (claimed.error().code() != Code::locked) {
    return claimed.error();
  }
  holder = claimed.error().message();
  return std::shared_ptr<const os::FileLock>();
}

/// Waits until the process that runs the stage has recorded it, and learns what it recorded.
Status ReproWorld::wait_for_claim(const Stage& stage, const StageLock& wanted,
                                  std::unique_lock<std::mutex>& lock, const std::string& holder) {
  context_.log.info("waiting for stage " + quoted(stage.address()) + ", which another cairn runs: " + holder);
  std::string still = holder;
  CAIRN_TRY_ASSIGN(auto claimed, try_claim(stage, still));
  while (claimed == nullptr) {
    lock.unlock();
    std::this_thread::sleep_for(kClaimStep);
    lock.lock();
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(claimed, try_claim(stage, still));
  }
  CAIRN_TRY(locks_.reload(workspace_, stage.folder()));
  CAIRN_TRY_ASSIGN(version::RunJournal * journal, recorder_.journal());
  CAIRN_TRY(journal->refresh());
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  CAIRN_TRY(store->reload());
  forget_inputs(stage, wanted);
  forget_outs(stage);
  return {};
}

Result<runner::CommandResult> ReproWorld::run_command(const Stage& stage, pipeline::Watcher& watcher,
                                                      version::RunOutput& kept, Framed* framed) {
  CAIRN_TRY_ASSIGN(StageCommand prepared, stage_command(workspace_, environments_, stage));
  runner::ShellCommand& command = prepared.shell;
  StageOutput sink(stage, watcher, kept);
  CAIRN_TRY_ASSIGN(auto output, runner::OutputTee::open(sink));
  command.output_fd = output.fd();
  auto ended = framed != nullptr ? run_framed(stage, command, *framed)
                                 : runner::run_shell(command, context_.stop, context_.kill);
  output.close();
  if (!ended.ok() || !ended->exit.ok() || ended->timed_out || context_.stop) {
    end_container(prepared.clean_up);
  }
  if (ended.ok() && ended->left_processes) {
    context_.log.warn(
        the_command_of(stage) +
        " left processes running, which could still have changed its outputs: they were killed; "
        "let it wait for all that it starts");
  }
  return ended;
}

Result<runner::CommandResult> ReproWorld::run_framed(const Stage& stage, runner::ShellCommand& command,
                                                     Framed& framed) {
  CAIRN_TRY_ASSIGN(StageFrame frame, StageFrame::make(options_.frame, workspace_.paths().root, stage,
                                                      framed.paths, context_.stop));
  framed.isolation = frame.isolation();
  frame.put_around(command);
  auto ended = runner::run_shell(command, context_.stop, context_.kill);
  framed.seen = frame.finish_trace();
  if (ended.ok() && ended->exit.ok() && !ended->timed_out) {
    CAIRN_TRY(frame.bring_outs_back(stage, context_.stop));
  }
  return ended;
}

Status ReproWorld::observe(const Stage& stage, const Framed& framed,
                           const Result<runner::CommandResult>& ended) {
  StageObservation& observation = observed_[stage.address()];
  observation = {std::nullopt, framed.isolation};
  if (!framed.seen) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* tracked, state_.tracked_files());
  observation.trace = judge_trace(stage, framed.paths, *tracked, options_.frame.all_outs, *framed.seen);
  StageTrace& trace = *observation.trace;
  trace.ended_well = ended.ok() && ended->exit.ok() && !ended->timed_out;
  if (options_.frame.tracing == Tracing::strict && trace.ended_well && trace.undeclared.any()) {
    return undeclared_error(stage, trace.undeclared);
  }
  return {};
}

Status ReproWorld::check_unchanged(const Stage& stage, const StageLock& wanted) {
  forget_inputs(stage, wanted);
  CAIRN_TRY_ASSIGN(pipeline::Inputs now, state_.inputs(stage, &wanted));
  StageLock after = pipeline::make_block(stage, now);
  if (pipeline::stage_key(after, stage.folder()) != pipeline::stage_key(wanted, stage.folder())) {
    std::string what = text::place(stage.file, stage.at) + ": an input of stage " + quoted(stage.address()) +
                       " changed while it ran";
    for (const pipeline::Change& change : version::compare_inputs(wanted, after)) {
      what += "; " + pipeline::describe(change);
    }
    return Error(Code::stage_failed, what,
                 "nothing was recorded; let the command leave its inputs alone, then run cairn repro again");
  }
  return {};
}

Result<std::vector<LockedOut>> ReproWorld::conclude(const Stage& stage, const StageLock& wanted,
                                                    const Result<runner::CommandResult>& ended) {
  if (!ended.ok()) {
    return ended.error();
  }
  if (context_.stop) {
    return Error(Code::interrupted, "stage " + quoted(stage.address()) + " was interrupted", "cairn repro");
  }
  if (!ended->exit.ok() || ended->timed_out) {
    return command_failed(stage, *ended, options_.frame.isolated != nullptr);
  }
  forget_outs(stage);
  CAIRN_TRY(check_unchanged(stage, wanted));
  return store_outs(workspace_, stage, recorder_, context_);
}

const RunFacts& ReproWorld::facts() {
  if (!facts_) {
    facts_ = find_run_facts(workspace_);
  }
  return *facts_;
}

Result<std::vector<LockedOut>> ReproWorld::run(const Stage& stage, const StageLock& wanted,
                                               const store::Id& key, pipeline::Attempt& attempt) {
  const Busy busy(recorder_);
  std::unique_lock lock(mutex_);
  std::string holder;
  CAIRN_TRY_ASSIGN(const auto claimed, try_claim(stage, holder));
  if (claimed == nullptr) {
    CAIRN_TRY(wait_for_claim(stage, wanted, lock, holder));
    attempt.overtaken = true;
    return std::vector<LockedOut>();
  }
  CAIRN_TRY(check_not_in_git(stage));
  std::optional<Framed> framed;
  if (options_.frame.any()) {
    CAIRN_TRY_ASSIGN(StagePaths paths, stage_paths(workspace_, state_, stage, wanted));
    framed.emplace(Framed{std::move(paths), std::nullopt, std::nullopt});
  }
  CAIRN_TRY_ASSIGN(const std::vector<PreviousOut> previous, set_aside(workspace_, stage, context_));
  version::RunRecord run = begin_record(facts(), stage, wanted, key);
  run.attempts = attempt.number;
  lock.unlock();
  version::RunOutput output(log_limit(workspace_));
  auto ended = run_command(stage, attempt.watcher, output, framed ? &*framed : nullptr);
  if (ended.ok()) {
    attempt.end = pipeline::CommandEnd{ended->exit.status, ended->exit.signal, ended->timed_out};
  }
  note_end(ended, run);
  lock.lock();

  const Status observed = framed ? observe(stage, *framed, ended) : Status();
  auto outs = observed.ok() ? conclude(stage, wanted, ended) : observed.error();
  forget_outs(stage);
  Status logged = store_log(output, run);
  if (outs.ok() && logged.ok()) {
    logged = state_.keep_trees(stage, recorder_);
  }
  if (!outs.ok() || !logged.ok()) {
    const Error error = outs.ok() ? logged.error() : outs.error();
    run.status = status_of(error, ended);
    record_failure(std::move(run), error);
    // Ctrl-C asked to stop, but the outputs still have to come back.
    std::atomic<bool> go_on{false};
    Context recovery{context_.log, context_.progress, go_on, context_.jobs};
    CAIRN_TRY(put_back(workspace_, previous, recovery));
    return error;
  }
  ended_.insert_or_assign(stage.address(), Ended{std::move(run), claimed});
  return outs;
}

Status ReproWorld::store_log(const version::RunOutput& output, version::RunRecord& run) {
  if (output.bytes() == 0) {
    return {};
  }
  const std::string text = output.text();
  CAIRN_TRY_ASSIGN(store::Writer * writer, recorder_.writer());
  CAIRN_TRY_ASSIGN(const store::Id id, writer->put_blob(as_bytes(text)));
  run.log = version::RunLog{{store::Family::blob, id, text.size()}, output.bytes()};
  return {};
}

void ReproWorld::record_failure(version::RunRecord run, const Error& error) {
  run.failure = error.message();
  Finished finished;
  finished.run = version::encode_run(run, version::Reuse::no);
  recorder_.add(std::move(finished));
}

}  // namespace cairn::ops
