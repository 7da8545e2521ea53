// SPDX-License-Identifier: Apache-2.0
#include "text/python.h"

#include "python_cases.h"
#include "support/matchers.h"
#include "text/params.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

std::string name_of(const testing::TestParamInfo<PythonCase>& info) {
  return std::string(info.param.name);
}

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += part;
  }
  return out;
}

std::string slice(std::string_view text, const Position& begin, const Position& end) {
  return std::string(text.substr(begin.offset, end.offset - begin.offset));
}

std::string slice(std::string_view text, const Value& value) {
  return slice(text, value.begin(), value.end());
}

class GoodPython : public testing::TestWithParam<PythonCase> {};

TEST_P(GoodPython, IsRead) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_python(GetParam().text, "p.py"));
  EXPECT_EQ(canonical(root), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(ParsePython, GoodPython, testing::ValuesIn(good_python_cases()), name_of);

class BadPython : public testing::TestWithParam<PythonCase> {};

TEST_P(BadPython, IsRefusedWithItsPlace) {
  const Result<Value> root = parse_python(GetParam().text, "p.py");
  ASSERT_FALSE(root.ok()) << canonical(*root);
  EXPECT_EQ(root.error().code(), Code::malformed);
  EXPECT_EQ(root.error().message().substr(0, GetParam().expected.size()), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(ParsePython, BadPython, testing::ValuesIn(bad_python_cases()), name_of);

constexpr std::string_view kText = R"(é = 'ü'; lr: float = 5e-3  # c
class Train(Base):
    layers = [
        0x10, -1_0,
    ]
    pair = 'x', "y"
    def __init__(self):
        self.on = True
        return
names = {'k': ("a"
  'b')}
lr = - 1
)";

TEST(ParsePython, PositionsAreExact) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_python(kText, "p.py"));
  EXPECT_EQ(slice(kText, *root.find("é")), "'ü'");
  const Value& train = *root.find("Train");
  EXPECT_TRUE(slice(kText, train).starts_with("class Train(Base):"));
  EXPECT_TRUE(slice(kText, train).ends_with("        return"));
  EXPECT_EQ(slice(kText, *train.find("layers")), "[\n        0x10, -1_0,\n    ]");
  EXPECT_EQ(slice(kText, train.find("layers")->items()[1]), "-1_0");
  EXPECT_EQ(slice(kText, *train.find("pair")), "'x', \"y\"");
  EXPECT_EQ(slice(kText, *root.find("names")->find("k")), "\"a\"\n  'b'");
  const Entry& on = train.entries()[2];
  EXPECT_EQ(slice(kText, on.key_begin, on.key_end), "on");
  EXPECT_EQ(on.value.begin().line, 8u);
  EXPECT_EQ(on.value.begin().column, 19u);
  const Entry& key = root.find("names")->entries()[0];
  EXPECT_EQ(slice(kText, key.key_begin, key.key_end), "'k'");
}

TEST(ParsePython, TheLastAssignmentHasThePlaceAndTheFirstTheOrder) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_python(kText, "p.py"));
  std::string order;
  for (const Entry& entry : root.entries()) {
    order += entry.key + " ";
  }
  EXPECT_EQ(order, "é lr Train names ");
  EXPECT_EQ(root.entries()[1].key_begin.line, 12u);
  EXPECT_EQ(root.find("lr")->begin().line, 12u);
}

TEST(ParsePython, ScalarsKeepTheirTextAndStyle) {
  ASSERT_OK_AND_ASSIGN(const Value root,
                       parse_python("a = 5e-3\nb = 0x_1F\nc = None\nd = 'x' \"y\"\n", "p.py"));
  EXPECT_EQ(root.find("a")->raw(), "5e-3");
  EXPECT_EQ(root.find("b")->raw(), "0x_1F");
  EXPECT_EQ(root.find("c")->raw(), "None");
  EXPECT_EQ(root.find("a")->style(), Style::plain);
  EXPECT_EQ(root.find("d")->style(), Style::single_quoted);
  EXPECT_EQ(root.style(), Style::block);
}

TEST(ParsePython, AllValuesThatDoNotFitAreNamedAtOnce) {
  const Result<Value> root = parse_python("a = 99999999999999999999\nb = ['\\ud800', 1]\nc = 3\n", "p.py");
  EXPECT_THAT(root, FailsWith(Code::malformed, "p.py:1:5: number"));
  EXPECT_THAT(root, FailsWith(Code::malformed, "p.py:2:7: escape"));
}

TEST(PythonLimits, DepthIsBounded) {
  Limits limits;
  limits.depth = 4;  // the module, and three lists
  EXPECT_OK(parse_python("a = [[[1]]]", "p.py", limits));
  EXPECT_THAT(parse_python("a = [[[[1]]]]", "p.py", limits),
              FailsWith(Code::malformed, "p.py:1:8: lists and maps are nested more than 4 deep"));
  EXPECT_OK(parse_python("a = [[1]],", "p.py", limits));
  EXPECT_THAT(parse_python("a = [[[1]]],", "p.py", limits), FailsWith(Code::malformed, "nested more than 4"));
  EXPECT_THAT(parse_python("a = {1: {2: {3: {}}}}", "p.py", limits),
              FailsWith(Code::malformed, "p.py:1:17: lists and maps"));
  EXPECT_THAT(parse_python("class A:\n class B:\n  class C:\n   class D: x = 1", "p.py", limits),
              FailsWith(Code::malformed, "p.py:4:4: lists and maps are nested"));
  EXPECT_THAT(parse_python("class A:\n class B: x = [[1]]", "p.py", limits),
              FailsWith(Code::malformed, "p.py:2:16: lists and maps are nested"));
}

