// SPDX-License-Identifier: Apache-2.0
#include "pipeline/override.h"

#include "support/matchers.h"

namespace cairn::pipeline {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;

std::vector<std::string> values(std::string_view written) {
  auto parsed = parse_override(written);
  if (!parsed.ok()) {
    return {parsed.error().message()};
  }
  std::vector<std::string> out;
  for (const text::Value& value : parsed->values) {
    out.push_back(text::canonical(value));
  }
  return out;
}

TEST(ParseOverride, TakesFileKeyAndTypedValue) {
  ASSERT_OK_AND_ASSIGN(OverrideChoices one, parse_override("conf/p.json:train.lr=0.1"));
  EXPECT_EQ(one.first.file, "conf/p.json");
  EXPECT_EQ(one.first.key, "train.lr");
  EXPECT_FALSE(one.first.add);
  EXPECT_EQ(one.first.value, text::Value::floating(0.1));
}

TEST(ParseOverride, TheFileIsParamsYamlUnlessNamed) {
  ASSERT_OK_AND_ASSIGN(OverrideChoices one, parse_override("+new.key=x=y"));
  EXPECT_EQ(one.first.file, "params.yaml");
  EXPECT_EQ(one.first.key, "new.key");
  EXPECT_TRUE(one.first.add);
  EXPECT_EQ(one.first.value, text::Value::string("x=y"));
}

TEST(ParseOverride, TypesAreThoseOfYaml) {
  EXPECT_THAT(values("k=true,1,1e3,null,on,'1',\"a,b\","),
              ElementsAre("true", "1", "1000.0", "null", "\"on\"", "\"1\"", "\"a,b\"", "\"\""));
  EXPECT_THAT(values("k=it's,\"a\\\",b\",'it''s,'"), ElementsAre("\"it's\"", "\"a\\\",b\"", "\"it's,\""));
  EXPECT_THAT(values("k=[1,2],[3]"), ElementsAre("[1,2]", "[3]"));
  EXPECT_THAT(values("k=a: b"), ElementsAre("\"a: b\""));
}

TEST(ParseOverride, ChoicesAndRangesAreSweeps) {
  EXPECT_THAT(values("k=choice(a, b)"), ElementsAre("\"a\"", "\"b\""));
  EXPECT_THAT(values("k=range(3)"), ElementsAre("0", "1", "2"));
  EXPECT_THAT(values("k=range(1,8,3)"), ElementsAre("1", "4", "7"));
  EXPECT_THAT(values("k=range(5,1,-2)"), ElementsAre("5", "3"));
  EXPECT_THAT(values("k=range(0,0.4,0.1)"), ElementsAre("0.0", "0.1", "0.2", "0.3"));
}

TEST(ParseOverride, RefusesWhatItCannotRead) {
  for (const char* written :
       {"lr", "=1", "a..b=1", ".a=1", "f:=1", ":a=1", "k='x", "k=[1", "k=range()", "k=range(a)",
        "k=range(1,2,0)", "k=range(2,1)", "k=range(0,1e9)", "k=range(1,2,3,4)"}) {
    EXPECT_THAT(parse_override(written), FailsWith(Code::usage, written)) << written;
  }
}

TEST(AllCombinations, TheLastParameterChangesFastest) {
  ASSERT_OK_AND_ASSIGN(OverrideChoices a, parse_override("a=1,2"));
  ASSERT_OK_AND_ASSIGN(OverrideChoices b, parse_override("b=x,y"));
  ASSERT_OK_AND_ASSIGN(auto all, all_combinations({a, b}));
  std::vector<std::string> shown;
  for (const auto& one : all) {
    shown.push_back(text::canonical(one[0].value) + text::canonical(one[1].value));
  }
  EXPECT_THAT(shown, ElementsAre("1\"x\"", "1\"y\"", "2\"x\"", "2\"y\""));
}

TEST(AllCombinations, NoChoicesAreOneExperiment) {
  ASSERT_OK_AND_ASSIGN(auto all, all_combinations({}));
  EXPECT_EQ(all.size(), 1U);
  EXPECT_TRUE(all.front().empty());
}

TEST(AllCombinations, RefusesTooManyAndAKeyTwice) {
  ASSERT_OK_AND_ASSIGN(OverrideChoices a, parse_override("a=range(5000)"));
  ASSERT_OK_AND_ASSIGN(OverrideChoices b, parse_override("b=1,2,3"));
  EXPECT_THAT(all_combinations({a, b}), FailsWith(Code::usage, "10000"));
  EXPECT_THAT(all_combinations({b, b}), FailsWith(Code::usage, "twice"));
}

/// The text after the change, or the error's message.
std::string set(std::string_view text, std::string_view path, std::string_view written) {
  auto change = parse_override(written);
  EXPECT_OK(change);
  auto out = set_param(text, path, change->first);
  return out.ok() ? *out : out.error().message();
}

TEST(SetParam, KeepsCommentsAndLayoutOfYaml) {
  EXPECT_EQ(set("a: 1\ntrain:   # here\n    lr: 0.1   # rate\nb: 'x'\n", "params.yaml", "train.lr=5e-3"),
            "a: 1\ntrain:   # here\n    lr: 0.005   # rate\nb: 'x'\n");
}

TEST(SetParam, SetsListsAndTheirItemsInYaml) {
  EXPECT_EQ(set("a: [1, 2] # c\nb: x\n", "p.yaml", "a=[3]"), "a: [3] # c\nb: x\n");
  EXPECT_EQ(set("a: [1, 2] # c\n", "p.yaml", "a.1=5"), "a: [1, 5] # c\n");
  EXPECT_EQ(set("a:\n- 1\n- 2\nb: x\n", "p.yaml", "a.0=5"), "a:\n- 5\n- 2\nb: x\n");
  EXPECT_EQ(set("a:\n- 1\nb: x\n", "p.yaml", "a=[5]"),
            "cannot set 'a' in 'p.yaml' without rewriting more of the file");
}

TEST(SetParam, AddsKeysToYamlWhenAsked) {
  EXPECT_EQ(set("a: 1\n", "p.yaml", "b.c=2"), "'p.yaml' has no key 'b.c'");
  EXPECT_EQ(set("a: 1\n", "p.yaml", "+b.c=2"), "a: 1\nb:\n  c: 2\n");
  EXPECT_EQ(set("a: 1\n", "p.yaml", "+a=2"), "a: 2\n");
}

TEST(SetParam, SetsValuesOfJsonTomlAndPython) {
  EXPECT_EQ(set("{\n  \"a\": {\"b\": 1},\n  \"c\": \"x\"\n}\n", "p.json", "p.json:a.b=\"q\\\"\""),
            "{\n  \"a\": {\"b\": \"q\\\"\"},\n  \"c\": \"x\"\n}\n");
  EXPECT_EQ(set("{\"a\": [1, {\"b\": 2}]}", "p.json", "a.1.b=true"), "{\"a\": [1, {\"b\": true}]}");
  EXPECT_EQ(set("# top\n[train]\nlr = 0.1 # rate\nn = 3\n", "p.toml", "train.lr=0.2"),
            "# top\n[train]\nlr = 0.2 # rate\nn = 3\n");
  EXPECT_EQ(set("LR = 0.1  # rate\nN = 3\n", "p.py", "LR=0.2"), "LR = 0.2  # rate\nN = 3\n");
  EXPECT_EQ(set("USE = True\n", "p.py", "USE=false"), "USE = False\n");
}

TEST(SetParam, AnotherFormatTakesNoNewKeys) {
  EXPECT_EQ(set("{}", "p.json", "+a=1"), "cannot add 'a' to 'p.json'");
}

TEST(SetParam, LeavesAFileWithThatValueAlone) {
  EXPECT_EQ(set("a: 1_000\n", "p.yaml", "a=1000"), "a: 1_000\n");
}

}  // namespace
}  // namespace cairn::pipeline
