// SPDX-License-Identifier: Apache-2.0
#include "git/hooks.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "git/hook_text.h"
#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

namespace fs = std::filesystem;
using test::FailsWith;
using test::GitFixture;
using test::open_at;
using test::read_text;
using test::write_text;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::SizeIs;

void write_hook(const std::string& path, std::string_view text, mode_t mode = 0755) {
  write_text(path, text);
  ASSERT_EQ(::chmod(path.c_str(), mode), 0);
}

mode_t mode_of(const std::string& path) {
  struct stat st {};
  EXPECT_EQ(::lstat(path.c_str(), &st), 0);
  return st.st_mode & 07777;
}

/// Every file below a folder with its mode and content, to compare before and after.
std::string snapshot(const std::string& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::string content =
        entry.is_symlink() ? fs::read_symlink(entry.path()).string() : read_text(entry.path());
    lines.push_back(entry.path().filename().string() + " " + std::to_string(mode_of(entry.path())) + " " +
                    content);
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) {
    all += line + "\n";
  }
  return all;
}

TEST(Hooks, are_installed_once_and_removed_without_trace) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hooks = top + "/.git/hooks";
  std::string before = snapshot(hooks);
  std::string config = read_text(top + "/.git/config");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_THAT(*hook_state(repository), Each(Field(&HookState::status, HookStatus::absent)));
  EXPECT_THAT(*install_hooks(repository, "/opt/cairn"), SizeIs(kHookNames.size()));
  EXPECT_THAT(*hook_state(repository), Each(Field(&HookState::status, HookStatus::installed)));
  EXPECT_THAT(*repository.config("cairn.program"), Optional(std::string("/opt/cairn")));
  std::string installed = snapshot(hooks);
  EXPECT_THAT(*install_hooks(repository, "/opt/cairn"), IsEmpty());
  EXPECT_EQ(snapshot(hooks), installed);
  EXPECT_THAT(installed, Not(HasSubstr("/opt/cairn")));
  EXPECT_THAT(*uninstall_hooks(repository), SizeIs(kHookNames.size()));
  EXPECT_EQ(snapshot(hooks), before);
  EXPECT_EQ(*repository.config("cairn.program"), std::nullopt);
  EXPECT_THAT(*uninstall_hooks(repository), IsEmpty());
  EXPECT_THAT(read_text(top + "/.git/config"), HasSubstr(config));
}

TEST(Hooks, restore_every_kind_of_existing_hook_byte_for_byte) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hooks = top + "/.git/hooks";
  write_hook(hooks + "/pre-commit", "#!/bin/sh\nexec true", 0750);
  write_hook(hooks + "/pre-push", "#!/usr/bin/env python3\nprint(1)\n");
  write_hook(hooks + "/post-merge", "#!/bin/sh\necho not active\n", 0644);
  write_hook(hooks + "/post-checkout", std::string("\x7f"
                                                   "ELF\0\1",
                                                   6));
  write_hook(fixture / "shared-hook", "#!/bin/sh\necho shared\n");
  fs::create_symlink("../../../shared-hook", hooks + "/post-rewrite");
  std::string before = snapshot(hooks);
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK(install_hooks(repository, "/opt/cairn"));
  ASSERT_OK_AND_ASSIGN(auto states, hook_state(repository));
  for (const HookState& state : states) {
    EXPECT_EQ(state.status, HookStatus::installed) << state.name;
    EXPECT_EQ(state.chained, state.name != "pre-commit" && state.name != "post-commit") << state.name;
  }
  EXPECT_EQ(read_text(fixture / "shared-hook"), "#!/bin/sh\necho shared\n");
  EXPECT_THAT(*install_hooks(repository, "/opt/cairn"), IsEmpty());
  ASSERT_OK(uninstall_hooks(repository));
  EXPECT_EQ(snapshot(hooks), before);
}

TEST(Hooks, keep_what_the_user_wrote_after_the_installation) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hook = top + "/.git/hooks/pre-commit";
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK(install_hooks(repository, "/opt/cairn"));
  write_hook(hook, read_text(hook) + "echo mine\n");
  EXPECT_THAT(*install_hooks(repository, "/opt/cairn"), IsEmpty());
  ASSERT_OK(uninstall_hooks(repository));
  EXPECT_THAT(read_text(hook), testing::EndsWith("echo mine\n"));
  EXPECT_THAT(read_text(hook), Not(HasSubstr("git-hook")));
}