TEST(PythonLimits, NothingExhaustsTheStack) {
  constexpr std::size_t kMany = 100'000;
  for (std::string_view part : {"(", "[", "{", "{1:", "f(", "-(", "x[", "lambda: ("}) {
    EXPECT_THAT(parse_python("a = " + repeat(part, kMany), "p.py"), FailsWith(Code::malformed, "p.py:1:"));
    EXPECT_THAT(parse_python("f(" + repeat(part, kMany), "p.py"),
                FailsWith(Code::malformed, "brackets are nested more than 200 deep"));
  }
  EXPECT_THAT(parse_python(repeat("f'{", kMany), "p.py"), FailsWith(Code::malformed, "string has no end"));
  EXPECT_THAT(parse_python("f'{x:" + repeat("{x:", kMany), "p.py"),
              FailsWith(Code::malformed, "string has no end"));
  std::string classes;
  for (std::size_t i = 0; i < 300; ++i) {
    classes += std::string(i, ' ') + "if x:\n";
  }
  EXPECT_THAT(parse_python(classes, "p.py"),
              FailsWith(Code::malformed, "more than 100 levels of indentation"));
  EXPECT_OK(parse_python("a = " + repeat("-", kMany) + "1", "p.py"));
}

TEST(PythonLimits, NodesAreBounded) {
  Limits limits;
  limits.nodes = 6;
  EXPECT_OK(parse_python("a = [1, 2]\nb = 3\nc = f([1, 2, 3, 4, 5])", "p.py", limits));
  EXPECT_THAT(parse_python("a = [1, 2]\nb = 3\nc = 4", "p.py", limits),
              FailsWith(Code::malformed, "p.py:3:5: more than 6 keys and values"));
  EXPECT_THAT(parse_python("a = [1, 2, 3, 4, 5, 6]", "p.py", limits),
              FailsWith(Code::malformed, "p.py:1:21: more than 6"));
  EXPECT_THAT(parse_python("a = {1: 2, 3: 4, 5: 6}", "p.py", limits),
              FailsWith(Code::malformed, "more than 6"));
  EXPECT_THAT(parse_python("a = b = [1, 2]", "p.py", limits), FailsWith(Code::malformed, "more than 6"));
  EXPECT_THAT(parse_python("class A: pass\nclass B: pass\nclass C: pass\nclass D: pass", "p.py", limits),
              FailsWith(Code::malformed, "p.py:4:1: more than 6"));
}

TEST(PythonLimits, ChainedAssignmentsCannotExplode) {
  Limits limits;
  limits.bytes = 1000;
  const std::string value = "'" + std::string(300, 'x') + "'";
  EXPECT_OK(parse_python("a = b = c = d = " + value, "p.py", limits));
  EXPECT_THAT(parse_python("a = b = c = d = e = " + value, "p.py", limits),
              FailsWith(Code::malformed, "p.py:1:21: values are longer than 1000 bytes together"));
  EXPECT_THAT(parse_python(std::string(1001, '\n'), "p.py", limits),
              FailsWith(Code::malformed, "more than the limit of 1000"));
}

TEST(PythonLimits, LongFilesAreReadInOnePass) {
  // Quadratic work on any of these would not end.
  constexpr std::size_t kMany = 500'000;
  EXPECT_OK(parse_python("a = (" + repeat("'x' ", kMany) + ")", "p.py"));
  EXPECT_OK(parse_python("a = f(" + repeat("[1, x], ", kMany) + ")", "p.py"));
  EXPECT_OK(parse_python(repeat("a = 'x'.y\n", kMany), "p.py"));
  EXPECT_OK(parse_python(repeat("a = ", kMany) + "x", "p.py"));
  EXPECT_OK(parse_python(repeat("    # c\n", kMany), "p.py"));
  std::string keys;
  for (std::size_t i = 0; i < kMany / 4; ++i) {
    keys += "k" + std::to_string(i) + " = 1\n";
  }
  EXPECT_OK(parse_python(keys, "p.py"));
}

TEST(ParseParams, TheSuffixChoosesTheFormat) {
  struct Case {
    std::string_view path;
    std::string_view text;
  };
  for (const Case& one : {Case{"p.yaml", "a: 0o17"}, Case{"p.yml", "a: 0o17"}, Case{"p.json", "{\"a\": 15}"},
                          Case{"p.toml", "a = 0o17"}, Case{"x.y/p.py", "a = 0o17; b = f()"},
                          Case{"p", "a: 0o17"}, Case{"py", "a: 0o17"}, Case{"p.txt", "a: 0o17"}}) {
    ASSERT_OK_AND_ASSIGN(const Value root, parse_params(one.text, one.path));
    EXPECT_EQ(canonical(root), R"({"a":15})") << one.path;
  }
  EXPECT_THAT(parse_params("a = (", "p.py"), FailsWith(Code::malformed, "p.py:1:5: '(' is never closed"));
  EXPECT_THAT(parse_params("a = (", "p.toml"), FailsWith(Code::malformed, "p.toml:1:"));
}

}  // namespace
}  // namespace cairn::text
