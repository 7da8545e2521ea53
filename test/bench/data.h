// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "support/random.h"

namespace cairn::bench {

/// Made-up words with frequencies as in texts: the k-th word is about 1/k as frequent as the first.
class Vocabulary {
 public:
  Vocabulary();
  /// A word for running text.
  const std::string& pick(test::SplitMix64& random) const;
  /// A word of the first `count`, all alike. REQUIRES: count <= 16383.
  const std::string& pick_of(std::size_t count, test::SplitMix64& random) const;

 private:
  std::vector<std::string> words_;
};

/// A table of orders, row by row: dates, skewed categories, numbers of several kinds and short comments,
/// about 130 bytes a row and 2.2-2.5 times smaller with zstd -1. The same bytes from the same seed on every
/// machine.
class CsvTable {
 public:
  explicit CsvTable(std::uint64_t seed) : random_(seed) {}
  static std::string header();
  /// Appends the next row with its line feed.
  void append_row(std::string& out);
  /// Appends rows until `out` has at least `size` bytes.
  void fill(std::string& out, std::size_t size);

 private:
  void append_time(std::string& out);
  void append_comment(std::string& out);

  test::SplitMix64 random_;
  Vocabulary vocabulary_;
  std::uint64_t id_ = 1000000;
  std::uint64_t seconds_ = 1600000000;
};

/// Log-like text of about `size` bytes, 1.5-3 times smaller with zstd -1.
std::string small_text(const Vocabulary& vocabulary, std::size_t size, test::SplitMix64& random);

/// Incompressible bytes, a multiple of 8 rounded up to.
void fill_random(Buffer& out, std::size_t size, test::SplitMix64& random);

}  // namespace cairn::bench
