// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace cairn::test {

/// splitmix64: the same numbers from the same seed on every machine.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// A number from 0 to count - 1, each equally likely but for a bias of count / 2^32. REQUIRES: 0 < count <
  /// 2^32.
  std::uint64_t below(std::uint64_t count) { return ((next() >> 32) * count) >> 32; }

 private:
  std::uint64_t state_;
};

}  // namespace cairn::test
