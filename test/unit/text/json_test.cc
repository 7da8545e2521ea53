// SPDX-License-Identifier: Apache-2.0
#include "text/json.h"

#include "support/matchers.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

TEST(ParseJson, TypesAndOrderAreKept) {
  ASSERT_OK_AND_ASSIGN(const Value root,
                       parse_json(R"({"z": [1, 1.0, -2e3, true, null, "\u00e9\n"], "a": {}, "e": []})", "m"));
  EXPECT_EQ(root.entries()[0].key, "z");
  EXPECT_EQ(canonical(root), R"({"a":{},"e":[],"z":[1,1.0,-2000.0,true,null,"é\n"]})");
  EXPECT_EQ(root.find("z")->items()[2].raw(), "-2e3");
}

TEST(ParseJson, PythonsWordsAreNumbers) {
  ASSERT_OK_AND_ASSIGN(const Value root,
                       parse_json(R"([NaN, Infinity,-Infinity, "NaN, -Infinity \" NaN", 1])", "m"));
  EXPECT_EQ(canonical(root), R"([.nan,.inf,-.inf,"NaN, -Infinity \" NaN",1])");
  EXPECT_EQ(root.items()[2].raw(), "-Infinity");
  for (const char* bad :
       {"1NaN", "NaN5", "-NaN", "xInfinity", "1-Infinity", "{NaN: 1}", "Infinityx", "\"a\"NaN"}) {
    EXPECT_FALSE(parse_json(bad, "m").ok()) << bad;
  }
}

TEST(ParseJson, PositionsAreExact) {
  const std::string text = "\xef\xbb\xbf{\r\n  \"clé \\\"x\" : [ 12 ,\"s\" ],\"o\":{ }\n}";
  ASSERT_OK_AND_ASSIGN(const Value root, parse_json(text, "m"));
  auto slice = [&](const Position& begin, const Position& end) {
    return text.substr(begin.offset, end.offset - begin.offset);
  };
  const Entry& entry = root.entries()[0];
  EXPECT_EQ(slice(entry.key_begin, entry.key_end), "\"clé \\\"x\"");
  EXPECT_EQ(slice(entry.value.begin(), entry.value.end()), "[ 12 ,\"s\" ]");
  EXPECT_EQ(slice(entry.value.items()[0].begin(), entry.value.items()[0].end()), "12");
  EXPECT_EQ(slice(entry.value.items()[1].begin(), entry.value.items()[1].end()), "\"s\"");
  EXPECT_EQ(slice(root.find("o")->begin(), root.find("o")->end()), "{ }");
  EXPECT_EQ(entry.value.items()[1].begin().line, 2u);
  EXPECT_EQ(entry.value.items()[1].begin().column, 21u);
  EXPECT_EQ(root.end().offset, text.size());
}

TEST(ParseJson, ProblemsHaveTheirPlace) {
  EXPECT_THAT(parse_json("{\"a\": 1,\n \"a\": 2}", "m"),
              FailsWith(Code::malformed, "m:2:2: duplicate key 'a', already at 1:2"));
  EXPECT_THAT(parse_json("[1,\n 18446744073709551615]", "m"),
              FailsWith(Code::malformed, "m:2:2: number '18446744073709551615'"));
  EXPECT_THAT(parse_json("[98765432109876543210]", "m"), FailsWith(Code::malformed, "m:1:2: number"));
  EXPECT_THAT(parse_json("{\"a\": tru}", "m"), FailsWith(Code::malformed, "m:1:10: "));
  EXPECT_THAT(parse_json("[1] 2", "m"), FailsWith(Code::malformed, "m:1:5: "));
  EXPECT_THAT(parse_json("", "m"), FailsWith(Code::malformed, "m:1:1: "));
  EXPECT_THAT(parse_json("[\"\xff\"]", "m"), FailsWith(Code::malformed, "m:1:3: byte 0xff is not UTF-8"));
  EXPECT_THAT(parse_json("[1e999]", "m"), FailsWith(Code::malformed, "m:1:"));
}

}  // namespace
}  // namespace cairn::text
