// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace cairn::report {

/// Count, smallest, largest, mean and variance of numbers. Sums are kept relative to a value of the data (its
/// first, after merge() the mean), which keeps the accuracy of Welford's method without a division for each
/// number; parts are merged as in Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for
/// Computing Sample Variances" (1979). Infinities count for smallest and largest only. REQUIRES: no NaN.
class Moments {
 public:
  void add(double value) {
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    if (!std::isfinite(value)) {
      return;
    }
    if (count_ == 0) {
      shift_ = value;
    }
    const double distance = value - shift_;
    ++count_;
    sum_ += distance;
    squares_ += distance * distance;
  }

  void merge(const Moments& other) {
    low_ = std::min(low_, other.low_);
    high_ = std::max(high_, other.high_);
    if (other.count_ == 0) {
      return;
    }
    const auto before = static_cast<double>(count_);
    const auto added = static_cast<double>(other.count_);
    const double distance = count_ == 0 ? 0 : other.mean() - mean();
    const double mean = count_ == 0 ? other.mean() : this->mean() + distance * added / (before + added);
    squares_ = squared_distances() + other.squared_distances() +
               distance * distance * before * added / (before + added);
    count_ += other.count_;
    shift_ = mean;
    sum_ = 0;
  }

  /// Finite numbers. The values below REQUIRE at least one.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return shift_ + sum_ / static_cast<double>(count_); }
  /// Of the numbers as a whole population.
  [[nodiscard]] double deviation() const {
    return std::sqrt(std::max(0.0, squared_distances()) / static_cast<double>(count_));
  }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

  /// Sum of the squared distances from the mean.
  [[nodiscard]] double squared_distances() const {
    return count_ == 0 ? 0 : squares_ - sum_ * sum_ / static_cast<double>(count_);
  }

  /// What the functions above gave, put together again.
  static Moments of(std::uint64_t count, double mean, double squared_distances, double low, double high) {
    Moments moments;
    moments.count_ = count;
    moments.shift_ = mean;
    moments.squares_ = squared_distances;
    moments.low_ = low;
    moments.high_ = high;
    return moments;
  }

 private:
  std::uint64_t count_ = 0;
  double shift_ = 0;
  double sum_ = 0;      // of value - shift_
  double squares_ = 0;  // of (value - shift_)^2
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace cairn::report
