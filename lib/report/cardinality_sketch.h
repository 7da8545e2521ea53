// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace cairn::report {

/// How many different values a stream has: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007) with the
/// estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017). Standard error
/// 1.04 / sqrt(kRegisters), 1.6 %. The same for the same set of values in any order.
class CardinalitySketch {
 public:
  static constexpr unsigned kBits = 12;
  static constexpr std::size_t kRegisters = std::size_t{1} << kBits;

  /// `hash`: 64 bits that are uniform.
  void add(std::uint64_t hash) {
    if (registers_.empty()) {
      registers_.resize(kRegisters);
    }
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(hash << kBits | kStop) + 1);
    std::uint8_t& highest = registers_[hash >> (64 - kBits)];
    highest = std::max(highest, rank);
  }
  void merge(const CardinalitySketch& other);
  [[nodiscard]] double estimate() const;

  /// kRegisters ranks, or none where nothing was added.
  [[nodiscard]] const std::vector<std::uint8_t>& registers() const { return registers_; }
  /// REQUIRES: as registers(); no rank is above kHighestRank.
  static CardinalitySketch of(std::vector<std::uint8_t> registers);
  static constexpr std::uint8_t kHighestRank = 64 - kBits + 1;

 private:
  /// Ends the run of zeros of a hash that has no other bit.
  static constexpr std::uint64_t kStop = std::uint64_t{1} << (kBits - 1);

  std::vector<std::uint8_t> registers_;
};

}  // namespace cairn::report
