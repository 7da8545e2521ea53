// SPDX-License-Identifier: Apache-2.0
#include "report/drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <set>

#include "support/matchers.h"
#include "support/random.h"

namespace cairn::report {
namespace {

class QuietLog : public Log {
 public:
  void warn(std::string_view) override {}
  void info(std::string_view) override {}
  void debug(std::string_view) override {}
};

Profile profile_of(std::string_view text) {
  QuietLog log;
  Progress progress;
  const std::atomic<bool> stop{false};
  MemorySource source(text);
  return build_profile(source, RecordFormat::csv, "a.csv", {log, progress, stop, 1}).value();
}

TableDrift drift_of(std::string_view before, std::string_view after) {
  return compare_profiles(profile_of(before), profile_of(after));
}

const ColumnDrift& column_of(const TableDrift& drift, std::string_view name) {
  for (const ColumnDrift& column : drift.columns) {
    if (column.column == name) {
      return column;
    }
  }
  ADD_FAILURE() << name;
  return drift.columns.front();
}

std::vector<DriftHit> hits_of(const TableDrift& drift, std::string_view rules,
                              const std::vector<std::string>& columns = {}) {
  return check_drift(drift, pipeline::parse_drift_rules(rules).value(), columns);
}

TEST(PopulationStability, IsAsComputedByHand) {
  EXPECT_DOUBLE_EQ(population_stability({0.5, 0.5}, {0.5, 0.5}), 0);
  EXPECT_DOUBLE_EQ(population_stability({0.5, 0.5}, {0.25, 0.75}),
                   -0.25 * std::log(0.5) + 0.25 * std::log(1.5));
  EXPECT_DOUBLE_EQ(population_stability({1, 0}, {0, 1}), 2 * (1 - 1e-4) * std::log(1e4));
}

TEST(KolmogorovSmirnov, IsAsComputedByHand) {
  const Distribution before({{1, 1}, {2, 1}, {3, 1}, {4, 1}});
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(before, before), 0);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(before, Distribution({{3, 1}, {4, 1}, {5, 2}})), 0.5);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(before, Distribution({{10, 3}})), 1);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(Distribution({{2, 1}, {2, 2}}), Distribution({{2, 7}})), 0);
}

TEST(CompareProfiles, OfFewRowsIsExact) {
  std::string before = "x,c\n";
  std::string after = "x,c\n";
  for (int i = 1; i <= 100; ++i) {
    before += std::to_string(i) + (i <= 80 ? ",a\n" : ",b\n");
    after += std::to_string(i + 20) + (i <= 50 ? ",a\n" : i <= 90 ? ",b\n" : ",c\n");
  }
  const TableDrift drift = drift_of(before, after);
  // 1..100 against 21..120: at 20 the shares are 0.2 and 0; in the deciles 0.1 each before; after, the first
  // two have none and what is above 90 has 0.3.
  const ColumnDrift& x = column_of(drift, "x");
  EXPECT_DOUBLE_EQ(x.ks.value(), 0.2);
  EXPECT_NEAR(x.psi.value(), 2 * (1e-4 - 0.1) * std::log(1e-3) + 0.2 * std::log(3), 1e-9);
  EXPECT_DOUBLE_EQ(x.mean_before.value(), 50.5);
  EXPECT_DOUBLE_EQ(x.mean_after.value(), 70.5);
  const ColumnDrift& c = column_of(drift, "c");
  EXPECT_NEAR(c.psi.value(),
              -0.3 * std::log(0.5 / 0.8) + 0.2 * std::log(2) + (0.1 - 1e-4) * std::log(0.1 / 1e-4), 1e-9);
  EXPECT_FALSE(c.ks.has_value());
  EXPECT_EQ(c.unseen, std::vector<std::string>{"c"});
  EXPECT_DOUBLE_EQ(c.unseen_share, 0.1);
}

TEST(CompareProfiles, TellsChangesOfTheSchema) {
  const TableDrift drift = drift_of("a,b,c,d\n1,x,1,\n2,y,2,\n", "a,c,d,e\n1,x,5,1\n2,y,6,2\n");
  std::string lines;
  for (const ColumnDrift& column : drift.columns) {
    lines += column.column + ": " + std::string(column.verdict()) + "\n";
  }
  EXPECT_EQ(lines, "b: gone\nc: type changed\ne: new\nd: shifted\na: same\n");
}

