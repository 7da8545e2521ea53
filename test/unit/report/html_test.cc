// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::report {
namespace {

using ::testing::HasSubstr;

TEST(HtmlText, EscapesMarkupAndWhatCannotBeSeen) {
  EXPECT_EQ(html_text("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(html_text("a\tb\x01"), "a\\tb\\x01");
  EXPECT_EQ(html_text("\u202Eabc"), "\\u{202e}abc");
}

TEST(HtmlTable, FillsShortRows) {
  EXPECT_EQ(html_table({"A", "B"}, {{"1"}}),
            "<table>\n<thead><tr><th>A</th><th>B</th></tr>\n</thead>\n<tbody>\n"
            "<tr><td>1</td><td></td></tr>\n</tbody>\n</table>\n");
}

TEST(HtmlPage, EscapesItsTitle) {
  EXPECT_THAT(html_page("a<b", "<p>x</p>\n"), HasSubstr("<h1>a&lt;b</h1>\n<p>x</p>\n</body>"));
}

TEST(HtmlBars, ScalesToTheHighestShare) {
  std::string svg = html_bars({"<1", ">=1"}, {0.25, 0.75}, {0.5, 0.5});
  EXPECT_THAT(svg, HasSubstr("<title>&lt;1: 25.0 % before, 50.0 % after</title>"));
  EXPECT_THAT(svg, HasSubstr(R"(<rect class="before" x="13" y="0.0" width="5" height="32.0"/>)"));
}

TEST(HtmlBars, OfNothingIsEmpty) {
  EXPECT_THAT(html_bars({"a"}, {0}, {0}), HasSubstr(R"(height="0.0")"));
}

}  // namespace
}  // namespace cairn::report
