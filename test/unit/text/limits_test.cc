// SPDX-License-Identifier: Apache-2.0
#include "text/limits.h"

#include "support/matchers.h"
#include "text/json.h"
#include "text/toml.h"
#include "text/yaml.h"

namespace cairn::text {
namespace {

using cairn::test::FailsWith;

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += part;
  }
  return out;
}

TEST(YamlLimits, NestedAliasesCannotExplode) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 11; ++i) {
    const std::string previous = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + previous +
            repeat(", " + previous, 8) + "]\n";
  }
  EXPECT_THAT(parse_yaml(bomb, "p"),
              FailsWith(Code::malformed, "p:6:10: aliases expand to more than 100000"));
  Limits small;
  small.alias_nodes = 5;
  EXPECT_THAT(parse_yaml("a: &x [1, 2]\nb: *x\nc: *x\n", "p", small),
              FailsWith(Code::malformed, "p:3:4: aliases expand"));
}

TEST(YamlLimits, MergesCountAsExpansions) {
  std::string bomb = "m0: &m0 {k0: x, k1: y}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string n = std::to_string(i);
    const std::string previous = std::to_string(i - 1);
    bomb += "m" + n + ": &m" + n + " {<<: *m" + previous + ", c" + n + ": *m" + previous + "}\n";
  }
  EXPECT_THAT(parse_yaml(bomb, "p"), FailsWith(Code::malformed, "aliases expand to more than"));
}

TEST(YamlLimits, CountsAliases) {
  const std::string text = "a: &x 1\nb:\n" + repeat("- *x\n", 100);
  EXPECT_OK(parse_yaml(text, "p"));
  EXPECT_THAT(parse_yaml(text + "- *x\n", "p"), FailsWith(Code::malformed, "p:103:3: more than 100 aliases"));
}

TEST(YamlLimits, DepthIsBoundedAlsoThroughAliases) {
  EXPECT_OK(parse_yaml(repeat("[", 64) + repeat("]", 64), "p"));
  EXPECT_THAT(parse_yaml(repeat("[", 65) + repeat("]", 65), "p"),
              FailsWith(Code::malformed, "p:1:65: lists and maps"));
  EXPECT_THAT(parse_yaml(repeat("[", 100'000), "p"), FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_yaml(repeat("- ", 100'000), "p"), FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_yaml(repeat("{a: ", 100'000), "p"), FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_yaml(repeat("? ", 100'000), "p"), FailsWith(Code::malformed, "nested more than 64"));
  std::string chain = "a0: &a0 []\n";
  for (int i = 1; i < 80; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_THAT(parse_yaml(chain, "p"), FailsWith(Code::malformed, "nested more than 64"));
}

TEST(YamlLimits, NodesAndBytesAreBounded) {
  std::string keys;
  for (int i = 0; i < 1'000'000; ++i) {
    keys += "k" + std::to_string(i) + ": 1\n";
  }
  EXPECT_THAT(parse_yaml(keys, "p"),
              FailsWith(Code::malformed, "p:500000:10: more than 1000000 keys and values"));
  EXPECT_THAT(parse_yaml(std::string((16u << 20u) + 1, 'a'), "p"),
              FailsWith(Code::malformed, "more than the limit"));
  EXPECT_OK(parse_yaml(std::string(16u << 20u, 'a'), "p"));
  EXPECT_OK(parse_yaml(std::string(16u << 20u, '\n'), "p"));
}

TEST(JsonLimits, DepthNodesAndBytesAreBounded) {
  EXPECT_OK(parse_json(repeat("[", 64) + repeat("]", 64), "p"));
  EXPECT_THAT(parse_json(repeat("[", 100'000), "p"), FailsWith(Code::malformed, "p:1:65: lists and maps"));
  EXPECT_THAT(parse_json(repeat("{\"a\":", 100'000), "p"),
              FailsWith(Code::malformed, "p:1:321: lists and maps"));
  EXPECT_THAT(parse_json("[" + repeat("1,", 1'000'000) + "1]", "p"),
              FailsWith(Code::malformed, "more than 1000000"));
  EXPECT_THAT(parse_json(std::string((16u << 20u) + 1, ' '), "p"),
              FailsWith(Code::malformed, "more than the limit"));
}

TEST(TomlLimits, DepthNodesAndBytesAreBounded) {
  EXPECT_THAT(parse_toml(repeat("a.", 1'000'000) + "a = 1", "p"),
              FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_toml("[" + repeat("a.", 1'000'000) + "a]", "p"),
              FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_toml("a = " + repeat("[", 100'000), "p"),
              FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_toml("a = " + repeat("{a = ", 100'000), "p"),
              FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_toml("[" + repeat("a.", 40) + "a]\n" + repeat("b.", 40) + "b = 1\n", "p"),
              FailsWith(Code::malformed, "nested more than 64"));
  EXPECT_THAT(parse_toml("a = [" + repeat("1,", 1'000'000) + "1]", "p"),
              FailsWith(Code::malformed, "more than 1000000"));
  EXPECT_THAT(parse_toml(std::string((16u << 20u) + 1, '\n'), "p"),
              FailsWith(Code::malformed, "more than the limit"));
}

TEST(TomlLimits, DotsInStringsCommentsAndNumbersAreNoNesting) {
  const std::string dots = repeat("x.", 100);
  EXPECT_OK(parse_toml("a = \"" + dots + "\"\nb = '" + dots + "' # " + dots + "\nc = \"\"\"\n\"" + dots +
                           "\n\"\"\"\nd = '''" + dots + "'''\ne = [" + repeat("1.5, ", 100) + "]\n",
                       "p"));
}

}  // namespace
}  // namespace cairn::text