TEST(Hooks, are_brought_up_to_date_and_made_executable_again) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hooks = top + "/.git/hooks";
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK(install_hooks(repository, "/opt/cairn"));
  std::string installed = snapshot(hooks);
  write_hook(
      hooks + "/pre-push",
      "#!/bin/sh\n# Made by 'cairn install'; 'cairn uninstall' removes it.\n# >>> cairn\nold\n# <<< cairn\n");
  ASSERT_EQ(::chmod((hooks + "/pre-commit").c_str(), 0644), 0);
  ASSERT_OK_AND_ASSIGN(auto states, hook_state(repository));
  const auto status_of = [&states](std::string_view name) {
    return std::find_if(states.begin(), states.end(),
                        [name](const HookState& state) { return state.name == name; })
        ->status;
  };
  EXPECT_EQ(status_of("pre-commit"), HookStatus::disabled);
  EXPECT_EQ(status_of("pre-push"), HookStatus::outdated);
  EXPECT_THAT(*install_hooks(repository, "/opt/cairn"), testing::ElementsAre("pre-commit", "pre-push"));
  EXPECT_EQ(snapshot(hooks), installed);
}

TEST(Hooks, are_completed_after_a_kill_between_the_two_names) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hook = top + "/.git/hooks/pre-commit";
  write_hook(hook, "#!/usr/bin/env python3\n");
  fs::create_hard_link(hook, hook + ".cairn-chained");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK(install_hooks(repository, "/opt/cairn"));
  EXPECT_EQ(read_text(hook), own_hook("pre-commit", AfterBlock::chained_hook));
  EXPECT_EQ(read_text(hook + ".cairn-chained"), "#!/usr/bin/env python3\n");
  ASSERT_OK(uninstall_hooks(repository));
  EXPECT_EQ(read_text(hook), "#!/usr/bin/env python3\n");
  fs::create_hard_link(hook, hook + ".cairn-chained");
  ASSERT_OK(uninstall_hooks(repository));
  EXPECT_FALSE(fs::exists(hook + ".cairn-chained"));
  EXPECT_TRUE(fs::exists(hook));
}

TEST(Hooks, refuse_to_lose_one_of_two_foreign_hooks) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  std::string hook = top + "/.git/hooks/pre-commit";
  write_hook(hook, "#!/usr/bin/env python3\n");
  write_hook(hook + ".cairn-chained", "#!/usr/bin/env ruby\n");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_THAT(install_hooks(repository, "/opt/cairn"), FailsWith(Code::conflict, "pre-commit.cairn-chained"));
  EXPECT_EQ(read_text(hook), "#!/usr/bin/env python3\n");
  EXPECT_EQ(read_text(hook + ".cairn-chained"), "#!/usr/bin/env ruby\n");
}

TEST(Hooks, go_where_core_hooks_path_says) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.git(top, {"config", "core.hooksPath", ".githooks"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK(install_hooks(repository, "/opt/cairn"));
  EXPECT_TRUE(fs::exists(top + "/.githooks/pre-push"));
  EXPECT_THAT(read_text(top + "/.githooks/pre-push"), Not(HasSubstr("/opt")));
  EXPECT_FALSE(fs::exists(top + "/.git/hooks/pre-push"));
  fixture.git(top, {"config", "core.hooksPath", "/dev/null"});
  ASSERT_OK_AND_ASSIGN(Repository without, open_at(top));
  EXPECT_THAT(install_hooks(without, "/opt/cairn"), FailsWith(Code::conflict, "/dev/null"));
  EXPECT_THAT(*hook_state(without), Each(Field(&HookState::status, HookStatus::absent)));
}

TEST(Hooks, need_an_absolute_program) {
  GitFixture fixture;
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(fixture.init("repo")));
  EXPECT_THAT(install_hooks(repository, "cairn"), FailsWith(Code::usage, "'cairn'"));
}

}  // namespace
}  // namespace cairn::git
