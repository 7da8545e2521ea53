// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pipeline/glob_text.h"
#include "pipeline/lock.h"
#include "pipeline/near_name.h"
#include "pipeline/quantity.h"
#include "pipeline/scalar_text.h"
#include "pipeline/template_place.h"
#include "pipeline/template_text.h"
#include "pipeline/variables.h"
#include "support/matchers.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using std::chrono::milliseconds;
using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::Optional;
using text::Value;

TEST(Duration, IsSecondsOrNumbersWithUnits) {
  EXPECT_THAT(parse_duration("90"), Optional(milliseconds(90'000)));
  EXPECT_THAT(parse_duration("1.5"), Optional(milliseconds(1500)));
  EXPECT_THAT(parse_duration("1h30m"), Optional(milliseconds(5'400'000)));
  EXPECT_THAT(parse_duration("2d500ms"), Optional(milliseconds(172'800'500)));
  for (const char* bad : {"", "-1", "1.", ".5", "1x", "1h30", "h", "1 h", "1e3", "99999d", "nan", "1h 2m"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(Bytes, TakeDecimalAndBinaryUnits) {
  EXPECT_THAT(parse_bytes("1024"), Optional(1024U));
  EXPECT_THAT(parse_bytes("4GiB"), Optional(4294967296U));
  EXPECT_THAT(parse_bytes("500 MB"), Optional(500'000'000U));
  EXPECT_THAT(parse_bytes("1.5KiB"), Optional(1536U));
  for (const char* bad : {"", "4G", "-1", "1e9", "GiB", "2000000TiB", "1MBx"}) {
    EXPECT_EQ(parse_bytes(bad), std::nullopt) << bad;
  }
}

TEST(Thousandths, HaveAtMostThreeDecimals) {
  EXPECT_THAT(parse_thousandths("2"), Optional(2000U));
  EXPECT_THAT(parse_thousandths("0.125"), Optional(125U));
  for (const char* bad : {"", "0.1234", "-1", "1x", "2000000", "1.", "inf"}) {
    EXPECT_EQ(parse_thousandths(bad), std::nullopt) << bad;
  }
}

TEST(NearName, ForgivesATypingErrorOnly) {
  const std::vector<std::string_view> known = {"deps", "outs", "params", "always_changed"};
  EXPECT_EQ(near_name("dep", known), "deps");
  EXPECT_EQ(near_name("PARAMS", known), "params");
  EXPECT_EQ(near_name("always-change", known), "always_changed");
  EXPECT_EQ(near_name("xyz", known), "");
  EXPECT_EQ(near_name("", known), "");
  EXPECT_EQ(did_you_mean("out", known, "no"), "did you mean 'outs'?");
  EXPECT_EQ(did_you_mean("q", known, "no"), "no");
}

TEST(PastedText, WritesNumbersAsPythonDoes) {
  const auto pasted = [](double value) { return pasted_text(Value::floating(value)); };
  EXPECT_EQ(pasted(5e-5), "5e-05");
  EXPECT_EQ(pasted(1e-4), "0.0001");
  EXPECT_EQ(pasted(1000), "1000.0");
  EXPECT_EQ(pasted(0), "0.0");
  EXPECT_EQ(pasted(-0.0), "-0.0");
  EXPECT_EQ(pasted(0.1), "0.1");
  EXPECT_EQ(pasted(123456789012345.6), "123456789012345.6");
  EXPECT_EQ(pasted(1e16), "1e+16");
  EXPECT_EQ(pasted(9999999999999998.0), "9999999999999998.0");
  EXPECT_EQ(pasted(-1.5e300), "-1.5e+300");
  EXPECT_EQ(pasted(5e-324), "5e-324");
  EXPECT_EQ(pasted(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(pasted(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(pasted_text(Value::integer(-31)), "-31");
}

TEST(PathPattern, IsAPathUntilItHasAWildcard) {
  const auto resolved = [](std::string_view written, std::string_view base) {
    Result<WrittenPattern> pattern = resolve_pattern(written, base);
    EXPECT_OK(pattern);
    return pattern.ok() ? (pattern->glob ? "glob " : "path ") + pattern->path : "";
  };
  EXPECT_EQ(resolved("a/./b/", ""), "path a/b");
  EXPECT_EQ(resolved("../*.c", "x/[y]"), "glob x/*.c");
  EXPECT_EQ(resolved("*.c", "x/[y]"), "glob x/\\[y]/*.c");
  EXPECT_EQ(resolved("a\\*\\\\b", "[y]"), "path [y]/a*\\b");
  EXPECT_EQ(resolved("a\\**", ""), "glob a\\**");
  EXPECT_EQ(resolved("a]", ""), "path a]");
  EXPECT_THAT(resolve_pattern("a\\", ""), FailsWith(Code::malformed, "backslash"));
  EXPECT_THAT(resolve_pattern("[a", ""), FailsWith(Code::malformed, "can never match"));
  EXPECT_THAT(resolve_glob("*/../../x", ""), FailsWith(Code::malformed, "outside the project"));
}

TEST(TemplateText, KeepsLiteralTextAndFindsReferences) {
  const TemplateText lexed = lex_template("a \\${b} ${c.d[0]:-x y} $e ${env:F}");
  ASSERT_EQ(lexed.parts.size(), 3U);
  EXPECT_TRUE(lexed.problems.empty());
  EXPECT_EQ(lexed.parts[0].literal, "a ${b} ");
  EXPECT_THAT(lexed.parts[0].reference->path, ElementsAre("c", "d", "0"));
  EXPECT_EQ(lexed.parts[0].reference->fallback, "x y");
  EXPECT_EQ(lexed.parts[0].reference->number, 1U);
  EXPECT_EQ(lexed.parts[1].literal, " $e ");
  EXPECT_EQ(lexed.parts[1].reference->kind, Reference::Kind::environment);
  EXPECT_EQ(lexed.parts[2].literal, "");
  EXPECT_FALSE(lexed.is_exact());
  EXPECT_TRUE(lex_template("${a}").is_exact());
}

TEST(TemplateText, RefusesWhatIsNoReference) {
  for (const char* bad : {"${}", "${ }", "${.a}", "${a.}", "${a[}", "${a[0}", "${a[0]b}", "${a..b}", "${$x}",
                          "${a:b}", "${#a", "${a${b}}", "${\"a\"}", "${:-x}"}) {
    EXPECT_FALSE(lex_template(bad).problems.empty()) << bad;
  }
}

TEST(TemplatePlaces, AreThoseOfTheDollarSign) {
  const std::string text =
      "a: \"x ${b} \\x24{c} ${d}\"\nb: |  # ${n}\n  one ${a}\n  two ${b}\nc: 'it''s ${a}'\n";
  Result<Value> document = text::parse_yaml(text, "f");
  ASSERT_OK(document);
  TemplatePlaces places(text);
  const auto place = [&](std::string_view key, std::size_t number) {
    const Value& value = *document->find(key);
    return text::place("f",
                       places.of(value.begin(), value.end(), value.style(), value.string_value(), number));
  };
  EXPECT_EQ(place("a", 0), "f:1:4");  // an escape makes one: only the string's place is sure
  EXPECT_EQ(place("b", 1), "f:4:7");
  EXPECT_EQ(place("c", 0), "f:5:11");
}

TEST(Variables, MergeMapsAndTellClashes) {
  const Value first = *text::parse_yaml("a: {x: 1, y: {z: 2}}\nl: [1, {m: 2}]\n", "f");
  const Value second = *text::parse_yaml("a: {w: 3, y: {q: 4}}\n", "g");
  const Value third = *text::parse_yaml("a: {x: 1, y: 5}\nl: []\n", "h");
  Variables outer;
  EXPECT_TRUE(outer.add(first, "f").empty());
  Variables inner(&outer);
  EXPECT_TRUE(inner.add(second, "g").empty());
  EXPECT_EQ(canonical(*inner.find({"a"})), R"({"w":3,"x":1,"y":{"q":4,"z":2}})");
  EXPECT_EQ(canonical(*outer.find({"a"})), R"({"x":1,"y":{"z":2}})");
  EXPECT_EQ(inner.find({"l", "1", "m"})->int_value(), 2);
  EXPECT_EQ(inner.find({"l", "2"}), nullptr);
  const std::vector<Variables::Clash> clashes = inner.add(third, "h");
  ASSERT_EQ(clashes.size(), 3U);
  EXPECT_EQ(clashes[0].name + " " + clashes[0].first_file, "a.x f");
  EXPECT_EQ(clashes[1].name + " " + clashes[1].first_file, "a.y f");
  EXPECT_EQ(clashes[2].name, "l");
}

TEST(Variables, OfALoopHideOthers) {
  const Value map = *text::parse_yaml("item: 1\nkey: 2\n", "f");
  const Value value = Value::string("v");
  Variables outer;
  outer.add(map, "f");
  Variables inner(&outer);
  inner.bind("item", Variables::Fields{{"a", &value}});
  EXPECT_EQ(inner.find({"item", "a"})->string_value(), "v");
  EXPECT_EQ(inner.find({"item", "b"}), nullptr);
  EXPECT_EQ(canonical(*inner.find({"item"})), R"({"a":"v"})");
  EXPECT_EQ(inner.find({"key"})->int_value(), 2);
  EXPECT_EQ(inner.missing({"item", "b"}), "'item' has no 'b'");
}

TEST(Lock, KeepsTheNamesOfStagesThatLoopsMade) {
  Lock lock;
  for (const char* name : {"s@a/b", "s@100141805", "s@x: y #z", "s@- {q}"}) {
    StageLock block;
    block.name = name;
    block.cmd = "x";
    block.shell = "sh";
    lock.put(std::move(block));
  }
  const Result<Lock> read = parse_lock(write_lock(lock, ""), "cairn.lock");
  ASSERT_OK(read);
  EXPECT_EQ(*read, lock);
}

}  // namespace
}  // namespace cairn::pipeline
