// SPDX-License-Identifier: Apache-2.0
#include "store/extract.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "os/parallel.h"
#include "store/reader.h"

namespace cairn::store {
namespace {

/// Output that a worker decodes before it writes; also the largest blob that one worker takes alone.
constexpr std::uint64_t kPartSize = 1u << 20;
/// Tasks that a worker takes at a time: neighbours then share decoded blocks.
constexpr std::size_t kTaskRun = 32;

Error wrong_content(const Id& id) {
  return {Code::corrupt, "stored data is damaged: " + id.text() + " does not have the content of its name",
          "cairn fsck"};
}

/// Errors that would hit every further file too.
bool is_fatal(const Error& error) {
  return error.code() == Code::no_space || error.code() == Code::interrupted;
}

/// A large blob that all workers decode part by part. Parts are hashed in file order as they become ready.
class SharedBlob {
 public:
  SharedBlob(const Id& id, std::vector<Piece> pieces, int fd, const Context& context)
      : id_(id), pieces_(std::move(pieces)), fd_(fd), context_(context) {
    split();
  }

  Status work(Reader& reader) {
    Buffer buffer;
    while (true) {
      Part part;
      {
        std::lock_guard lock(mutex_);
        if (failed_ || next_ == parts_.size()) {
          return {};
        }
        part = parts_[next_++];
      }
      Status done = work_on(reader, part, buffer);
      if (!done.ok()) {
        std::lock_guard lock(mutex_);
        failed_ = true;
        turn_.notify_all();
        return done;
      }
    }
  }

  [[nodiscard]] Status check() const {
    return hasher_.finish() == id_ ? Status() : Status(wrong_content(id_));
  }

 private:
  struct Part {
    std::size_t number = 0;
    std::size_t begin = 0;  // pieces
    std::size_t end = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };

  void split() {
    Part part;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      part.size += pieces_[i].size;
      part.end = i + 1;
      if (part.size >= kPartSize || part.end == pieces_.size()) {
        parts_.push_back(part);
        part = {parts_.size(), part.end, part.end, part.offset + part.size, 0};
      }
    }
  }

  Status work_on(Reader& reader, const Part& part, Buffer& buffer) {
    CAIRN_TRY(context_.check_stop());
    buffer.resize(part.size);
    std::size_t filled = 0;
    for (std::size_t i = part.begin; i < part.end; ++i) {
      CAIRN_TRY(
          reader.decode_piece(Family::blob, pieces_[i], std::span(buffer).subspan(filled, pieces_[i].size)));
      filled += pieces_[i].size;
    }
    CAIRN_TRY(os::write_at(fd_, buffer, part.offset, "output file"));
    context_.progress.bytes_done += part.size;
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return failed_ || hashed_ == part.number; });
    if (failed_) {
      return {};
    }
    lock.unlock();
    hasher_.update(buffer);  // only the holder of the turn is here
    lock.lock();
    ++hashed_;
    turn_.notify_all();
    return {};
  }

  Id id_;
  std::vector<Piece> pieces_;
  int fd_;
  const Context& context_;
  std::vector<Part> parts_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::size_t next_ = 0;
  std::size_t hashed_ = 0;
  bool failed_ = false;
  codec::Hasher hasher_;
};

class Extract {
 public:
  Extract(Store& store, std::span<ExtractTask> tasks, ExtractTarget& target, const Context& context)
      : tasks_(tasks), target_(target), context_(context) {
    for (unsigned i = 0; i < std::max(1u, context.jobs); ++i) {
      readers_.emplace_back(store);
    }
  }

  Status run() {
    CAIRN_TRY(os::run_workers(workers(), [this](unsigned worker) { return work(worker); }));
    std::sort(large_.begin(), large_.end());
    for (std::size_t i : large_) {
      CAIRN_TRY(settle(i, write_large(i)));
    }
    return {};
  }

 private:
  [[nodiscard]] unsigned workers() const { return static_cast<unsigned>(readers_.size()); }

  Status work(unsigned worker) {
    Buffer buffer;
    while (true) {
      std::size_t begin = next_.fetch_add(kTaskRun);
      if (begin >= tasks_.size() || failed_) {
        return {};
      }
      std::size_t end = std::min(begin + kTaskRun, tasks_.size());
      for (std::size_t i = begin; i < end; ++i) {
        if (tasks_[i].size > kPartSize) {
          std::lock_guard lock(large_mutex_);
          large_.push_back(i);
          continue;
        }
        Status done = settle(i, write_small(i, readers_[worker], buffer));
        if (!done.ok()) {
          failed_ = true;
          return done;
        }
      }
    }
  }

  /// A task's own trouble stays in the task; what would hit all others ends the work.
  Status settle(std::size_t i, Status done) {
    if (done.ok()) {
      ++context_.progress.items_done;
      return {};
    }
    if (is_fatal(done.error())) {
      return done;
    }
    tasks_[i].error = done.error();
    return {};
  }

  Status write_small(std::size_t i, Reader& reader, Buffer& buffer) {
    CAIRN_TRY(context_.check_stop());
    const ExtractTask& task = tasks_[i];
    CAIRN_TRY_ASSIGN(buffer, reader.read_object(Family::blob, task.id, kPartSize));
    if (buffer.size() != task.size) {
      return wrong_content(task.id);
    }
    context_.progress.bytes_done += buffer.size();
    CAIRN_TRY_ASSIGN(os::Fd file, target_.create(i));
    Status written = os::write_at(file.get(), buffer, 0, "output file");
    return finish(i, std::move(written), std::move(file));
  }

  Status write_large(std::size_t i) {
    const ExtractTask& task = tasks_[i];
    CAIRN_TRY_ASSIGN(std::vector<Piece> pieces,
                     readers_.front().read_pieces(Family::blob, task.id, task.size));
    std::uint64_t size = 0;
    for (const Piece& piece : pieces) {
      size += piece.size;
    }
    if (size != task.size) {
      return wrong_content(task.id);
    }
    CAIRN_TRY_ASSIGN(os::Fd file, target_.create(i));
    SharedBlob blob(task.id, std::move(pieces), file.get(), context_);
    Status written = os::run_workers(workers(), [&](unsigned worker) { return blob.work(readers_[worker]); });
    if (written.ok()) {
      written = blob.check();
    }
    return finish(i, std::move(written), std::move(file));
  }

  Status finish(std::size_t i, Status written, os::Fd file) {
    if (written.ok()) {
      written = target_.publish(i, std::move(file));
    }
    if (!written.ok()) {
      target_.discard(i);
    }
    return written;
  }

  std::span<ExtractTask> tasks_;
  ExtractTarget& target_;
  const Context& context_;
  std::vector<Reader> readers_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex large_mutex_;
  std::vector<std::size_t> large_;
};

}  // namespace

Status extract_files(Store& store, std::span<ExtractTask> tasks, ExtractTarget& target,
                     const Context& context) {
  return Extract(store, tasks, target, context).run();
}

}  // namespace cairn::store
