// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace cairn::report {

/// A value and how many numbers it stands for.
struct Weighted {
  double value = 0;
  std::uint64_t weight = 0;
};

/// Numbers in ascending order with their weights, to be asked for ranks and quantiles.
class Distribution {
 public:
  Distribution() = default;
  /// REQUIRES: sorted by value.
  explicit Distribution(std::vector<Weighted> sorted);

  [[nodiscard]] bool empty() const { return points_.empty(); }
  [[nodiscard]] const std::vector<Weighted>& points() const { return points_; }
  /// Of all weights.
  [[nodiscard]] double total() const { return total_; }
  /// The smallest value with at least this share (0 to 1) of all at or below it. REQUIRES: not empty.
  [[nodiscard]] double quantile(double share) const;
  /// The share of numbers that are at most `value`; 0 when empty.
  [[nodiscard]] double share_at_most(double value) const;

 private:
  std::vector<Weighted> points_;
  double total_ = 0;
};

/// A sketch of the distribution of a stream of numbers, after Karnin, Lang, Liberty, "Optimal Quantile
/// Approximation in Streams" (2016): levels of values, each standing for twice as many numbers as on the
/// level below; a full level is sorted and every other value of it goes up. Which one comes from a fixed
/// sequence, so that the same numbers in the same order, and the same merges, give the same sketch. Exact up
/// to kLevelSize numbers; beyond, ranks are within kRankError of the truth. Memory: about 4 * kLevelSize
/// numbers at most. REQUIRES: no NaN.
class QuantileSketch {
 public:
  static constexpr std::size_t kLevelSize = 512;
  /// Share of all numbers. Of 2.3 / kLevelSize^0.97 = 0.54 % a sketch of that paper stays below in 99 of 100
  /// cases; this is twice that.
  static constexpr double kRankError = 0.011;

  void add(double value) {
    levels_.front().push_back(value);
    if (levels_.front().size() >= kLevelSize) {
      compact_full_levels();
    }
  }
  void merge(const QuantileSketch& other);

  [[nodiscard]] Distribution distribution() const;

  /// Level i holds values that stand for 2^i numbers each. Sorted, but for the first.
  [[nodiscard]] const std::vector<std::vector<double>>& levels() const { return levels_; }
  static QuantileSketch of(std::vector<std::vector<double>> levels);

 private:
  void compact_full_levels();
  void compact(std::size_t level);
  [[nodiscard]] std::size_t capacity(std::size_t level) const;
  bool next_bit();

  std::vector<std::vector<double>> levels_{1};
  std::uint64_t random_ = 0x9e3779b97f4a7c15;
};

}  // namespace cairn::report
