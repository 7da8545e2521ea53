// SPDX-License-Identifier: Apache-2.0
#include "ops/recorder.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "os/path.h"
#include "project/git_files.h"

namespace cairn::ops {
namespace {

using Clock = std::chrono::steady_clock;

/// A batch is committed this long after the one before it, sooner when it is large, at once when it is very
/// large, and when nothing was done for kQuiet: a stage now and then is recorded at once, many small ones
/// together. A batch costs five or six fsync calls, so a few stages share them.
constexpr std::chrono::milliseconds kBatchTime{150};
constexpr std::size_t kLargeBatch = 8;
constexpr std::chrono::milliseconds kLargeBatchTime{50};
constexpr std::size_t kBatchSize = 64;
constexpr std::chrono::milliseconds kQuiet{20};
/// cairn.lock and the like are written at most this often while stages finish, and never for more than a
/// twentieth of the time.
constexpr std::chrono::seconds kStateInterval{1};
constexpr int kStateShare = 20;
/// Runs of each stage that are remembered, unless runs.keep says otherwise.
constexpr std::size_t kDefaultKeep = 100;

}  // namespace

Recorder::~Recorder() {
  if (thread_.joinable()) {
    (void)finish();
  }
}

Result<store::Writer*> Recorder::writer() {
  if (writer_ == nullptr) {
    CAIRN_TRY_ASSIGN(store::Writer opened, workspace_.open_writer(context_));
    writer_ = std::make_unique<store::Writer>(std::move(opened));
  }
  return writer_.get();
}

void Recorder::set_ignored(const std::string& path, bool ignored) {
  if (workspace_.git_layout()) {
    ignored_[std::string(os::parent_of(path))][std::string(os::name_of(path))] = ignored;
  }
}

Result<version::RunJournal*> Recorder::journal() {
  std::lock_guard lock(journal_mutex_);
  if (journal_ == nullptr) {
    CAIRN_TRY_ASSIGN(journal_, version::RunJournal::open(workspace_.paths().runs()));
  }
  return journal_.get();
}

void Recorder::add(Finished finished) {
  std::lock_guard lock(mutex_);
  queue_.push_back(std::move(finished));
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { work(); });
  }
  if (queue_.size() == 1 || queue_.size() == kLargeBatch || queue_.size() >= kBatchSize) {
    changed_.notify_one();
  }
}

void Recorder::busy() {
  std::lock_guard lock(mutex_);
  ++busy_;
}

void Recorder::idle() {
  std::lock_guard lock(mutex_);
  if (--busy_ == 0) {
    idle_since_ = Clock::now();
    changed_.notify_one();
  }
}

/// False when there is nothing more to come.
bool Recorder::wait_for_batch(std::unique_lock<std::mutex>& lock) {
  while (!ending_) {
    if (queue_.empty()) {
      changed_.wait(lock);
      continue;
    }
    Clock::time_point due = committed_ + (queue_.size() >= kLargeBatch ? kLargeBatchTime : kBatchTime);
    if (busy_ == 0) {
      due = std::min(due, idle_since_ + kQuiet);
    }
    if (queue_.size() >= kBatchSize || Clock::now() >= due) {
      return true;
    }
    changed_.wait_until(lock, due);
  }
  return !queue_.empty();
}

void Recorder::work() {
  std::unique_lock lock(mutex_);
  while (wait_for_batch(lock)) {
    std::vector<Finished> batch = std::exchange(queue_, {});
    Status result = failure_;
    lock.unlock();
    if (result.ok()) {
      result = commit(batch);
    }
    for (Finished& finished : batch) {
      finished.claim.reset();
      if (finished.done) {
        finished.done(result);
      }
    }
    lock.lock();
    committed_ = Clock::now();
    failure_ = std::move(result);
  }
}

Status Recorder::commit(std::vector<Finished>& batch) {
  if (!is_state_due(batch)) {
    CAIRN_TRY(commit_packs());
    return commit_runs(batch);
  }
  // While `shared_` is held nothing new is recorded, so what the state names is durable before it is written.
  std::lock_guard lock(shared_);
  {
    std::lock_guard queue_lock(mutex_);
    std::move(queue_.begin(), queue_.end(), std::back_inserter(batch));
    queue_.clear();
  }
  const std::unique_ptr<store::Writer> writer = std::move(writer_);
  CAIRN_TRY(writer != nullptr ? writer->commit() : Status());
  CAIRN_TRY(commit_runs(batch));
  return save_state();
}

/// Stages go on with a writer of their own meanwhile.
Status Recorder::commit_packs() {
  std::unique_ptr<store::Writer> writer;
  {
    std::lock_guard lock(shared_);
    writer = std::move(writer_);
  }
  return writer != nullptr ? writer->commit() : Status();
}

Status Recorder::commit_runs(const std::vector<Finished>& batch) {
  std::vector<version::EncodedRun> runs;
  for (const Finished& finished : batch) {
    if (finished.run) {
      runs.push_back(*finished.run);
    }
  }
  if (runs.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(version::RunJournal* const open_journal, journal());
  CAIRN_TRY(open_journal->append(runs));
  recorded_runs_ = true;
  return {};
}

bool Recorder::is_state_due(const std::vector<Finished>& batch) const {
  for (const Finished& finished : batch) {
    if (finished.lock == LockWrite::now) {
      return true;
    }
  }
  return Clock::now() - state_saved_ >= std::max<Clock::duration>(kStateInterval, kStateShare * state_cost_);
}

/// REQUIRES: shared_ is held, and all that was recorded is durable.
Status Recorder::save_state() {
  if (ignored_.empty() && !locks_.changed() && !recorded_runs_) {
    return workspace_.save();  // nothing but the stat cache
  }
  const Clock::time_point start = Clock::now();
  CAIRN_TRY_ASSIGN(const os::FileLock held, wait_for_project(workspace_, context_));
  for (const auto& [folder, names] : ignored_) {
    project::IgnoreEdit edit;
    for (const auto& [name, ignored] : names) {
      (ignored ? edit.add : edit.remove).push_back(name);
    }
    CAIRN_TRY(project::edit_ignored(workspace_, folder, edit));
  }
  ignored_.clear();
  CAIRN_TRY(workspace_.save());
  CAIRN_TRY(locks_.save(workspace_));
  state_saved_ = Clock::now();
  state_cost_ = state_saved_ - start;
  return {};
}

Status Recorder::finish() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
  CAIRN_TRY(Status(failure_));
  CAIRN_TRY(commit_packs());
  std::lock_guard lock(shared_);
  CAIRN_TRY(save_state());
  return recorded_runs_ ? trim_journal() : Status();
}

Status Recorder::trim_journal() {
  const std::string text = workspace_.config().get_or("runs.keep", "");
  std::size_t keep = kDefaultKeep;
  std::from_chars(text.data(), text.data() + text.size(), keep);  // checked when the setting was read
  if (Status trimmed = journal_->trim(keep); !trimmed.ok()) {
    // Everything is recorded all the same; the next command tries again.
    context_.log.debug("the journal of runs was not cut: " + trimmed.error().message());
  }
  return {};
}

Result<os::FileLock> wait_for_project(project::Workspace& workspace, const Context& context) {
  while (true) {
    auto lock = workspace.lock();
    if (lock.ok() || lock.error().code() != Code::locked) {
      return lock;
    }
    context.log.info("still waiting: " + lock.error().message());
  }
}

}  // namespace cairn::ops
