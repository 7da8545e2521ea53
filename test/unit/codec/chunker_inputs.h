// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "support/random.h"

namespace cairn::test {

/// Numbers of splitmix64 with this seed, as little-endian bytes.
Buffer random_bytes(std::size_t size, std::uint64_t seed);
/// Rows of a counter, a number, a word and a flag.
Buffer csv_bytes(std::size_t size, std::uint64_t seed);
/// int32 numbers 0..9: few different 8-byte windows, so that many chunks need the second scan.
Buffer label_bytes(std::size_t size, std::uint64_t seed);
/// `period` random bytes again and again.
Buffer periodic_bytes(std::size_t size, std::size_t period, std::uint64_t seed);

struct NamedInput {
  std::string name;
  Buffer bytes;
};

/// The inputs of docs/format/chunking.md's test vectors.
std::vector<NamedInput> vector_inputs();

}  // namespace cairn::test
