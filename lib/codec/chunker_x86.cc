// SPDX-License-Identifier: Apache-2.0
#include "codec/chunker_scan.h"

#if CAIRN_CHUNKER_X86

#include <immintrin.h>

#include <array>

// Each step tests 16, 32 or 64 neighbouring lengths at once. Lane k (32 bits) of phase j (0..3) holds the
// filter's sum for length first + 4k + j: its eight bytes are two neighbouring words of 32 bits, and one
// multiply-add of 16-bit words takes two factors. The loops are alike but cannot share a template: code for
// an instruction set is inlined only into functions that are compiled for it.

#define CAIRN_SSE41 __attribute__((target("sse4.1")))
#define CAIRN_AVX2 __attribute__((target("avx2")))
#define CAIRN_AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni,avx512vbmi2")))

namespace cairn::codec {
namespace {

constexpr std::int32_t pair(std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xffff) |
                                   (static_cast<std::uint32_t>(high) << 16));
}
constexpr std::int32_t kFactors01 = pair(kFactor0, kFactor1);
constexpr std::int32_t kFactors23 = pair(kFactor2, kFactor3);
constexpr auto kAddendLane = static_cast<std::int32_t>(kAddend);
constexpr auto kMaskLane = static_cast<std::int32_t>(kFilterMask);

/// A bit for each lane of each phase: set where the length passes the filter.
using Candidates = std::array<std::uint32_t, 4>;

/// First candidate that the rule accepts, in the order of lengths; 0 when there is none.
std::size_t first_cut(const std::uint8_t* data, std::size_t first, const Candidates& candidates,
                      const CutRule& rule) {
  std::uint32_t lanes = candidates[0] | candidates[1] | candidates[2] | candidates[3];
  for (; lanes != 0; lanes &= lanes - 1) {
    const auto lane = static_cast<std::size_t>(__builtin_ctz(lanes));
    for (std::size_t phase = 0; phase < 4; ++phase) {
      const std::size_t length = first + 4 * lane + phase;
      if ((candidates[phase] >> lane & 1) != 0 && strong_hash(data + length) < rule.threshold(length)) {
        return length;
      }
    }
  }
  return 0;
}

CAIRN_SSE41 inline __m128i load_128(const std::uint8_t* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

/// The filter's masked sums of one phase; `window` is 8 bytes before the phase's first length.
CAIRN_SSE41 inline __m128i sums_128(const std::uint8_t* window) {
  const __m128i low = _mm_madd_epi16(load_128(window), _mm_set1_epi32(kFactors01));
  const __m128i high = _mm_madd_epi16(load_128(window + 4), _mm_set1_epi32(kFactors23));
  const __m128i sum = _mm_add_epi32(low, _mm_add_epi32(high, _mm_set1_epi32(kAddendLane)));
  return _mm_and_si128(sum, _mm_set1_epi32(kMaskLane));
}

CAIRN_SSE41 inline std::uint32_t zero_lanes_128(__m128i sums) {
  const __m128i zero = _mm_cmpeq_epi32(sums, _mm_setzero_si128());
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(zero)));
}

CAIRN_AVX2 inline __m256i load_256(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

CAIRN_AVX2 inline __m256i sums_256(const std::uint8_t* window) {
  const __m256i low = _mm256_madd_epi16(load_256(window), _mm256_set1_epi32(kFactors01));
  const __m256i high = _mm256_madd_epi16(load_256(window + 4), _mm256_set1_epi32(kFactors23));
  const __m256i sum = _mm256_add_epi32(low, _mm256_add_epi32(high, _mm256_set1_epi32(kAddendLane)));
  return _mm256_and_si256(sum, _mm256_set1_epi32(kMaskLane));
}

CAIRN_AVX2 inline std::uint32_t zero_lanes_256(__m256i sums) {
  const __m256i zero = _mm256_cmpeq_epi32(sums, _mm256_setzero_si256());
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(zero)));
}

/// `words` and `next_words` are the first and the second word of each lane's eight bytes.
CAIRN_AVX512 inline __m512i sums_512(__m512i words, __m512i next_words) {
  const __m512i low =
      _mm512_dpwssd_epi32(_mm512_set1_epi32(kAddendLane), words, _mm512_set1_epi32(kFactors01));
  const __m512i sum = _mm512_dpwssd_epi32(low, next_words, _mm512_set1_epi32(kFactors23));
  return _mm512_and_si512(sum, _mm512_set1_epi32(kMaskLane));
}

