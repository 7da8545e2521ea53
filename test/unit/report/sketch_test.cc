// SPDX-License-Identifier: Apache-2.0
// The sketches against what they stand for, on seeded data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "codec/hash.h"
#include "report/cardinality_sketch.h"
#include "report/moments.h"
#include "report/quantile_sketch.h"
#include "report/top_values.h"
#include "support/random.h"

namespace cairn::report {
namespace {

double uniform(test::SplitMix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

std::uint64_t hash_of(std::string_view text) {
  return codec::checksum(as_bytes(text));
}

TEST(QuantileSketch, IsExactForFewNumbers) {
  QuantileSketch sketch;
  for (int i = 511; i > 0; --i) {
    sketch.add(i);
  }
  const Distribution numbers = sketch.distribution();
  EXPECT_EQ(numbers.total(), 511);
  EXPECT_EQ(numbers.quantile(0), 1);
  EXPECT_EQ(numbers.quantile(0.5), 256);
  EXPECT_EQ(numbers.quantile(1), 511);
  EXPECT_EQ(numbers.share_at_most(0.5), 0);
  EXPECT_DOUBLE_EQ(numbers.share_at_most(100.5), 100 / 511.0);
}

/// The greatest difference between a sketch's ranks and the true ones.
double rank_error(std::vector<double> values, const QuantileSketch& sketch) {
  std::sort(values.begin(), values.end());
  const Distribution numbers = sketch.distribution();
  double greatest = 0;
  for (int i = 0; i <= 200; ++i) {
    const double value = values[(values.size() - 1) * static_cast<std::size_t>(i) / 200];
    const auto below = std::upper_bound(values.begin(), values.end(), value) - values.begin();
    const double share = static_cast<double>(below) / static_cast<double>(values.size());
    greatest = std::max(greatest, std::abs(share - numbers.share_at_most(value)));
  }
  return greatest;
}

TEST(QuantileSketch, StaysWithinItsBound) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    test::SplitMix64 random(seed);
    std::vector<double> values;
    QuantileSketch whole;
    QuantileSketch merged;
    QuantileSketch part;
    for (int i = 0; i < 100000; ++i) {
      // Ascending for some seeds: the order must not matter.
      const double value = seed % 3 == 0 ? i : std::exp(8 * uniform(random));
      values.push_back(value);
      whole.add(value);
      part.add(value);
      if (i % 7001 == 7000) {
        merged.merge(part);
        part = QuantileSketch();
      }
    }
    merged.merge(part);
    EXPECT_EQ(whole.distribution().total(), 100000);
    EXPECT_EQ(merged.distribution().total(), 100000);
    EXPECT_LT(rank_error(values, whole), QuantileSketch::kRankError) << seed;
    EXPECT_LT(rank_error(values, merged), QuantileSketch::kRankError) << seed;
    EXPECT_LT(merged.distribution().points().size(), 4 * QuantileSketch::kLevelSize);
  }
}

TEST(CardinalitySketch, StaysWithinFourStandardErrors) {
  for (const unsigned count : {1U, 10U, 100U, 3000U, 20000U, 300000U}) {
    CardinalitySketch one;
    CardinalitySketch other;
    for (unsigned i = 0; i < count; ++i) {
      (i % 2 == 0 ? one : other).add(hash_of("value " + std::to_string(i)));
      one.add(hash_of("value " + std::to_string(i / 2 * 2)));  // again
    }
    one.merge(other);
    EXPECT_NEAR(one.estimate(), count, std::max(0.5, 4 * 0.01625 * count)) << count;
  }
  EXPECT_EQ(CardinalitySketch().estimate(), 0);
}

TEST(TopValues, CountsExactlyWhileThereIsRoom) {
  TopValues values;
  for (unsigned i = 0; i < 10000; ++i) {
    const std::string text = "v" + std::to_string(i % 256);
    values.add(hash_of(text), text);
  }
  EXPECT_TRUE(values.exact());
  ASSERT_EQ(values.items().size(), 256U);
  EXPECT_EQ(values.items().front().count, 40U);
  EXPECT_EQ(values.items().front().text, "v0");
  EXPECT_EQ(values.items().back().count, 39U);
}

TEST(TopValues, CountsOfASkewedStreamAreLowByAtMostTheError) {
  test::SplitMix64 random(7);
  std::map<std::string, std::uint64_t> counts;
  TopValues all;
  TopValues part;
  constexpr unsigned kStream = 200000;
  for (unsigned i = 0; i < kStream; ++i) {
    const std::string text = std::to_string(static_cast<unsigned>(1 / (uniform(random) + 1e-6)));
    ++counts[text];
    part.add(hash_of(text), text);
    if (i % 9973 == 0) {
      all.merge(part);
      part = TopValues();
    }
  }
  all.merge(part);
  ASSERT_GT(counts.size(), TopValues::kCapacity);
  EXPECT_LE(all.size(), TopValues::kCapacity);
  EXPECT_FALSE(all.exact());
  EXPECT_LE(all.error(), 2 * kStream / TopValues::kCapacity);
  std::map<std::string, std::uint64_t> kept;
  for (const TopValues::Item& item : all.items()) {
    kept[item.text] = item.count;
  }
  for (const auto& [text, count] : counts) {
    EXPECT_LE(kept[text], count);
    EXPECT_GE(kept[text] + all.error(), count) << text;
  }
}

TEST(TopValues, CutsLongTexts) {
  TopValues values;
  const std::string text(1000, 'x');
  values.add(hash_of(text), text);
  values.add(hash_of(text + "y"), text + "y");
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values.items().front().text.size(), TopValues::kShownBytes);
}

TEST(Moments, OfPartsAreThoseOfTheWhole) {
  test::SplitMix64 random(3);
  Moments merged;
  Moments part;
  long double sum = 0;
  long double squares = 0;
  constexpr int kCount = 50000;
  constexpr double kOffset = 1e9;  // where sums of squares alone would lose all digits
  for (int i = 0; i < kCount; ++i) {
    const double value = kOffset + uniform(random);
    const long double distance = static_cast<long double>(value) - kOffset;
    sum += distance;
    squares += distance * distance;
    part.add(value);
    if (i % 1234 == 0) {
      merged.merge(part);
      part = Moments();
    }
  }
  merged.merge(part);
  const auto mean = static_cast<double>(sum / kCount);
  const auto variance = static_cast<double>(squares / kCount) - mean * mean;
  EXPECT_EQ(merged.count(), 50000U);
  EXPECT_NEAR(merged.mean() - kOffset, mean, 1e-6);
  EXPECT_NEAR(merged.deviation(), std::sqrt(variance), 1e-6);
}

TEST(Moments, LeaveInfinityOutOfTheMean) {
  Moments moments;
  moments.add(1);
  moments.add(-INFINITY);
  moments.add(3);
  EXPECT_EQ(moments.mean(), 2);
  EXPECT_EQ(moments.low(), -INFINITY);
  EXPECT_EQ(moments.high(), 3);
}

}  // namespace
}  // namespace cairn::report
