// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "store/store.h"

namespace cairn::store {

/// The packs that one session writes. Threads share the open pack: each takes a place in it under a lock and
/// writes outside it. Files stay below the store's temporary folder and are removed unless finish() hands
/// them out. After a failed write there is a hole where a block should be, so nothing is handed out any more.
class PackWriter {
 public:
  /// Receives a pack that is full and sealed, in the thread that filled it; the file is its own then.
  using FullPack = std::function<Status(Store::FinishedPack pack)>;

  /// Without `full` all packs are handed out by finish().
  explicit PackWriter(std::string folder, FullPack full = {})
      : folder_(std::move(folder)), full_(std::move(full)) {}
  PackWriter(const PackWriter&) = delete;
  PackWriter& operator=(const PackWriter&) = delete;
  ~PackWriter();

  /// Appends stored blocks; offsets of `entries` count from the first of `bytes`.
  Status append(Bytes bytes, std::vector<PackEntry> entries);
  /// Seals the packs: table and footer are written, nothing is synced yet. REQUIRES: no append is running.
  Result<std::vector<Store::FinishedPack>> finish();
  [[nodiscard]] std::uint64_t stored_bytes() const;

 private:
  struct Open {
    os::Fd file;
    std::string path;
    std::uint64_t size = kPackHeaderSize;
    std::uint64_t synced = 0;
    unsigned writers = 0;  // that write to it now
    std::vector<PackEntry> entries;
  };
  Result<std::shared_ptr<Open>> start_pack();
  Result<std::shared_ptr<Open>> pack_for(std::uint64_t bytes);
  Status write_blocks(Bytes bytes, std::vector<PackEntry> entries);
  Status hand_out_full();
  static Result<Store::FinishedPack> seal(Open& pack);
  Result<std::vector<Store::FinishedPack>> seal_all();
  void note_failure(const Error& error);

  std::string folder_;
  FullPack full_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Open>> packs_;  // the last one is open
  std::uint64_t stored_bytes_ = 0;
  std::optional<Error> failure_;
};

}  // namespace cairn::store
