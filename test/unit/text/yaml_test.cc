// SPDX-License-Identifier: Apache-2.0
#include "text/yaml.h"

#include "support/matchers.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

std::string read(std::string_view text) {
  Result<Value> root = parse_yaml(text, "p.yaml");
  return root.ok() ? canonical(*root) : root.error().message();
}

std::string slice(std::string_view text, const Value& value) {
  return std::string(text.substr(value.begin().offset, value.end().offset - value.begin().offset));
}

TEST(ParseYaml, EmptyTextIsAnEmptyMap) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "\xef\xbb\xbf", "%YAML 1.1\n---\n"}) {
    EXPECT_EQ(read(text), "{}") << text;
  }
  EXPECT_EQ(read("~"), "null");
}

TEST(ParseYaml, LineEndsAndByteOrderMarkDoNotMatter) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "a: |\r\n  x\r\n  y\r\nb:\r\n- 1\r\n"),
            R"({"a":"x\ny\n","b":[1]})");
}

TEST(ParseYaml, BlockScalarsKeepTheirWhiteSpace) {
  EXPECT_EQ(read("a: >\n  x\n  y\nb: |-\n  p\n   q\nc: |+\n  z\n\n"),
            R"({"a":"x y\n","b":"p\n q","c":"z\n\n"})");
}

TEST(ParseYaml, YamlHeaderChangesNothing) {
  EXPECT_EQ(read("%YAML 1.1\n---\na: yes\nb: 010\n"), R"({"a":"yes","b":10})");
}

TEST(ParseYaml, TabAtTheEndOfALineIsAccepted) {
  EXPECT_EQ(read("a: 1\t\nb: 2\n"), R"({"a":1,"b":2})");
}

TEST(ParseYaml, ScalarKeysBecomeTheirSourceText) {
  EXPECT_EQ(read("1: a\n0x10: b\ntrue: c\n1e3: d\n~: e\n"),
            R"({"0x10":"b","1":"a","1e3":"d","true":"c","~":"e"})");
}

TEST(ParseYaml, PositionsAreExact) {
  const std::string text =
      "\xef\xbb\xbf"
      "clé: 'é x' # c\nlist:\n  - {a: 1}\n  - |\n    t\n\nlast: [ ]";
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml(text, "p"));
  const Entry& first = root.entries()[0];
  EXPECT_EQ(slice(text, first.value), "'é x'");
  EXPECT_EQ(first.key_begin.column, 1u);
  EXPECT_EQ(text.substr(first.key_begin.offset, first.key_end.offset - first.key_begin.offset), "clé");
  EXPECT_EQ(first.value.begin().line, 1u);
  EXPECT_EQ(first.value.begin().column, 6u);
  const Value& list = root.entries()[1].value;
  EXPECT_EQ(list.begin().line, 3u);
  EXPECT_EQ(list.begin().column, 3u);
  EXPECT_EQ(slice(text, list.items()[0]), "{a: 1}");
  EXPECT_EQ(slice(text, *list.items()[0].find("a")), "1");
  EXPECT_EQ(slice(text, *root.find("last")), "[ ]");
  EXPECT_EQ(root.end().offset, text.size());
}

TEST(ParseYaml, PositionsHoldBehindLongLinesAndOddCharacters) {
  std::string text = "a: \"";
  for (int i = 0; i < 500; ++i) {
    text += "é😀x";
  }
  text += "\"\nb: [" + std::string(1000, ' ') + "z]\n";
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml(text, "p"));
  const Value& z = root.find("b")->items()[0];
  EXPECT_EQ(slice(text, z), "z");
  EXPECT_EQ(z.begin().line, 2u);
  EXPECT_EQ(z.begin().column, 1005u);
}

TEST(ParseYaml, DuplicateKeysNameBothPlaces) {
  EXPECT_THAT(parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", "p.yaml"),
              FailsWith(Code::malformed,
                        "p.yaml:2:11: duplicate key 'c', already at 2:5\n  b: {c: 1, c: 2}\n            ^\n"
                        "p.yaml:3:1: duplicate key 'a', already at 1:1\n  a: 3\n  ^"));
  EXPECT_THAT(parse_yaml("1: a\n\"1\": b\n", "p"), FailsWith(Code::malformed, "duplicate key '1'"));
  EXPECT_THAT(parse_yaml("<<: {}\n<<: {}\n", "p"), FailsWith(Code::malformed, "duplicate key '<<'"));
}

