// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

// What the forms of the chunker share; used only by chunker*.cc. The rules are those of
// docs/format/chunking.md.

#if defined(__x86_64__)
#define CAIRN_CHUNKER_X86 1
#else
#define CAIRN_CHUNKER_X86 0
#endif

namespace cairn::codec {

/// How readily a length becomes the cut.
struct CutRule {
  std::size_t switch_length = 0;  ///< shorter cuts use `early`, others `late`
  std::uint64_t early = 0;
  std::uint64_t late = 0;

  [[nodiscard]] std::uint64_t threshold(std::size_t length) const {
    return length < switch_length ? early : late;
  }
};

/// Lengths to try: [begin, end). REQUIRES: begin >= 64, and `end` bytes of data.
struct ScanRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The filter's constants: factors of the four 16-bit words, the addend, and the bits that must be zero.
inline constexpr unsigned kFilterBits = 10;
inline constexpr std::int32_t kFactor0 = 0x6a35;
inline constexpr std::int32_t kFactor1 = -0x3d49;
inline constexpr std::int32_t kFactor2 = 0x5c8b;
inline constexpr std::int32_t kFactor3 = -0x716f;
inline constexpr std::uint32_t kAddend = 0x1b873593;
inline constexpr std::uint32_t kFilterMask = ((1U << kFilterBits) - 1) << 14;

/// Whether the 8 bytes before `end` pass the filter.
inline bool is_candidate(const std::uint8_t* end) {
  const auto product = [end](int offset, std::int32_t factor) {
    return static_cast<std::uint32_t>(load_le<std::int16_t>(end + offset) * factor);
  };
  const std::uint32_t sum =
      product(-8, kFactor0) + product(-6, kFactor1) + product(-4, kFactor2) + product(-2, kFactor3) + kAddend;
  return (sum & kFilterMask) == 0;
}

/// Hash of the 48 bytes before `end`.
std::uint64_t strong_hash(const std::uint8_t* end);

/// First length in `range` that passes the filter and the rule; range.end when there is none. All give the
/// same.
std::size_t scan_portable(const std::uint8_t* data, const ScanRange& range, const CutRule& rule);
#if CAIRN_CHUNKER_X86
std::size_t scan_sse41(const std::uint8_t* data, const ScanRange& range, const CutRule& rule);
std::size_t scan_avx2(const std::uint8_t* data, const ScanRange& range, const CutRule& rule);
std::size_t scan_avx512(const std::uint8_t* data, const ScanRange& range, const CutRule& rule);
#endif

/// First length in `range` whose 64-byte gear hash is below the rule's threshold >> kFilterBits; range.end
/// when there is none. For data with few different 8-byte windows.
std::size_t scan_gear(const std::uint8_t* data, const ScanRange& range, const CutRule& rule);

}  // namespace cairn::codec
