// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::text {
namespace {

/// What DVC's loader makes of each plain scalar, as canonical text.
struct Row {
  const char* plain;
  const char* meaning;
};

class PlainScalar : public testing::TestWithParam<Row> {};

TEST_P(PlainScalar, MeansWhatDvcReads) {
  const auto [plain, meaning] = GetParam();
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml("k: " + std::string(plain) + "\n", "p"));
  EXPECT_EQ(canonical(*root.find("k")), meaning);
  EXPECT_EQ(root.find("k")->raw(), plain);
}

INSTANTIATE_TEST_SUITE_P(Words, PlainScalar,
                         testing::Values(Row{"yes", "\"yes\""}, Row{"on", "\"on\""}, Row{"y", "\"y\""},
                                         Row{"No", "\"No\""}, Row{"True", "true"}, Row{"true", "true"},
                                         Row{"TRUE", "true"}, Row{"tRUE", "\"tRUE\""}, Row{"False", "false"},
                                         Row{"FALSE", "false"}, Row{"~", "null"}, Row{"null", "null"},
                                         Row{"Null", "null"}, Row{"NULL", "null"}, Row{"None", "\"None\""},
                                         Row{"", "null"}, Row{"nan", "\"nan\""}, Row{"==", "\"==\""}));

INSTANTIATE_TEST_SUITE_P(Integers, PlainScalar,
                         testing::Values(Row{"010", "10"}, Row{"089", "89"}, Row{"0o10", "8"},
                                         Row{"0x1F", "31"}, Row{"0b11", "3"}, Row{"1_000", "1000"},
                                         Row{"+12", "12"}, Row{"-12", "-12"}, Row{"-0x10", "-16"},
                                         Row{"0", "0"}, Row{"9223372036854775807", "9223372036854775807"},
                                         Row{"-9223372036854775808", "-9223372036854775808"},
                                         Row{"0b12", "\"0b12\""}, Row{"0o8", "\"0o8\""}, Row{"0x", "\"0x\""},
                                         Row{"0xg", "\"0xg\""}, Row{"0B1", "\"0B1\""}, Row{"+", "\"+\""},
                                         Row{"_1", "\"_1\""}, Row{"1__0", "10"}));

INSTANTIATE_TEST_SUITE_P(Floats, PlainScalar,
                         testing::Values(Row{"1e3", "1000.0"}, Row{"1e-3", "0.001"}, Row{"1E5", "1e+05"},
                                         Row{"0123e4", "1230000.0"}, Row{".5", "0.5"}, Row{"1.", "1.0"},
                                         Row{"-.5", "-0.5"}, Row{"5e-3", "0.005"}, Row{"1_0.5", "10.5"},
                                         Row{".inf", ".inf"}, Row{"-.inf", "-.inf"}, Row{"+.INF", ".inf"},
                                         Row{".NaN", ".nan"}, Row{".nan", ".nan"}, Row{".5e3", "\".5e3\""},
                                         Row{".5e+3", "500.0"}, Row{"1e", "\"1e\""}, Row{".", "\".\""},
                                         Row{"1.5.2", "\"1.5.2\""}, Row{"-0.0", "-0.0"},
                                         Row{"1e5x", "\"1e5x\""}));

INSTANTIATE_TEST_SUITE_P(DatesAndTimes, PlainScalar,
                         testing::Values(Row{"12:30:45", "\"12:30:45\""}, Row{"2024-01-01", "\"2024-01-01\""},
                                         Row{"2024-01-01 10:00:00", "\"2024-01-01 10:00:00\""}));

TEST(PlainScalarErrors, BareEqualsSignAndHugeNumbersAreRefusedWithTheirPlace) {
  for (const char* bad :
       {"=", "9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFFF", "1e999"}) {
    EXPECT_THAT(parse_yaml("a: 1\nk: " + std::string(bad), "p"),
                cairn::test::FailsWith(Code::malformed, "p:2:4: "))
        << bad;
  }
}

TEST(QuotedScalar, IsAlwaysAString) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml("['010', \"true\", '~', !!str 1, ! 2, 2024-01-01]", "p"));
  const Style styles[] = {Style::single_quoted, Style::double_quoted, Style::single_quoted,
                          Style::plain,         Style::plain,         Style::plain};
  ASSERT_EQ(root.items().size(), std::size(styles));
  for (std::size_t i = 0; i < std::size(styles); ++i) {
    EXPECT_EQ(root.items()[i].kind(), Kind::string) << i;
    EXPECT_EQ(root.items()[i].style(), styles[i]) << i;
  }
}

TEST(TaggedScalar, TakesItsTagsType) {
  ASSERT_OK_AND_ASSIGN(const Value root,
                       parse_yaml("[!!int \"12\", !!float 1, !!bool \"true\", !!null \"\"]", "p"));
  EXPECT_EQ(canonical(root), "[12,1.0,true,null]");
  EXPECT_THAT(parse_yaml("!!int x", "p"),
              cairn::test::FailsWith(Code::malformed, "not what its tag '!!int' says"));
}

}  // namespace
}  // namespace cairn::text
