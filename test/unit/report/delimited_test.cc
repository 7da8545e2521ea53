// SPDX-License-Identifier: Apache-2.0
#include "report/delimited.h"

#include "support/matchers.h"

namespace cairn::report {
namespace {

std::string parsed(std::string_view text, char separator = ',') {
  auto rows = parse_delimited(text, "p.csv", separator);
  return rows.ok() ? text::canonical(*rows) : rows.error().message();
}

TEST(ParseDelimited, TakesColumnsFromTheHeader) {
  EXPECT_EQ(parsed("step,loss\n1,0.5\n2,low\n"), R"([{"loss":0.5,"step":1},{"loss":"low","step":2}])");
}

TEST(ParseDelimited, AcceptsTabsCrlfAMarkAndNoLastLineBreak) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF"
                   "a\tb\r\n1\t2\r\n\r\n3\t4",
                   '\t'),
            R"([{"a":1,"b":2},{"a":3,"b":4}])");
}

TEST(ParseDelimited, ReadsQuotedCells) {
  EXPECT_EQ(parsed("a,b\n\"x,\"\"y\"\"\n2\",3\n"), R"([{"a":"x,\"y\"\n2","b":3}])");
}

TEST(ParseDelimited, NamesCellsBeyondTheHeaderByTheirNumber) {
  EXPECT_EQ(parsed("a\n1,2\n"), R"([{"2":2,"a":1}])");
}

TEST(ParseDelimited, NamesTheLineOfAnOpenQuote) {
  EXPECT_EQ(parsed("a\n1\n\"x\n"), "p.csv:3: a quoted cell is not closed");
}

TEST(ParsePoints, TakesTheFirstListOfMaps) {
  EXPECT_EQ(text::canonical(*parse_points(R"({"n": 1, "roc": {"points": [{"x": 0}, {"x": 1}]}})", "r.json")),
            R"([{"x":0},{"x":1}])");
  EXPECT_THAT(parse_points("{\"n\": 1}", "r.json"), test::FailsWith(Code::malformed, ""));
}

TEST(ParsePoints, RefusesFilesOfOtherKinds) {
  EXPECT_THAT(parse_points("", "roc.png"), test::FailsWith(Code::unsupported, ""));
}

}  // namespace
}  // namespace cairn::report