TEST(ParseYaml, MergeKeepsOwnKeysFirstAndWinning) {
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml("base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\n"
                                                    "m:\n  <<: [*b, *o]\n  w: 0\n  y: 9\n",
                                                    "p"));
  std::string order;
  for (const Entry& entry : root.find("m")->entries()) {
    order += entry.key + "=" + entry.value.raw() + " ";
  }
  EXPECT_EQ(order, "w=0 y=9 x=1 z=4 ");
  EXPECT_EQ(read("\"<<\": 1\n"), R"({"<<":1})");
  EXPECT_THAT(parse_yaml("a: {<<: 1}", "p"), FailsWith(Code::malformed, "p:1:9: '<<' takes a map"));
}

TEST(ParseYaml, AliasesAreCopiesWithThePlaceOfTheAlias) {
  const std::string text = "a: &x [1, 2]\nb: *x\nc: &k key\n*k : v\n";
  ASSERT_OK_AND_ASSIGN(const Value root, parse_yaml(text, "p"));
  EXPECT_EQ(canonical(root), R"({"a":[1,2],"b":[1,2],"c":"key","key":"v"})");
  EXPECT_EQ(slice(text, *root.find("b")), "*x");
  EXPECT_EQ(slice(text, root.find("b")->items()[1]), "2");
}

TEST(ParseYaml, RefusesWhatDvcRefuses) {
  const std::pair<const char*, const char*> kRows[] = {
      {"a: 1\n---\nb: 2\n", "p.yaml:2:1: a second document"},
      {"a: !!python/object:os.system x", "p.yaml:1:4: tag '!!python/object:os.system' is unknown"},
      {"a: !mine x", "p.yaml:1:4: tag '!mine' is unknown"},
      {"a: !!set {x}", "tag '!!set'"},
      {"? [a]\n: 1\n", "p.yaml:1:3: a key must be a scalar"},
      {"a:\n\tb: 1\n", "p.yaml:2:1: a tab cannot indent"},
      {"a: \xff", "p.yaml:1:4: byte 0xff is not UTF-8"},
      {"a: &x [*x]", "p.yaml:1:8: alias '*x' stands inside its own anchor"},
      {"x: &x {<<: *x}", "stands inside its own anchor"},
      {"a: *nope", "p.yaml:1:4: alias '*nope' has no anchor"},
      {"a: \x01", "p.yaml:1:4: control character 0x1"},
      {"a: [1,\nb: 2\n", "p.yaml:"},
      {"a: 'x", "that starts at 1:4"},
      {"a: @x", "p.yaml:1:4: "},
  };
  for (const auto& [text, message] : kRows) {
    EXPECT_THAT(parse_yaml(text, "p.yaml"), FailsWith(Code::malformed, message)) << text;
  }
  const std::string_view nul("a: \0b", 5);
  EXPECT_THAT(parse_yaml(nul, "p"), FailsWith(Code::malformed, "control character 0x0"));
  const std::string_view utf16(
      "\xff\xfe"
      "a\0:\0",
      6);
  EXPECT_THAT(parse_yaml(utf16, "p"), FailsWith(Code::malformed, "p:1:1: byte 0xff is not UTF-8"));
}

TEST(ParseYaml, ReportsAllProblemsOfAFile) {
  Result<Value> root = parse_yaml("a: =\nb: !x 1\nc: 1\nc: 2\n", "p");
  ASSERT_FALSE(root.ok());
  for (const char* at : {"p:1:4: ", "p:2:4: ", "p:4:1: "}) {
    EXPECT_THAT(root.error().message(), testing::HasSubstr(at));
  }
}

TEST(ParseYaml, EscapesWhatItQuotes) {
  Result<Value> root = parse_yaml("\"\\e[31m\": 1\n\"\\e[31m\": 2\n", "p\x1b.yaml");
  ASSERT_FALSE(root.ok());
  EXPECT_THAT(root.error().message(), testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace cairn::text
