// SPDX-License-Identifier: Apache-2.0
#include "git/config_text.h"

#include <gtest/gtest.h>

namespace cairn::git {
namespace {

TEST(ConfigText, finds_the_last_value_of_a_key) {
  std::string_view text = "[core]\n\tbare = false\n[remote \"core\"]\n\tbare = x\n[CORE]\nBare=true\n";
  EXPECT_EQ(find_in_config(text, "core", "bare"), "true");
  EXPECT_EQ(find_in_config(text, "core", "worktree"), std::nullopt);
  EXPECT_EQ(find_in_config("", "core", "bare"), std::nullopt);
}

TEST(ConfigText, reads_quotes_escapes_comments_and_continued_lines) {
  EXPECT_EQ(find_in_config("[core]\nworktree = \"a # b \" ; c\n", "core", "worktree"), "a # b ");
  EXPECT_EQ(find_in_config("[core]\nworktree = a\\\\b\\\"c\\n # x\n", "core", "worktree"), "a\\b\"c\n");
  EXPECT_EQ(find_in_config("[core]\nworktree = one \\\n  two  \r\n", "core", "worktree"), "one   two");
  EXPECT_EQ(find_in_config("# [core]\n; x\n[core] bare = yes\n", "core", "bare"), "yes");
  EXPECT_EQ(find_in_config("[core]\nbare\n", "core", "bare"), "true");
  EXPECT_EQ(find_in_config("[core]\nbare = ", "core", "bare"), "");
}

TEST(ConfigText, ends_with_any_text) {
  for (const char* text :
       {"[", "[core", "[core]", "[core]bare", "=", "[core]\n\"", "[core]\nbare=\\", "]", "#"}) {
    find_in_config(text, "core", "nothing");
    EXPECT_NE(find_in_config(text, "core", "bare"), "nothing") << text;
  }
}

TEST(ConfigText, knows_gits_spellings_of_true) {
  for (const char* yes : {"true", "YES", "on", "1", "17"}) {
    EXPECT_TRUE(is_true(yes)) << yes;
  }
  for (const char* no : {"false", "no", "off", "0", "00", "", "maybe"}) {
    EXPECT_FALSE(is_true(no)) << no;
  }
}

}  // namespace
}  // namespace cairn::git
