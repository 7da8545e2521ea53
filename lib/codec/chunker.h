// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace cairn::codec {

/// Sizes in bytes of content-defined chunks. The parameters are stored in every recipe
/// (docs/format/recipe.md).
struct ChunkSizes {
  std::uint32_t min = 0;
  std::uint32_t mean = 0;
  std::uint32_t max = 0;
  bool operator==(const ChunkSizes&) const = default;
};

/// The only sizes that version 1 writes. 64 KiB is the mean of ordinary data; the point where the two
/// thresholds change follows from it (docs/format/chunking.md).
inline constexpr ChunkSizes kChunkSizes{16u << 10, 64u << 10, 256u << 10};

/// Files up to this many bytes are one chunk without looking for cuts.
inline constexpr std::size_t kSingleChunkLimit = 16u << 10;

/// Instruction sets that find the same cuts. `best` is what this processor has.
enum class ChunkerForm { best, portable, sse41, avx2, avx512 };

/// Content-defined chunking "wm8": no rolling state. At each position the 8 bytes before it are tested (four
/// 16-bit products, 10 bits must be zero); a candidate becomes the cut when a hash of the 48 bytes before it
/// is below a threshold, which is lower before `mean` than after it (normalised chunking as in FastCDC, Xia
/// et al., USENIX ATC 2016). If nothing is found before twice the mean, the chunk is scanned again with a
/// 64-byte gear hash. Constants are frozen by the vectors of docs/format/chunking.md. Threads: pure.
class Chunker {
 public:
  /// REQUIRES: 64 <= sizes.min < 87 % of sizes.mean, 4800 <= sizes.mean <= sizes.max / 2, and
  /// supported(form).
  explicit Chunker(const ChunkSizes& sizes = kChunkSizes, ChunkerForm form = ChunkerForm::best);

  /// Length of the chunk that starts at data[0]: in [min, max], or all of `data` when it is not longer than
  /// min or ends before a cut. Depends only on the first `max` bytes: give at least `max` bytes unless the
  /// file ends earlier. Cost: 0.04-0.1 ns a byte in SIMD forms, about 1 ns in the portable one.
  [[nodiscard]] std::size_t next(Bytes data) const;

  /// True when this processor can run `form`.
  static bool supported(ChunkerForm form);

 private:
  ChunkSizes sizes_;
  ChunkerForm form_;
  std::uint64_t early_threshold_;
  std::uint64_t late_threshold_;
};

}  // namespace cairn::codec
