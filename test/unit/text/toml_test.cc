// SPDX-License-Identifier: Apache-2.0
#include "text/toml.h"

#include "support/matchers.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

constexpr std::string_view kText = R"(title = 'é "x"'
zeta = 0x1F
rate = 5e-3

[train.opt]   # c
lr = 0.1
when = 2024-01-01T10:00:00Z
on = true

[[runs]]
n = 1
[[runs]]
n = 2
tags = ["a", { k = -inf }]
a.b = 1
)";

std::string slice(std::string_view text, const Value& value) {
  return std::string(text.substr(value.begin().offset, value.end().offset - value.begin().offset));
}

TEST(ParseToml, TypesAndOrderAreKept) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_toml(kText, "p.toml"));
  EXPECT_EQ(
      canonical(root),
      R"({"rate":0.005,"runs":[{"n":1},{"a":{"b":1},"n":2,"tags":["a",{"k":-.inf}]}],"title":"é \"x\"",)"
      R"("train":{"opt":{"lr":0.1,"on":true,"when":"2024-01-01T10:00:00Z"}},"zeta":31})");
  std::string order;
  for (const Entry& entry : root.entries()) {
    order += entry.key + " ";
  }
  EXPECT_EQ(order, "title zeta rate train runs ");
  EXPECT_EQ(root.find("rate")->raw(), "5e-3");
  EXPECT_EQ(root.find("zeta")->raw(), "0x1F");
}

TEST(ParseToml, PositionsAreExact) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_toml(kText, "p.toml"));
  EXPECT_EQ(slice(kText, *root.find("title")), "'é \"x\"'");
  EXPECT_EQ(slice(kText, *root.find("train")->find("opt")->find("lr")), "0.1");
  EXPECT_EQ(slice(kText, *root.find("train")->find("opt")->find("on")), "true");
  EXPECT_EQ(slice(kText, root.find("runs")->items()[1].find("tags")->items()[0]), "\"a\"");
  const Entry& lr = root.find("train")->find("opt")->entries()[0];
  EXPECT_EQ(lr.key_begin.line, 6u);
  EXPECT_EQ(lr.value.begin().column, 6u);
}

TEST(ParseToml, EmptyTextIsAnEmptyMap) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_toml("\xef\xbb\xbf# c\r\n", "p"));
  EXPECT_EQ(root, Value::map());
}

TEST(ParseToml, ProblemsHaveTheirPlace) {
  EXPECT_THAT(parse_toml("a = 1\na = 2\n", "p"), FailsWith(Code::malformed, "p:2:"));
  EXPECT_THAT(parse_toml("a = \n", "p"), FailsWith(Code::malformed, "p:1:"));
  EXPECT_THAT(parse_toml("a = 9223372036854775808", "p"), FailsWith(Code::malformed, "p:1:"));
  EXPECT_THAT(parse_toml("a = '\xff'", "p"), FailsWith(Code::malformed, "p:1:6: byte 0xff is not UTF-8"));
}

}  // namespace
}  // namespace cairn::text
