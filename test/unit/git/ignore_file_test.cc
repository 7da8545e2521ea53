// SPDX-License-Identifier: Apache-2.0
#include "git/ignore_file.h"

#include <filesystem>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::GitFixture;
using test::read_text;
using test::write_text;
using Names = std::vector<std::string>;

std::string edited(std::string_view text, const Names& add, const Names& remove) {
  auto result = edit_ignore_text(text, add, remove);
  EXPECT_OK(result);
  return result.ok() ? *result : "";
}

TEST(IgnoreFile, gets_a_block_with_sorted_names) {
  EXPECT_EQ(edited("", {"b", "a"}, {}), "# >>> cairn\n/a\n/b\n# <<< cairn\n");
  EXPECT_EQ(edited("x\n", {"a"}, {}), "x\n# >>> cairn\n/a\n# <<< cairn\n");
  EXPECT_EQ(edited("x", {"a"}, {}), "x\n# >>> cairn\n/a\n# <<< cairn\n");
}

TEST(IgnoreFile, keeps_what_is_not_in_question) {
  std::string_view text = "  odd \n# >>> cairn\n/a\n*.mine\n/c\n# <<< cairn\n\n\ttail";
  EXPECT_EQ(edited(text, {"b"}, {}), "  odd \n# >>> cairn\n/a\n*.mine\n/b\n/c\n# <<< cairn\n\n\ttail");
  EXPECT_EQ(edited(text, {}, {"a"}), "  odd \n# >>> cairn\n*.mine\n/c\n# <<< cairn\n\n\ttail");
  EXPECT_EQ(edited(text, {"c"}, {"zzz"}), text);
}

TEST(IgnoreFile, loses_an_emptied_block) {
  EXPECT_EQ(edited("x\n# >>> cairn\n/a\n# <<< cairn\ny\n", {}, {"a"}), "x\ny\n");
  EXPECT_EQ(edited("# >>> cairn\n/a\n# <<< cairn\n", {}, {"a"}), "");
  EXPECT_EQ(edited(edited("x\n", {"a", "b"}, {}), {}, {"b", "a"}), "x\n");
}

TEST(IgnoreFile, keeps_windows_line_ends) {
  std::string text = edited("x\r\n", {"b", "a"}, {});
  EXPECT_EQ(text, "x\r\n# >>> cairn\r\n/a\r\n/b\r\n# <<< cairn\r\n");
  EXPECT_EQ(edited(text, {"a"}, {}), text);
  EXPECT_EQ(edited(text, {}, {"a", "b"}), "x\r\n");
}

TEST(IgnoreFile, knows_names_in_every_block_that_a_merge_left) {
  std::string_view text = "# >>> cairn\n/a\n# <<< cairn\n# >>> cairn\n/a\n/b\n# <<< cairn\n";
  EXPECT_EQ(edited(text, {"b"}, {}), text);
  EXPECT_EQ(edited(text, {}, {"a"}), "# >>> cairn\n/b\n# <<< cairn\n");
}

TEST(IgnoreFile, shows_what_is_not_its_own) {
  EXPECT_EQ(without_own_lines("x\n# >>> cairn\n/a\n*.mine\n# <<< cairn\n/y"), "x\n*.mine\n/y");
  EXPECT_EQ(without_own_lines("# >>> cairn\n# <<< cairn\n# >>> cairn\n/a\n# <<< cairn\n"), "");
  EXPECT_EQ(without_own_lines("# >>> cairn\n/a\n"), "# >>> cairn\n/a\n");
  EXPECT_EQ(without_own_lines(""), "");
}

TEST(IgnoreFile, refuses_a_block_without_end_and_names_with_line_breaks) {
  EXPECT_THAT(edit_ignore_text("# >>> cairn\n/a\n", {"b"}, {}), FailsWith(Code::malformed, "# <<< cairn"));
  EXPECT_THAT(edit_ignore_text("", {"a\nb"}, {}), FailsWith(Code::unsupported, "'a\\nb'"));
}

TEST(IgnoreFile, is_written_only_when_changed_and_removed_when_empty) {
  GitFixture fixture;
  std::string file = fixture / ".gitignore";
  ASSERT_OK_AND_ASSIGN(bool made, set_ignored(fixture.path(), {"a"}, {}));
  EXPECT_TRUE(made);
  EXPECT_EQ(read_text(file), "# >>> cairn\n/a\n# <<< cairn\n");
  ASSERT_OK_AND_ASSIGN(bool again, set_ignored(fixture.path(), {"a"}, {"b"}));
  EXPECT_FALSE(again);
  ASSERT_OK_AND_ASSIGN(bool removed, set_ignored(fixture.path(), {}, {"a"}));
  EXPECT_TRUE(removed);
  EXPECT_FALSE(std::filesystem::exists(file));
  ASSERT_OK_AND_ASSIGN(bool nothing, set_ignored(fixture.path(), {}, {"a"}));
  EXPECT_FALSE(nothing);
}

TEST(IgnoreFile, follows_no_symlink) {
  GitFixture fixture;
  write_text(fixture / "target", "x\n");
  std::filesystem::create_symlink("target", fixture / ".gitignore");
  EXPECT_THAT(set_ignored(fixture.path(), {"a"}, {}), FailsWith(Code::conflict, ".gitignore"));
  EXPECT_EQ(read_text(fixture / "target"), "x\n");
}

TEST(IgnoreFile, makes_git_ignore_exactly_the_names) {
  const Names names = {"plain",
                       "#hash",
                       "!bang",
                       "star*",
                       "quest?",
                       "[set]",
                       "back\\slash",
                       "back\\",
                       "trail ",
                       "two  ",
                       " lead",
                       "tab\t",
                       "cr\r",
                       "mid\rcr",
                       "caf\xc3\xa9",
                       "bad\xff\xfe",
                       "a\"b",
                       "**",
                       "\\",
                       " ",
                       "-dash",
                       "[!x]",
                       "x [",
                       "\xef\xbb\xbf"
                       "bom"};
  const Names others = {"starx", "questx", "s",    "e",  "t", "backslash", "back",
                        "trail", "two",    "two ", "cr", "x", "plain2"};
  GitFixture fixture;
  for (std::string_view start : {"", "other\r\n"}) {
    std::string top = fixture.init(start.empty() ? "lf" : "crlf");
    if (!start.empty()) {
      write_text(top + "/.gitignore", start);
    }
    ASSERT_OK(set_ignored(top, names, {}));
    for (const Names* list : {&names, &others}) {
      for (const std::string& name : *list) {
        auto ran =
            fixture.run(top, {"git", "check-ignore", "-q", "-z", "--stdin"}, {}, name + std::string(1, '\0'));
        EXPECT_EQ(ran.status, list == &names ? 0 : 1) << testing::PrintToString(name) << " " << ran.err;
      }
    }
    ASSERT_OK(set_ignored(top, {}, names));
    EXPECT_EQ(std::filesystem::exists(top + "/.gitignore"), !start.empty());
  }
}

}  // namespace
}  // namespace cairn::git
