// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "base/context.h"
#include "os/fd.h"
#include "store/repack.h"
#include "transport/transport.h"

namespace cairn::remote {

/// Blocks of remote packs, each fetched by range once and kept in a temporary file, as they are stored:
/// nothing of them is checked here. Memory: about 100 bytes a block. Threads: one caller; fetch() works in
/// parallel inside.
class Stage : public store::BlockSource {
 public:
  /// `folder` (below the store's temporary folder) and what the arguments refer to must outlive the stage.
  Stage(transport::Transport& transport, std::string folder, const Context& context)
      : transport_(transport), folder_(std::move(folder)), context_(context) {}

  /// Fetches the blocks of these places that are not here yet: neighbours in one request, several at a
  /// time.
  Status fetch(std::span<const store::Location> places);
  /// Stored bytes of a run of blocks. REQUIRES: they were fetched; `corrupt` when they do not follow one
  /// another.
  Status read(const store::Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) override;
  [[nodiscard]] std::uint64_t fetched_bytes() const { return fetched_bytes_; }

 private:
  struct Block {
    std::uint64_t size = 0;
    std::uint64_t position = 0;  // in the file
  };
  /// Blocks that one request brings.
  struct Run {
    store::Id pack;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t position = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks;  // offset and size
  };
  [[nodiscard]] std::vector<Run> plan(std::span<const store::Location> places) const;
  Status fetch_run(const Run& run);

  transport::Transport& transport_;
  std::string folder_;
  const Context& context_;
  os::Fd file_;
  std::string path_;
  std::uint64_t file_size_ = 0;
  std::uint64_t fetched_bytes_ = 0;
  std::unordered_map<store::Id, std::map<std::uint64_t, Block>, codec::IdHash> blocks_;
};

}  // namespace cairn::remote
