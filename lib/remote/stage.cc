// SPDX-License-Identifier: Apache-2.0
#include "remote/stage.h"

#include <fcntl.h>

#include <algorithm>

#include "os/file.h"
#include "os/path.h"
#include "remote/layout.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

/// Blocks this near are fetched together: a gap costs less than another request.
constexpr std::uint64_t kMaxGap = 64u << 10;
constexpr std::uint64_t kMaxRun = 8u << 20;

}  // namespace

std::vector<Stage::Run> Stage::plan(std::span<const store::Location> places) const {
  std::vector<store::Location> sorted(places.begin(), places.end());
  std::sort(sorted.begin(), sorted.end(), [](const store::Location& a, const store::Location& b) {
    return a.pack != b.pack ? a.pack < b.pack : a.place.offset < b.place.offset;
  });
  std::vector<Run> runs;
  for (const store::Location& location : sorted) {
    std::uint64_t offset = location.place.offset;
    std::uint64_t size = location.place.stored_size;
    auto pack = blocks_.find(location.pack);
    bool staged = pack != blocks_.end() && pack->second.contains(offset);
    if (staged || size == 0) {  // the block of an empty file is empty
      continue;
    }
    Run* run = runs.empty() ? nullptr : &runs.back();
    if (run != nullptr && run->pack == location.pack && run->blocks.back().first == offset) {
      continue;  // another entry of the same block
    }
    bool joins = run != nullptr && run->pack == location.pack && offset >= run->offset + run->size &&
                 offset - run->offset - run->size <= kMaxGap && offset + size - run->offset <= kMaxRun;
    if (!joins) {
      run = &runs.emplace_back();
      run->pack = location.pack;
      run->offset = offset;
    }
    run->size = offset + size - run->offset;
    run->blocks.emplace_back(offset, size);
  }
  return runs;
}

Status Stage::fetch(std::span<const store::Location> places) {
  std::vector<Run> runs = plan(places);
  if (!runs.empty() && !file_.valid()) {
    path_ = os::join(folder_, "stage");
    CAIRN_TRY_ASSIGN(file_, os::open_file(path_, O_RDWR | O_CREAT | O_EXCL, 0600));
  }
  for (Run& run : runs) {
    run.position = file_size_;
    file_size_ += run.size;
  }
  CAIRN_TRY(
      transport::each_at_once(runs.size(), context_, [&](std::size_t i) { return fetch_run(runs[i]); }));
  for (const Run& run : runs) {
    fetched_bytes_ += run.size;
    for (const auto& [offset, size] : run.blocks) {
      blocks_[run.pack][offset] = {size, run.position + (offset - run.offset)};
    }
  }
  return {};
}

Status Stage::fetch_run(const Run& run) {
  std::uint64_t done = 0;
  Status got =
      transport_.get(pack_name(run.pack), transport::Range{run.offset, run.size}, [&](Bytes piece) -> Status {
        CAIRN_TRY(context_.check_stop());
        if (piece.size() > run.size - done) {
          return Error(Code::remote, transport_.describe() + " sent more than was asked for");
        }
        CAIRN_TRY(os::write_at(file_.get(), piece, run.position + done, path_));
        done += piece.size();
        context_.progress.bytes_done += piece.size();
        return {};
      });
  CAIRN_TRY(std::move(got));
  return done == run.size ? Status()
                          : Error(Code::remote, transport_.describe() + " sent less than was asked for");
}

Status Stage::read(const store::Id& pack, std::uint64_t offset, std::span<std::uint8_t> out) {
  const std::map<std::uint64_t, Block>& blocks = blocks_[pack];
  while (!out.empty()) {
    auto block = blocks.find(offset);
    if (block == blocks.end() || block->second.size == 0 || block->second.size > out.size()) {
      return Error(Code::corrupt, "damaged index: blocks of pack " + pack.text() + " overlap");
    }
    auto size = static_cast<std::size_t>(block->second.size);
    CAIRN_TRY(os::read_exactly_at(file_.get(), out.first(size), block->second.position, path_));
    out = out.subspan(size);
    offset += size;
  }
  return {};
}

}  // namespace cairn::remote
