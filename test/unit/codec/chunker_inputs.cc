// SPDX-License-Identifier: Apache-2.0
#include "unit/codec/chunker_inputs.h"

#include <array>
#include <string_view>

namespace cairn::test {

Buffer random_bytes(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  Buffer bytes;
  while (bytes.size() < size) {
    append_le(bytes, random.next());
  }
  bytes.resize(size);
  return bytes;
}

Buffer csv_bytes(std::size_t size, std::uint64_t seed) {
  constexpr std::array<std::string_view, 8> kWords{"alpha",   "beta",    "gamma",    "delta",
                                                   "pending", "shipped", "returned", "lost"};
  SplitMix64 random(seed);
  Buffer bytes;
  for (std::uint64_t row = 0; bytes.size() < size; ++row) {
    const std::uint64_t number = random.next();
    append(bytes,
           as_bytes(std::to_string(row) + "," + std::to_string(number % 100000) + "," +
                    std::string(kWords[number >> 61]) + "," + std::to_string((number >> 32) % 2) + "\n"));
  }
  bytes.resize(size);
  return bytes;
}

Buffer label_bytes(std::size_t size, std::uint64_t seed) {
  SplitMix64 random(seed);
  Buffer bytes;
  while (bytes.size() < size) {
    append_le(bytes, static_cast<std::uint32_t>(random.next() % 10));
  }
  bytes.resize(size);
  return bytes;
}

Buffer periodic_bytes(std::size_t size, std::size_t period, std::uint64_t seed) {
  Buffer bytes = random_bytes(period, seed);
  bytes.resize(size);
  for (std::size_t i = period; i < size; ++i) {
    bytes[i] = bytes[i - period];
  }
  return bytes;
}

std::vector<NamedInput> vector_inputs() {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  return {{"random", random_bytes(4 * kMiB, 1)},
          {"csv", csv_bytes(4 * kMiB, 2)},
          {"labels", label_bytes(4 * kMiB, 3)},
          {"period-13", periodic_bytes(kMiB, 13, 4)},
          {"period-40000", periodic_bytes(kMiB, 40000, 5)},
          {"zeros", Buffer(kMiB)}};
}

}  // namespace cairn::test
