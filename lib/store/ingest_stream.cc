// SPDX-License-Identifier: Apache-2.0
#include "store/ingest_stream.h"

#include <algorithm>
#include <atomic>

#include "os/parallel.h"

namespace cairn::store {
namespace {

/// What is not longer is stored from memory, as a small file is.
constexpr std::size_t kStep = 1u << 20;

/// Cuts, hashes and stores a blob whose bytes come piece by piece.
class Stream {
 public:
  Stream(Lane& lane, const Context& context) : lane_(lane), context_(context) {
    buffer_.reserve(kStep + codec::kChunkSizes.max);
  }

  Status append(Bytes piece) {
    while (!piece.empty()) {
      CAIRN_TRY(context_.check_stop());
      const Bytes part = piece.first(std::min(piece.size(), kStep + codec::kChunkSizes.max - buffer_.size()));
      cairn::append(buffer_, part);
      size_ += part.size();
      context_.progress.bytes_done += part.size();
      piece = piece.subspan(part.size());
      if (buffer_.size() == kStep + codec::kChunkSizes.max) {
        CAIRN_TRY(store_chunks(codec::kChunkSizes.max));
      }
    }
    return {};
  }

  Result<Id> finish() {
    if (pieces_.empty()) {
      return lane_.put_object(Family::blob, buffer_);
    }
    CAIRN_TRY(store_chunks(1));
    const Id id = hasher_.finish();
    CAIRN_TRY(lane_.put_recipe(Family::blob, id, std::move(pieces_)));
    return id;
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  /// Stores chunks while at least `needed` bytes are left: a cut depends on so many behind it.
  Status store_chunks(std::size_t needed) {
    std::size_t begin = 0;
    while (buffer_.size() - begin >= needed) {
      const Bytes rest = Bytes(buffer_).subspan(begin);
      const Bytes chunk = rest.first(chunker_.next(rest));
      const Piece piece{codec::hash(chunk), chunk.size()};
      CAIRN_TRY(lane_.put({EntryKind::data, piece.id}, chunk));
      pieces_.push_back(piece);
      begin += chunk.size();
    }
    hasher_.update(Bytes(buffer_).first(begin));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin));
    return {};
  }

  Lane& lane_;
  const Context& context_;
  codec::Chunker chunker_;
  codec::Hasher hasher_;
  Buffer buffer_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
};

/// The stream's own trouble goes into the task, the store's is returned.
Status ingest(StreamTask& task, Lane& lane, const Context& context) {
  Stream stream(lane, context);
  Status stored;
  const Status read = task.read([&](Bytes piece) { return stored = stream.append(piece); });
  CAIRN_TRY(stored);
  if (!read.ok()) {
    task.error = read.error();
    return {};
  }
  task.size = stream.size();
  CAIRN_TRY_ASSIGN(task.id, stream.finish());
  ++context.progress.items_done;
  return {};
}

}  // namespace

Status ingest_streams(std::vector<std::unique_ptr<Lane>>& lanes, std::span<StreamTask> tasks,
                      const Context& context) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const auto workers = static_cast<unsigned>(std::min(lanes.size(), std::max<std::size_t>(tasks.size(), 1)));
  return os::run_workers(workers, [&](unsigned worker) -> Status {
    for (std::size_t i = next++; i < tasks.size() && !failed; i = next++) {
      CAIRN_TRY(context.check_stop());
      if (Status done = ingest(tasks[i], *lanes[worker], context); !done.ok()) {
        failed = true;
        return done;
      }
    }
    return {};
  });
}

}  // namespace cairn::store
