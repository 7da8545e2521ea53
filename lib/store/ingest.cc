// SPDX-License-Identifier: Apache-2.0
#include "store/ingest.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/escape.h"
#include "os/parallel.h"

namespace cairn::store {
namespace {

/// One read; also the largest file that a worker takes in one piece.
constexpr std::size_t kReadSize = 1u << 20;
/// Files from here on are read by all workers together.
constexpr std::uint64_t kSplitSize = 64u << 20;
/// Tasks that a worker takes at a time: neighbours then share blocks.
constexpr std::size_t kTaskRun = 32;
/// How often a file that changes while it is read is read again.
constexpr int kReadTries = 3;

Error changed_while_read(const std::string& path) {
  return {Code::conflict, quoted(path) + " changed while it was read",
          "wait until its writer is done, then run the command again"};
}

/// A file that one or more workers read, cut and hash in turn under a lock, and store outside it.
class SharedFile {
 public:
  SharedFile(int fd, std::string_view path, const Context& context)
      : fd_(fd), path_(path), context_(context) {}

  /// Works on the file until it ends; every worker calls this with its own lane and buffer.
  Status work(Lane& lane, Buffer& buffer) {
    Part part;
    while (true) {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY_ASSIGN(bool more, next_part(buffer, part));
      if (!more) {
        return {};
      }
      CAIRN_TRY(store_part(lane, buffer, part));
    }
  }

  /// Why the file could not be read to its end, once all workers are done.
  [[nodiscard]] const std::optional<Error>& source_error() const { return source_error_; }

  /// Once all workers are done: stores the recipe. The size is what was read.
  Result<Id> finish(Lane& lane, std::uint64_t& size) {
    std::vector<Piece> pieces;
    for (std::vector<Piece>& part : parts_) {
      pieces.insert(pieces.end(), part.begin(), part.end());
      part = {};
    }
    size = offset_;
    Id id = hasher_.finish();
    if (pieces.size() > 1) {
      CAIRN_TRY(lane.put_recipe(Family::blob, id, std::move(pieces)));
    }
    return id;
  }

 private:
  struct Part {
    std::size_t number = 0;
    std::vector<std::size_t> cuts;  // ends of chunks in the buffer
  };

  /// Reads the next piece of the file behind the carried tail, cuts it and hashes what was cut.
  Result<bool> next_part(Buffer& buffer, Part& part) {
    std::lock_guard lock(mutex_);
    part.cuts.clear();
    if (ended_) {
      return false;
    }
    std::copy(carry_.begin(), carry_.end(), buffer.begin());
    std::size_t filled = carry_.size();
    auto got = os::read_at(fd_, std::span(buffer).subspan(filled, kReadSize), offset_, path_);
    if (!got.ok()) {
      source_error_ = got.error();
      ended_ = true;
      return false;
    }
    offset_ += *got;
    filled += *got;
    ended_ = *got < kReadSize;
    std::size_t cut = 0;
    while (cut < filled && (ended_ || filled - cut >= codec::kChunkSizes.max)) {
      cut += chunker_.next(Bytes(buffer).subspan(cut, filled - cut));
      part.cuts.push_back(cut);
    }
    hasher_.update(Bytes(buffer).first(cut));
    carry_.assign(buffer.begin() + static_cast<std::ptrdiff_t>(cut),
                  buffer.begin() + static_cast<std::ptrdiff_t>(filled));
    part.number = parts_.size();
    parts_.emplace_back();
    return true;
  }

  Status store_part(Lane& lane, const Buffer& buffer, const Part& part) {
    std::vector<Piece> pieces;
    std::size_t begin = 0;
    for (std::size_t end : part.cuts) {
      Bytes chunk = Bytes(buffer).subspan(begin, end - begin);
      Piece piece{codec::hash(chunk), chunk.size()};
      CAIRN_TRY(lane.put({EntryKind::data, piece.id}, chunk));
      pieces.push_back(piece);
      begin = end;
    }
    context_.progress.bytes_done += begin;
    std::lock_guard lock(mutex_);
    parts_[part.number] = std::move(pieces);
    return {};
  }

  int fd_;
  std::string_view path_;
  const Context& context_;
  std::mutex mutex_;
  codec::Chunker chunker_;
  codec::Hasher hasher_;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
  std::optional<Error> source_error_;
  Buffer carry_;
  std::vector<std::vector<Piece>> parts_;
};

/// Runs the whole of put_files: small and middle files one worker each, then each large one by all.
class Ingest {
 public:
  Ingest(std::vector<std::unique_ptr<Lane>>& lanes, const os::Root& root, std::span<FileTask> tasks,
         const Context& context)
      : lanes_(lanes), root_(root), tasks_(tasks), context_(context), buffers_(lanes.size()) {}

