// SPDX-License-Identifier: Apache-2.0
#include "git/hook_text.h"

#include "git/hooks.h"
#include "support/matchers.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using testing::HasSubstr;
using testing::Not;

TEST(HookText, tells_shell_scripts_from_others) {
  for (const char* text : {"#!/bin/sh\n", "#!/bin/bash -e\nx", "#! /usr/bin/env bash\n", "#!/usr/bin/dash\n",
                           "#!/usr/bin/env\tsh\n"}) {
    EXPECT_TRUE(is_shell_script(text)) << text;
  }
  for (const char* text :
       {"#!/usr/bin/env python3\n", "#!/bin/sh", "echo\n", "", "#!/bin/sh\r\nx\r\n", "#!/bin/zsh\n",
        "\x7f"
        "ELF\n",
        "#!\n", "#!/usr/bin/env\n", "#!/usr/bin/env -S bash\n"}) {
    EXPECT_FALSE(is_shell_script(text)) << text;
  }
  EXPECT_FALSE(is_shell_script(std::string_view("#!/bin/sh\n\0", 11)));
}

TEST(HookText, puts_the_block_behind_the_first_line_and_takes_it_out_again) {
  const std::string scripts[] = {"#!/bin/sh\n", "#!/bin/sh\n\nexec true", "#!/bin/bash -e\r\necho\n"};
  for (const std::string& script : scripts) {
    for (std::string_view hook : kHookNames) {
      auto with = with_block(script, hook, AfterBlock::rest_of_script);
      ASSERT_OK(with);
      EXPECT_EQ(with->find("# >>> cairn\n"), script.find('\n') + 1);
      EXPECT_EQ(*with_block(*with, hook, AfterBlock::rest_of_script), *with);
      EXPECT_EQ(*without_block(*with), script);
    }
  }
}

TEST(HookText, replaces_an_old_block_where_it_stands) {
  std::string old = "#!/bin/sh\nfirst\n# >>> cairn\nold\n# <<< cairn\nlast\n";
  EXPECT_EQ(*with_block(old, "pre-commit", AfterBlock::rest_of_script),
            "#!/bin/sh\nfirst\n" + hook_block("pre-commit", AfterBlock::rest_of_script) + "last\n");
  EXPECT_EQ(*without_block(old), "#!/bin/sh\nfirst\nlast\n");
}

TEST(HookText, leaves_nothing_of_its_own_file) {
  EXPECT_EQ(*without_block(own_hook("pre-push", AfterBlock::chained_hook)), "");
  EXPECT_EQ(*without_block("#!/bin/sh\nx\n"), "#!/bin/sh\nx\n");
}

TEST(HookText, refuses_a_block_without_end) {
  std::string_view broken = "#!/bin/sh\n# >>> cairn\nx\n";
  EXPECT_THAT(with_block(broken, "pre-push", AfterBlock::rest_of_script),
              FailsWith(Code::conflict, "# <<< cairn"));
  EXPECT_THAT(without_block(broken), FailsWith(Code::conflict, "# <<< cairn"));
}

TEST(HookText, names_its_hook_everywhere) {
  for (std::string_view hook : kHookNames) {
    std::string text = own_hook(hook, AfterBlock::chained_hook);
    EXPECT_THAT(text, HasSubstr("git-hook " + std::string(hook) + " "));
    EXPECT_THAT(text, HasSubstr(std::string(hook) + ".cairn-chained\" \"$@\""));
    EXPECT_THAT(text, Not(HasSubstr("@NAME@")));
  }
}

}  // namespace
}  // namespace cairn::git
