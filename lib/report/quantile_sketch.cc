// SPDX-License-Identifier: Apache-2.0
#include "report/quantile_sketch.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cairn::report {
namespace {

/// A level below the highest is smaller by this factor than the one above it, as in the paper.
constexpr double kShrink = 2.0 / 3;
constexpr std::size_t kSmallestLevel = 8;

}  // namespace

Distribution::Distribution(std::vector<Weighted> sorted) : points_(std::move(sorted)) {
  for (const Weighted& point : points_) {
    total_ += static_cast<double>(point.weight);
  }
}

double Distribution::quantile(double share) const {
  const double wanted = share * total_;
  double at = 0;
  for (const Weighted& point : points_) {
    at += static_cast<double>(point.weight);
    if (at >= wanted) {
      return point.value;
    }
  }
  return points_.back().value;
}

double Distribution::share_at_most(double value) const {
  double at = 0;
  for (const Weighted& point : points_) {
    if (point.value > value) {
      break;
    }
    at += static_cast<double>(point.weight);
  }
  return total_ > 0 ? at / total_ : 0;
}

QuantileSketch QuantileSketch::of(std::vector<std::vector<double>> levels) {
  QuantileSketch sketch;
  sketch.levels_ = std::move(levels);
  sketch.levels_.resize(std::max<std::size_t>(sketch.levels_.size(), 1));
  return sketch;
}

void QuantileSketch::merge(const QuantileSketch& other) {
  levels_.resize(std::max(levels_.size(), other.levels_.size()));
  for (std::size_t i = 0; i < other.levels_.size(); ++i) {
    const std::vector<double>& added = other.levels_[i];
    std::vector<double>& level = levels_[i];
    const auto middle = static_cast<std::ptrdiff_t>(level.size());
    level.insert(level.end(), added.begin(), added.end());
    if (i > 0) {
      std::inplace_merge(level.begin(), level.begin() + middle, level.end());
    }
  }
  compact_full_levels();
}

std::size_t QuantileSketch::capacity(std::size_t level) const {
  if (level == 0) {
    return kLevelSize - 1;
  }
  const auto depth = static_cast<double>(levels_.size() - 1 - level);
  return std::max(kSmallestLevel, static_cast<std::size_t>(std::ceil(kLevelSize * std::pow(kShrink, depth))));
}

void QuantileSketch::compact_full_levels() {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (levels_[i].size() > capacity(i)) {
      compact(i);
    }
  }
}

void QuantileSketch::compact(std::size_t level) {
  if (level + 1 == levels_.size()) {
    levels_.emplace_back();
  }
  std::vector<double>& from = levels_[level];
  std::vector<double>& to = levels_[level + 1];
  if (level == 0) {
    std::sort(from.begin(), from.end());
  }
  const auto middle = static_cast<std::ptrdiff_t>(to.size());
  const std::size_t pairs = from.size() / 2;
  for (std::size_t i = next_bit() ? 1 : 0; i < 2 * pairs; i += 2) {
    to.push_back(from[i]);
  }
  from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(2 * pairs));
  std::inplace_merge(to.begin(), to.begin() + middle, to.end());
}

bool QuantileSketch::next_bit() {
  // xorshift64, Marsaglia 2003.
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return (random_ >> 32 & 1) != 0;
}

Distribution QuantileSketch::distribution() const {
  std::vector<Weighted> points;
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    for (double value : levels_[i]) {
      points.push_back({value, std::uint64_t{1} << i});
    }
  }
  std::sort(points.begin(), points.end(),
            [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  return Distribution(std::move(points));
}

}  // namespace cairn::report
