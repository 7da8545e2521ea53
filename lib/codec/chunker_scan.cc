// SPDX-License-Identifier: Apache-2.0
#include "codec/chunker_scan.h"

#include <array>
#include <cstring>

namespace cairn::codec {
namespace {

/// Both halves of the 128-bit product, folded.
std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// 256 numbers of splitmix64 with seed 42 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014).
constexpr std::array<std::uint64_t, 256> make_gear_table() {
  std::array<std::uint64_t, 256> table{};
  std::uint64_t state = 42;
  for (std::uint64_t& entry : table) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    entry = z ^ (z >> 31);
  }
  return table;
}

constexpr std::array<std::uint64_t, 256> kGear = make_gear_table();
constexpr std::size_t kGearWindow = 64;

/// Four lanes of 32 bits in whatever registers the processor has for them.
using Lanes = std::uint32_t __attribute__((vector_size(16)));
using SignedLanes = std::int32_t __attribute__((vector_size(16)));

/// The filter's masked sums for the four lengths whose windows start at `window`, + 4, + 8 and + 12.
inline Lanes filter_sums(const std::uint8_t* window) {
  Lanes words;
  Lanes next_words;
  std::memcpy(&words, window, sizeof words);
  std::memcpy(&next_words, window + 4, sizeof next_words);
  const auto low = [](Lanes both) {
    return reinterpret_cast<Lanes>(reinterpret_cast<SignedLanes>(both << 16) >> 16);
  };
  const auto high = [](Lanes both) {
    return reinterpret_cast<Lanes>(reinterpret_cast<SignedLanes>(both) >> 16);
  };
  const Lanes sums = low(words) * static_cast<std::uint32_t>(kFactor0) +
                     high(words) * static_cast<std::uint32_t>(kFactor1) +
                     low(next_words) * static_cast<std::uint32_t>(kFactor2) +
                     high(next_words) * static_cast<std::uint32_t>(kFactor3) + kAddend;
  return sums & kFilterMask;
}

/// Whether one of the 16 lengths whose windows start at `window` ... `window` + 15 passes the filter.
inline bool any_candidate(const std::uint8_t* window) {
  const SignedLanes zero = (filter_sums(window) == 0) | (filter_sums(window + 1) == 0) |
                           (filter_sums(window + 2) == 0) | (filter_sums(window + 3) == 0);
  std::uint64_t halves[2];
  std::memcpy(halves, &zero, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

std::size_t scan_one_by_one(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  for (std::size_t length = range.begin; length < range.end; ++length) {
    if (is_candidate(data + length) && strong_hash(data + length) < rule.threshold(length)) {
      return length;
    }
  }
  return range.end;
}

}  // namespace

std::uint64_t strong_hash(const std::uint8_t* end) {
  const auto word = [end](int offset) { return load_le<std::uint64_t>(end + offset); };
  const std::uint64_t a = fold_multiply(word(-48) ^ 0xa0761d6478bd642f, word(-40) ^ 0xe7037ed1a0b428db);
  const std::uint64_t b = fold_multiply(word(-32) ^ 0x8ebc6af09c88c6e3, word(-24) ^ 0x589965cc75374cc3);
  const std::uint64_t c = fold_multiply(word(-16) ^ 0x1d8e4e27c47d124f, word(-8) ^ 0xeb44accab455d165);
  const std::uint64_t b_rotated = b << 21 | b >> 43;
  return fold_multiply(a ^ b_rotated ^ 0x9e3779b97f4a7c15, c ^ 0xd6e8feb86659fd93);
}

std::size_t scan_portable(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  constexpr std::size_t kStep = 16;
  std::size_t first = range.begin;
  for (; first + kStep <= range.end; first += kStep) {
    if (any_candidate(data + first - 8)) [[unlikely]] {
      const std::size_t cut = scan_one_by_one(data, {first, first + kStep}, rule);
      if (cut != first + kStep) {
        return cut;
      }
    }
  }
  return scan_one_by_one(data, {first, range.end}, rule);
}

std::size_t scan_gear(const std::uint8_t* data, const ScanRange& range, const CutRule& rule) {
  std::uint64_t hash = 0;
  // hash + hash, not a shift: compilers make one `lea` of the whole step.
  for (std::size_t i = range.begin - kGearWindow; i < range.begin; ++i) {
    hash = hash + hash + kGear[data[i]];
  }
  for (std::size_t length = range.begin; length < range.end; ++length) {
    if (hash < rule.threshold(length) >> kFilterBits) {
      return length;
    }
    hash = hash + hash + kGear[data[length]];
  }
  return range.end;
}

}  // namespace cairn::codec
