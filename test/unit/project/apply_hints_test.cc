// SPDX-License-Identifier: Apache-2.0
#include "project/apply_hints.h"

#include "os/process.h"
#include "support/matchers.h"

namespace cairn::project {
namespace {

TEST(ShellWord, LeavesPlainWordsAlone) {
  EXPECT_EQ(shell_word("data/a-b_1.csv"), "data/a-b_1.csv");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(command_hint("cairn add", "-x"), "cairn add -- '-x'");
}

TEST(ShellWord, IsReadBackByBashWhateverIsInIt) {
  for (const std::string& text :
       {std::string("a b"), std::string("it's"), std::string("$HOME`x`\"!\\"), std::string("new\nline"),
        std::string("\xff\x01z"), std::string("gr\xc3\xbc\xc3\x9f"), std::string("~"),
        std::string("a'\n'")}) {
    os::ProcessOptions options;
    options.argv = {"bash", "-c", "printf %s " + shell_word(text)};
    ASSERT_OK_AND_ASSIGN(const os::Captured captured, os::capture(options));
    EXPECT_EQ(captured.out, text);
  }
}

}  // namespace
}  // namespace cairn::project
