// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "os/fd.h"
#include "os/lock.h"
#include "version/run_segment.h"

namespace cairn::version {

/// Where one record is in a journal.
struct RunPlace {
  std::uint64_t offset = 0;  ///< of its text
  RunHead head;
};

/// All runs that are remembered (docs/format/runs.md): one append-only file, shared by all worktrees. It is
/// the run cache and the journal of `repro` too: a result is in it, durably, before anything relies on it, so
/// a run that is killed before cairn.lock was written loses nothing. Memory: about 150 bytes a record; texts
/// are read when they are asked for. Threads: any number; processes by a lock on the file.
class RunJournal {
 public:
  /// `folder` is made when missing. A torn record at the end (a writer was killed) is left out; what an older
  /// cairn wrote in another format counts as empty. Cost: reads the file once.
  static Result<std::unique_ptr<RunJournal>> open(const std::string& folder);

  /// Learns of what others have appended.
  Status refresh();

  /// Appends records, durably: one write and one fdatasync for all. Those whose id is there already are left
  /// out; the number of the others is returned.
  Result<std::size_t> append(std::span<const EncodedRun> runs);

  /// Reusable results of a key, oldest first, each different one once (of equal ones the first).
  [[nodiscard]] std::vector<RunPlace> results(const store::Id& key) const;
  /// All runs of a stage, or of all stages, oldest first.
  [[nodiscard]] std::vector<RunPlace> runs_of(std::string_view address) const;
  [[nodiscard]] std::vector<RunPlace> all() const;
  /// The runs whose ids begin with these hex digits, each id once.
  [[nodiscard]] std::vector<RunPlace> find(std::string_view digits) const;
  [[nodiscard]] bool contains(const store::Id& id) const;

  /// A record with its private part. `corrupt` when it cannot be read. `folder` as for parse_run.
  Result<RunRecord> read(const RunPlace& place, const std::optional<std::string>& folder = {}) const;
  Result<EncodedRun> read_encoded(const RunPlace& place) const;

  /// Cuts the journal down to the newest `keep` runs of each stage, and of each key the oldest and the newest
  /// reusable result, once the file is more than twice as long as that. The file is replaced atomically; who
  /// reads the old one goes on doing so.
  Status trim(std::size_t keep);

 private:
  explicit RunJournal(std::string path) : path_(std::move(path)) {}
  Status load();
  Status scan(std::uint64_t size);
  void add(const RunPlace& place);
  Status write(Bytes frames);
  Result<os::FileLock> lock() const;
  [[nodiscard]] std::vector<RunPlace> kept(std::size_t keep) const;
  Status rewrite(const std::vector<RunPlace>& places);

  std::string path_;
  std::mutex append_mutex_;   // one appends or reads what others appended; before mutex_
  std::uint64_t inode_ = 0;   // of file_
  std::uint64_t end_ = 0;     // of the whole records read so far; 0 before there is a header
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const os::Fd> file_;
  std::vector<RunPlace> runs_;
  std::unordered_map<store::Id, std::vector<std::size_t>, codec::IdHash> by_key_;  // reusable ones
  std::map<store::Id, std::size_t> by_id_;
};

}  // namespace cairn::version