/// All lanes; the masked form because GCC (bug 105593) warns about its own header in the plain one.
CAIRN_AVX512 inline __m512i min_512(__m512i a, __m512i b) {
  return _mm512_maskz_min_epu32(0xffff, a, b);
}

CAIRN_AVX512 inline std::uint32_t zero_lanes_512(__m512i sums) {
  return _mm512_testn_epi32_mask(sums, sums);
}

}  // namespace

CAIRN_SSE41 std::size_t scan_sse41(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  constexpr std::size_t kStep = 16;
  std::size_t first = range.begin;
  for (; first + kStep <= range.end; first += kStep) {
    const std::uint8_t* window = data + first - 8;
    const __m128i s0 = sums_128(window);
    const __m128i s1 = sums_128(window + 1);
    const __m128i s2 = sums_128(window + 2);
    const __m128i s3 = sums_128(window + 3);
    if (zero_lanes_128(_mm_min_epu32(_mm_min_epu32(s0, s1), _mm_min_epu32(s2, s3))) != 0) [[unlikely]] {
      const Candidates candidates{zero_lanes_128(s0), zero_lanes_128(s1), zero_lanes_128(s2),
                                  zero_lanes_128(s3)};
      if (const std::size_t cut = first_cut(data, first, candidates, rule); cut != 0) {
        return cut;
      }
    }
  }
  return scan_portable(data, {first, range.end}, rule);
}

CAIRN_AVX2 std::size_t scan_avx2(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  constexpr std::size_t kStep = 32;
  std::size_t first = range.begin;
  for (; first + kStep <= range.end; first += kStep) {
    const std::uint8_t* window = data + first - 8;
    const __m256i s0 = sums_256(window);
    const __m256i s1 = sums_256(window + 1);
    const __m256i s2 = sums_256(window + 2);
    const __m256i s3 = sums_256(window + 3);
    const __m256i smallest = _mm256_min_epu32(_mm256_min_epu32(s0, s1), _mm256_min_epu32(s2, s3));
    if (zero_lanes_256(smallest) != 0) [[unlikely]] {
      const Candidates candidates{zero_lanes_256(s0), zero_lanes_256(s1), zero_lanes_256(s2),
                                  zero_lanes_256(s3)};
      if (const std::size_t cut = first_cut(data, first, candidates, rule); cut != 0) {
        return cut;
      }
    }
  }
  return scan_portable(data, {first, range.end}, rule);
}

CAIRN_AVX512 std::size_t scan_avx512(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  constexpr std::size_t kStep = 64;
  std::size_t first = range.begin;
  for (; first + kStep <= range.end; first += kStep) {
    // Three loads; the phases 1 to 3 are made by shifting pairs of words.
    const std::uint8_t* window = data + first - 8;
    const __m512i w0 = _mm512_loadu_si512(window);
    const __m512i w1 = _mm512_loadu_si512(window + 4);
    const __m512i w2 = _mm512_loadu_si512(window + 8);
    const __m512i s0 = sums_512(w0, w1);
    const __m512i s1 = sums_512(_mm512_shrdi_epi32(w0, w1, 8), _mm512_shrdi_epi32(w1, w2, 8));
    const __m512i s2 = sums_512(_mm512_shrdi_epi32(w0, w1, 16), _mm512_shrdi_epi32(w1, w2, 16));
    const __m512i s3 = sums_512(_mm512_shrdi_epi32(w0, w1, 24), _mm512_shrdi_epi32(w1, w2, 24));
    const __m512i smallest = min_512(min_512(s0, s1), min_512(s2, s3));
    if (zero_lanes_512(smallest) != 0) [[unlikely]] {
      const Candidates candidates{zero_lanes_512(s0), zero_lanes_512(s1), zero_lanes_512(s2),
                                  zero_lanes_512(s3)};
      if (const std::size_t cut = first_cut(data, first, candidates, rule); cut != 0) {
        return cut;
      }
    }
  }
  return scan_portable(data, {first, range.end}, rule);
}

}  // namespace cairn::codec

#endif