  Status run() {
    CAIRN_TRY(os::run_workers(workers(), [this](unsigned worker) { return work(worker); }));
    std::sort(large_.begin(), large_.end());
    for (std::size_t i : large_) {
      CAIRN_TRY(take(tasks_[i], workers()));
    }
    return {};
  }

 private:
  [[nodiscard]] unsigned workers() const { return static_cast<unsigned>(lanes_.size()); }

  Buffer& buffer(unsigned worker) {
    if (buffers_[worker].empty()) {
      buffers_[worker].resize(kReadSize + codec::kChunkSizes.max);
    }
    return buffers_[worker];
  }

  Status work(unsigned worker) {
    while (!failed_) {
      std::size_t begin = next_.fetch_add(kTaskRun);
      if (begin >= tasks_.size()) {
        return {};
      }
      std::size_t end = std::min(begin + kTaskRun, tasks_.size());
      for (std::size_t i = begin; i < end; ++i) {
        Status done = work_on(i, worker);
        if (!done.ok()) {
          failed_ = true;
          return done;
        }
      }
    }
    return {};
  }

  Status work_on(std::size_t i, unsigned worker) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(bool taken, take(tasks_[i], 1, worker));
    if (!taken) {
      std::lock_guard lock(large_mutex_);
      large_.push_back(i);
    }
    return {};
  }

  /// Reads a file until it held still. Its own trouble goes into the task, the store's is returned.
  /// False when one worker met a large file, which waits for all of them.
  Result<bool> take(FileTask& task, unsigned helpers, unsigned first_worker = 0) {
    for (int i = 0; i < kReadTries; ++i) {
      auto opened = root_.open_at(task.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if (!opened.ok()) {
        task.error = opened.error();
        return true;
      }
      auto before = os::stat_fd(opened->get(), task.path);
      if (!before.ok() || before->kind != os::Kind::file) {
        task.error = before.ok() ? Error(Code::conflict, quoted(task.path) + " is not a regular file")
                                 : before.error();
        return true;
      }
      if (before->size >= kSplitSize && helpers < workers()) {
        return false;
      }
      std::uint64_t size = 0;
      auto id = helpers > 1 || before->size > kReadSize
                    ? read_shared(task, opened->get(), helpers, first_worker, size)
                    : read_whole(task, opened->get(), first_worker, size);
      if (!id.ok()) {
        return id.error();
      }
      auto after = os::stat_fd(opened->get(), task.path);
      if (task.error || (after.ok() && *after == *before && size == after->size)) {
        task.id = *id;
        task.stat = *before;
        ++context_.progress.items_done;
        return true;
      }
    }
    task.error = changed_while_read(task.path);
    return true;
  }

  Result<Id> read_whole(FileTask& task, int fd, unsigned worker, std::uint64_t& size) {
    Buffer& bytes = buffer(worker);
    auto got = os::read_at(fd, std::span(bytes).first(kReadSize + 1), 0, task.path);
    if (!got.ok()) {
      task.error = got.error();
      return Id{};
    }
    size = *got;
    context_.progress.bytes_done += size;
    return lanes_[worker]->put_object(Family::blob, Bytes(bytes).first(size));
  }

  Result<Id> read_shared(FileTask& task, int fd, unsigned helpers, unsigned first_worker,
                         std::uint64_t& size) {
    SharedFile file(fd, task.path, context_);
    CAIRN_TRY(os::run_workers(helpers, [&](unsigned i) {
      unsigned worker = first_worker + i;
      return file.work(*lanes_[worker], buffer(worker));
    }));
    if (file.source_error()) {
      task.error = file.source_error();
      return Id{};
    }
    return file.finish(*lanes_[first_worker], size);
  }

  std::vector<std::unique_ptr<Lane>>& lanes_;
  const os::Root& root_;
  std::span<FileTask> tasks_;
  const Context& context_;
  std::vector<Buffer> buffers_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex large_mutex_;
  std::vector<std::size_t> large_;
};

}  // namespace

Status ingest_files(std::vector<std::unique_ptr<Lane>>& lanes, const os::Root& root,
                    std::span<FileTask> tasks, const Context& context) {
  return Ingest(lanes, root, tasks, context).run();
}

}  // namespace cairn::store
