// SPDX-License-Identifier: Apache-2.0
#include "git/wildmatch.h"

#include <gtest/gtest.h>

namespace cairn::git {
namespace {

constexpr auto kFile = PathKind::file;
constexpr auto kFolder = PathKind::folder;

IgnoreRules rules_of(std::string_view text) {
  IgnoreRules rules;
  rules.add_file(".cairnignore", text);
  return rules;
}

TEST(IgnoreRules, without_a_slash_fits_a_name_at_any_depth) {
  IgnoreRules rules = rules_of("*.tmp\n");
  EXPECT_TRUE(rules.ignores("a.tmp", kFile));
  EXPECT_TRUE(rules.ignores("x/y/a.tmp", kFile));
  EXPECT_FALSE(rules.ignores("a.tmp2", kFile));
}

TEST(IgnoreRules, with_a_slash_is_tied_to_its_folder) {
  IgnoreRules rules = rules_of("/top\ndoc/*.txt\n");
  EXPECT_TRUE(rules.ignores("top", kFile));
  EXPECT_FALSE(rules.ignores("x/top", kFile));
  EXPECT_TRUE(rules.ignores("doc/a.txt", kFile));
  EXPECT_FALSE(rules.ignores("x/doc/a.txt", kFile));
}

TEST(IgnoreRules, with_a_slash_at_the_end_fits_folders_and_what_is_in_them) {
  IgnoreRules rules = rules_of("build/\n");
  EXPECT_TRUE(rules.ignores("build", kFolder));
  EXPECT_FALSE(rules.ignores("build", kFile));
  EXPECT_TRUE(rules.ignores("x/build/a/b", kFile));
}

TEST(IgnoreRules, the_last_rule_that_fits_wins) {
  IgnoreRules rules = rules_of("*.log\n!keep.log\n");
  EXPECT_TRUE(rules.ignores("a.log", kFile));
  EXPECT_FALSE(rules.ignores("keep.log", kFile));
  EXPECT_TRUE(rules_of("!keep.log\n*.log\n").ignores("keep.log", kFile));
}

TEST(IgnoreRules, nothing_in_an_ignored_folder_is_taken_back) {
  IgnoreRules rules = rules_of("out\n!out/keep\n");
  EXPECT_TRUE(rules.ignores("out/keep", kFile));
  EXPECT_FALSE(rules_of("out/*\n!out/keep\n").ignores("out/keep", kFile));
}

TEST(IgnoreRules, a_deeper_file_comes_after_a_higher_one) {
  IgnoreRules rules;
  rules.add_file("data/.cairnignore", "!a.tmp\n/b\n");
  rules.add_file(".cairnignore", "*.tmp\n");
  EXPECT_FALSE(rules.ignores("data/a.tmp", kFile));
  EXPECT_FALSE(rules.ignores("data/x/a.tmp", kFile));
  EXPECT_TRUE(rules.ignores("a.tmp", kFile));
  EXPECT_TRUE(rules.ignores("data/b", kFile));
  EXPECT_FALSE(rules.ignores("b", kFile));
  EXPECT_FALSE(rules.ignores("data2/b", kFile));
}

TEST(IgnoreRules, reads_comments_blanks_escapes_and_line_ends) {
  IgnoreRules rules = rules_of(
      "\xef\xbb\xbf"
      "first\n# comment\n\n   \n\\#hash\n\\!bang\ntrail   \nspace\\ \ncr\r\nlast");
  for (const char* name : {"first", "#hash", "!bang", "trail", "space ", "cr", "last"}) {
    EXPECT_TRUE(rules.ignores(name, kFile)) << name;
  }
  for (const char* name : {"# comment", "comment", "hash", "trail   ", "space", "cr\r",
                           "\xef\xbb\xbf"
                           "first"}) {
    EXPECT_FALSE(rules.ignores(name, kFile)) << name;
  }
}

TEST(IgnoreRules, tells_which_rule_decided) {
  IgnoreRules rules;
  rules.add_file(".cairnignore", "# header\nraw/\n");
  rules.add_file("sub/.cairnignore", "\n!x  \n");
  const IgnoreRule* inside = rules.match("raw/a/b", kFile);
  ASSERT_NE(inside, nullptr);
  EXPECT_EQ(inside->file, ".cairnignore");
  EXPECT_EQ(inside->line, 2u);
  EXPECT_EQ(inside->pattern, "raw/");
  const IgnoreRule* negated = rules.match("sub/x", kFile);
  ASSERT_NE(negated, nullptr);
  EXPECT_EQ(negated->file, "sub/.cairnignore");
  EXPECT_EQ(negated->line, 2u);
  EXPECT_EQ(negated->pattern, "!x");
  EXPECT_TRUE(negated->negated);
  EXPECT_EQ(rules.match("other", kFile), nullptr);
}

TEST(IgnoreRules, without_rules_ignore_nothing) {
  IgnoreRules rules = rules_of("# only a comment\n/\n!\n[\n");
  EXPECT_TRUE(rules.empty());
  EXPECT_FALSE(rules.ignores("[", kFile));
}

TEST(IgnoreRules, match_entry_does_not_look_at_parents) {
  IgnoreRules rules = rules_of("raw/\n");
  EXPECT_EQ(rules.match_entry("raw/a", kFile), nullptr);
  EXPECT_NE(rules.match_entry("raw", kFolder), nullptr);
}

}  // namespace
}  // namespace cairn::git