TEST(CheckDrift, NamesColumnMeasureValueAndLimit) {
  const TableDrift drift = drift_of("a,b,n\n1,x,1\n2,y,2\n", "a,c,n\n1,x,\n2,y,2\n");
  const auto hits = hits_of(drift, "psi>0.2,nulls>0.05,schema");
  std::string texts;
  for (const DriftHit& hit : hits) {
    texts += hit.text + "\n";
  }
  EXPECT_EQ(texts,
            "column 'b' is gone\ncolumn 'c' is new\ncolumn 'n': psi 4.604 is above 0.2\n"
            "column 'n': nulls 0.5 is above 0.05\n");
  EXPECT_EQ(hits_of(drift, "schema,nulls>0.05", {"n", "a"}).size(), 1U);
  EXPECT_TRUE(hits_of(drift, "nulls>0.5").empty());
}

TEST(ParseDriftRules, ReadsRules) {
  ASSERT_OK_AND_ASSIGN(const auto rules, pipeline::parse_drift_rules(" psi > 0.2 ,schema,ks>1e-2"));
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[0].limit, 0.2);
  EXPECT_EQ(rules[1].measure, pipeline::DriftMeasure::schema);
  EXPECT_EQ(rules[2].limit, 0.01);
  for (const char* bad :
       {"", "psi", "psi>", "psi>x", "psi>0.2,", "PSI>0.2", "schema>1", "ks>nan", "psi>=1"}) {
    EXPECT_THAT(pipeline::parse_drift_rules(bad), test::FailsWith(Code::malformed, "is no rule of drift"))
        << bad;
  }
}

double normal(test::SplitMix64& random) {
  const auto uniform = [&random] { return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53; };
  return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
}

/// 10,000 rows of numbers of several kinds and a category; one column may be shifted.
std::string seeded_table(std::uint64_t seed, std::string_view shifted) {
  test::SplitMix64 random(seed);
  const auto shift = [&](std::string_view column, double by) { return column == shifted ? by : 0; };
  std::string text = "normal,skewed,count,category,id\n";
  for (int i = 0; i < 10000; ++i) {
    text += std::to_string(normal(random) + shift("normal", 0.5)) + ",";
    text += std::to_string(std::exp(normal(random) + shift("skewed", 0.5))) + ",";
    text += std::to_string(random.below(20) +
                           (random.below(3) == 0 ? 1 : 0) * static_cast<unsigned>(shift("count", 9))) +
            ",";
    const auto category = static_cast<unsigned>(std::abs(normal(random)) * 3 + shift("category", 1.5));
    text += "k" + std::to_string(category) + "," + std::to_string(random.next()) + "\n";
  }
  return text;
}

TEST(Drift, IsFoundWhereItIsAndNowhereElse) {
  constexpr std::array<std::string_view, 5> kShifted = {"normal", "skewed", "count", "category", "none"};
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::string_view shifted = kShifted[seed % kShifted.size()];
    const TableDrift drift = drift_of(seeded_table(2 * seed, "none"), seeded_table(2 * seed + 1, shifted));
    std::set<std::string> found;
    for (const DriftHit& hit : hits_of(drift, "psi>0.2,ks>0.1,nulls>0.05,schema")) {
      found.insert(hit.column);
    }
    EXPECT_EQ(found,
              shifted == "none" ? std::set<std::string>() : std::set<std::string>{std::string(shifted)})
        << "seed " << seed;
  }
}

TEST(DriftReport, HasALineAColumn) {
  EXPECT_EQ(drift_text(drift_of("a,b\n1,x\n2,y\n", "a,c\n1,\n2,y\n")),
            "Column  Verdict  Type     PSI    KS     Missing  Mean        Unseen values\n"
            "b       gone     text     -      -      -        -           -\n"
            "c       new      text     -      -      -        -           -\n"
            "a       same     integer  0.000  0.000  -        1.5 -> 1.5  -\n");
}

TEST(DriftReport, HasChartsAndNoMarkupOfTheData) {
  const std::string html = drift_html(drift_of("a\n<b>\n", "a\n<i>\n"));
  EXPECT_THAT(html, ::testing::HasSubstr("<svg"));
  EXPECT_THAT(html, ::testing::HasSubstr("&lt;b&gt;: 100.0 % before, 0.0 % after"));
  EXPECT_THAT(html, ::testing::Not(::testing::HasSubstr("<i>")));
}

}  // namespace
}  // namespace cairn::report
