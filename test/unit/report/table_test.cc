// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <gtest/gtest.h>

#include "report/format.h"

namespace cairn::report {
namespace {

TEST(Table, TextIsAlignedAndShowsADashForNothing) {
  EXPECT_EQ(as_text({{"Path", "acc"}, {{"m.json", "0.9"}, {"longer.json"}}}),
            "Path         acc\n"
            "m.json       0.9\n"
            "longer.json  -\n");
}

TEST(Table, TextEscapesWhatATerminalWouldObey) {
  EXPECT_EQ(as_text({{"k"}, {{"a\033[1m"}}}), "k\na\\x1b[1m\n");
}

TEST(Table, TextWithoutRowsIsEmpty) {
  EXPECT_EQ(as_text({{"Path"}, {}}), "");
}

TEST(Table, WidthCountsCodePoints) {
  EXPECT_EQ(aligned({{"é", "x"}, {"ab", "y"}}), "é   x\nab  y\n");
}

TEST(Table, MarkdownHasARuleAndEscapesBars) {
  EXPECT_EQ(as_markdown({{"Path", "v"}, {{"a|b", "one\ntwo"}, {"c"}}}),
            "| Path | v |\n|---|---|\n| a\\|b | one two |\n| c |  |\n");
}

TEST(Table, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(as_csv({{"Path", "v"}, {{"a,b", "say \"x\""}, {"c"}}}),
            "Path,v\n\"a,b\",\"say \"\"x\"\"\"\nc,\n");
}

TEST(Format, CutsNumbersToSignificantDigits) {
  EXPECT_EQ(format(text::Value::floating(0.123456789), 5), "0.12346");
  EXPECT_EQ(format(text::Value::floating(12345678.0), 5), "1.2346e+07");
  EXPECT_EQ(format(text::Value::floating(0.95), 5), "0.95");
  EXPECT_EQ(format(text::Value::floating(0.1), std::nullopt), "0.1");
}

TEST(Format, LeavesIntegersAndStringsAlone) {
  EXPECT_EQ(format(text::Value::integer(123456789), 3), "123456789");
  EXPECT_EQ(format(text::Value::string("1.23456789"), 3), "1.23456789");
}

TEST(Format, ShowsListsMapsAndNothing) {
  EXPECT_EQ(format(text::Value::list({text::Value::floating(1.23456), text::Value::string("a")}), 3),
            "[1.23, a]");
  EXPECT_EQ(format(text::Value::null(), 5), "");
  EXPECT_EQ(format(text::Value::boolean(true), 5), "true");
}

}  // namespace
}  // namespace cairn::report
