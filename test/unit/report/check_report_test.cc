// SPDX-License-Identifier: Apache-2.0
#include "report/check_report.h"

#include <gmock/gmock.h>

#include <set>

namespace cairn::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

CheckProblem problem(CheckState state, const std::string& path, unsigned line, const std::string& message,
                     const std::string& hint = "") {
  return {state, path, line, Error(Code::conflict, message, hint)};
}

CheckReport mixed() {
  CheckReport report;
  report.folder = "sub";
  report.checks = {
      {"commit", "HEAD is 0123", {}},
      {"data", "2 tracked paths", {problem(CheckState::failed, "a.cairn", 1, "'a' is gone", "cairn push a")}},
      {"metrics", "1 metric", {problem(CheckState::unknown, "cairn.yaml", 7, "not here")}}};
  report.bytes_read = 10;
  report.data_bytes = 4000;
  return report;
}

TEST(CheckReport, AFailureOutweighsWhatIsNotKnown) {
  CheckReport report = mixed();
  EXPECT_EQ(report.state(), CheckState::failed);
  report.checks[1].problems.clear();
  EXPECT_EQ(report.state(), CheckState::unknown);
  report.checks[2].problems.clear();
  EXPECT_EQ(report.state(), CheckState::passed);
  report.checks[0].problems = {problem(CheckState::unknown, "", 0, "x"),
                               problem(CheckState::failed, "", 0, "y")};
  EXPECT_EQ(report.checks[0].state(), CheckState::failed);
}

TEST(CheckReport, TextHasALineForEachProblem) {
  EXPECT_EQ(check_text(mixed()),
            "ok       commit   HEAD is 0123\n"
            "FAILED   data     a.cairn:1: 'a' is gone; try: cairn push a\n"
            "UNKNOWN  metrics  cairn.yaml:7: not here\n"
            "1 of 3 checks passed, 1 failed, 1 not checked; 10 B read from the remote, 0.25 % of 3.91 KiB of "
            "data\n");
}

TEST(CheckReport, GithubGetsErrorsAndWarningsWithPathsFromTheTop) {
  EXPECT_EQ(check_github(mixed()),
            "::error file=sub/a.cairn,line=1,title=cairn data::'a' is gone; try: cairn push a\n"
            "::warning file=sub/cairn.yaml,line=7,title=cairn metrics::not here\n");
}

TEST(CheckReport, GithubCommandsCannotBeBrokenOutOf) {
  CheckReport report;
  report.checks = {{"data", "", {problem(CheckState::failed, "a,b:c%", 2, "100 %\r\n::error::x, y: z")}}};
  EXPECT_EQ(check_github(report),
            "::error file=a%2Cb%3Ac%25,line=2,title=cairn data::100 %25%0D%0A::error::x, y: z\n");
  report.checks[0].problems = {problem(CheckState::failed, "", 0, "m")};
  EXPECT_EQ(check_github(report), "::error title=cairn data::m\n");
}

TEST(CheckReport, GitlabKnowsAProblemThatOnlyMoved) {
  CheckReport report = mixed();
  const text::Value before = check_gitlab(report);
  ASSERT_EQ(before.items().size(), 2U);
  const text::Value& first = before.items()[0];
  EXPECT_EQ(first.find("location")->find("path")->string_value(), "sub/a.cairn");
  EXPECT_EQ(first.find("severity")->string_value(), "major");
  EXPECT_EQ(before.items()[1].find("severity")->string_value(), "minor");
  report.checks[1].problems[0].line = 5;
  const text::Value after = check_gitlab(report);
  EXPECT_EQ(*first.find("fingerprint"), *after.items()[0].find("fingerprint"));
  EXPECT_EQ(after.items()[0].find("location")->find("lines")->find("begin")->int_value(), 5);
}

TEST(CheckReport, GitlabNamesAFileAndALineAlways) {
  CheckReport report;
  report.checks = {{"versions",
                    "",
                    {problem(CheckState::failed, "", 0, "one"), problem(CheckState::failed, "", 0, "two")}}};
  std::set<std::string> fingerprints;
  const text::Value list = check_gitlab(report);
  for (const text::Value& item : list.items()) {
    EXPECT_EQ(item.find("location")->find("path")->string_value(), ".cairn/config");
    EXPECT_EQ(item.find("location")->find("lines")->find("begin")->int_value(), 1);
    fingerprints.insert(item.find("fingerprint")->string_value());
  }
  EXPECT_EQ(fingerprints.size(), 2U);
}

TEST(CheckReport, JunitHasACaseForEachCheck) {
  EXPECT_EQ(check_junit(mixed()),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites tests=\"3\" failures=\"1\" errors=\"1\">\n"
            "  <testsuite name=\"cairn ci check\" tests=\"3\" failures=\"1\" errors=\"1\">\n"
            "    <testcase classname=\"cairn\" name=\"commit\"/>\n"
            "    <testcase classname=\"cairn\" name=\"data\">\n"
            "      <failure message=\"&#39;a&#39; is gone\">a.cairn:1: &#39;a&#39; is gone; try: cairn push "
            "a\n</failure>\n"
            "    </testcase>\n"
            "    <testcase classname=\"cairn\" name=\"metrics\">\n"
            "      <error message=\"not here\">cairn.yaml:7: not here\n</error>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST(CheckReport, JunitAndMarkdownEscapeMarkup) {
  CheckReport report;
  report.checks = {{"data", "<b>", {problem(CheckState::failed, "<&\x01\">", 1, "*x* <y>")}}};
  const std::string junit = check_junit(report);
  EXPECT_THAT(junit, HasSubstr("&lt;&amp;\\x01&quot;&gt;:1: *x* &lt;y&gt;"));
  EXPECT_THAT(junit, Not(HasSubstr("\x01")));
  const std::string markdown = check_markdown(report);
  EXPECT_THAT(markdown, HasSubstr("| data | failed | \\<b\\> |"));
  EXPECT_THAT(markdown, HasSubstr("\\*x\\* \\<y\\>"));
}

}  // namespace
}  // namespace cairn::report
