// SPDX-License-Identifier: Apache-2.0
#include "report/cardinality_sketch.h"

#include <cmath>

namespace cairn::report {
namespace {

/// sigma and tau of the paper's algorithm 6.
double sigma(double x) {
  if (x == 1) {
    return INFINITY;
  }
  double y = 1;
  double z = x;
  for (double before = -1; z != before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0 || x == 1) {
    return 0;
  }
  double y = 1;
  double z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void CardinalitySketch::merge(const CardinalitySketch& other) {
  registers_.resize(std::max(registers_.size(), other.registers_.size()));
  for (std::size_t i = 0; i < other.registers_.size(); ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

double CardinalitySketch::estimate() const {
  if (registers_.empty()) {
    return 0;
  }
  std::array<unsigned, kHighestRank + 1> counts{};
  for (std::uint8_t rank : registers_) {
    ++counts[rank];
  }
  constexpr auto kCount = static_cast<double>(kRegisters);
  double z = kCount * tau(1 - counts[kHighestRank] / kCount);
  for (unsigned rank = kHighestRank - 1; rank > 0; --rank) {
    z = 0.5 * (z + counts[rank]);
  }
  z += kCount * sigma(counts[0] / kCount);
  return kCount * kCount / (2 * std::log(2.0) * z);
}

CardinalitySketch CardinalitySketch::of(std::vector<std::uint8_t> registers) {
  CardinalitySketch sketch;
  sketch.registers_ = std::move(registers);
  return sketch;
}

}  // namespace cairn::report
