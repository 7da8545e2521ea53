// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "ops/pipelines.h"
#include "os/lock.h"
#include "project/workspace.h"
#include "version/run_journal.h"

namespace cairn::ops {

/// When a stage's block has to be in cairn.lock: with its batch, because the journal cannot bring it back, or
/// whenever the lock is written next.
enum class LockWrite : std::uint8_t { soon, now };

/// A stage that has ended, to be made durable.
struct Finished {
  std::optional<version::EncodedRun> run;  ///< goes into the journal
  LockWrite lock = LockWrite::soon;
  std::shared_ptr<const os::FileLock> claim;  ///< held until all is durable
  std::function<void(Status)> done;           ///< called once, by the recorder's thread; may be empty
};

/// Makes results durable in batches: what stages put into the shared writer, their records, and now and then
/// the workspace's own state (.gitignore, materialised, cairn.lock), which never names what is not durable.
/// Order: packs, index, journal, state; a stage is reported when its batch is through. After a failure
/// nothing more is recorded, since later stages rely on earlier ones. Threads: any number; one thread of its
/// own commits.
class Recorder {
 public:
  /// `shared` guards the workspace and the locks; the recorder takes it for short, and waits for packs and
  /// the journal meanwhile only right before it writes the state. All must outlive it.
  Recorder(project::Workspace& workspace, Locks& locks, std::mutex& shared, const Context& context)
      : workspace_(workspace), locks_(locks), shared_(shared), context_(context) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  /// REQUIRES: finish() was called, or nothing was added.
  ~Recorder();

  /// The writer that stages share. Ids of what is put there are final at once; it is committed with the next
  /// batch. REQUIRES: `shared` is held while it is used.
  Result<store::Writer*> writer();
  /// Names that Git is to ignore from now on, and those that it no longer is to. REQUIRES: `shared` is held.
  void set_ignored(const std::string& path, bool ignored);
  /// The journal, opened at first use.
  Result<version::RunJournal*> journal();

  /// REQUIRES: `shared` is held since the stage's block was put into the locks.
  void add(Finished finished);
  /// Tells whether anything is being done: while nothing is, a batch does not wait for more.
  void busy();
  void idle();

  /// Commits all that is there, and the state. Nothing may be added after it.
  Status finish();

 private:
  void work();
  [[nodiscard]] bool wait_for_batch(std::unique_lock<std::mutex>& lock);
  Status commit(std::vector<Finished>& batch);
  Status commit_packs();
  Status commit_runs(const std::vector<Finished>& batch);
  Status save_state();
  Status trim_journal();
  [[nodiscard]] bool is_state_due(const std::vector<Finished>& batch) const;

  project::Workspace& workspace_;
  Locks& locks_;
  std::mutex& shared_;
  const Context& context_;

  // Guarded by shared_.
  std::unique_ptr<store::Writer> writer_;
  std::map<std::string, std::map<std::string, bool>> ignored_;  // by folder, then name

  std::mutex journal_mutex_;
  std::unique_ptr<version::RunJournal> journal_;

  // Of the thread alone.
  std::chrono::steady_clock::time_point state_saved_;
  std::chrono::steady_clock::duration state_cost_{};
  bool recorded_runs_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<Finished> queue_;
  std::chrono::steady_clock::time_point committed_;  // when the last batch was through
  std::chrono::steady_clock::time_point idle_since_;
  unsigned busy_ = 0;
  bool ending_ = false;
  std::thread thread_;
  Status failure_;
};

/// The project's lock, however long another command holds it: a stage that ended must be recorded, or its
/// previous outputs come back, whatever else goes on.
Result<os::FileLock> wait_for_project(project::Workspace& workspace, const Context& context);

/// Something is being done with the recorder's workspace as long as this lives.
class Busy {
 public:
  explicit Busy(Recorder& recorder) : recorder_(recorder) { recorder_.busy(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  ~Busy() { recorder_.idle(); }

 private:
  Recorder& recorder_;
};

}  // namespace cairn::ops
