// SPDX-License-Identifier: Apache-2.0
#include "runner/shell_command.h"

#include <filesystem>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;

class ShellCommandTest : public ::testing::Test {
 protected:
  Result<os::ExitStatus> run(const std::string& script, const std::string& shell = "bash -eo pipefail") {
    ShellCommand command;
    command.script = script;
    command.shell = shell;
    command.folder = folder_.path();
    command.env["CAIRN_STAGE"] = "one";
    command.env["HOME"] = std::nullopt;
    return run_shell(command, stop_);
  }
  [[nodiscard]] std::string content(const std::string& name) const { return read_text(folder_ / name); }
  [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  test::TempDir folder_;
  std::atomic<bool> stop_{false};
};

TEST_F(ShellCommandTest, RunsTheWholeScriptInItsFolder) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("a='x  y'\necho \"$a\" >out\n"));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "x  y\n");
}

TEST_F(ShellCommandTest, GivesTheStatusOfTheScript) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("exit 42"));
  EXPECT_EQ(ended.status, 42);
  EXPECT_EQ(ended.signal, 0);
}

TEST_F(ShellCommandTest, GivesTheSignalThatKilledTheScript) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("kill -9 $$"));
  EXPECT_EQ(ended.signal, 9);
}

TEST_F(ShellCommandTest, UsesTheOptionsOfTheShell) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus strict, run("false | cat\ntouch reached"));
  EXPECT_EQ(strict.status, 1);
  EXPECT_FALSE(exists("reached"));
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus lax, run("false | cat\ntouch reached", "bash"));
  EXPECT_TRUE(lax.ok());
  EXPECT_TRUE(exists("reached"));
}

TEST_F(ShellCommandTest, SetsAndRemovesVariables) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("echo \"$CAIRN_STAGE ${HOME-none}\" >out"));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "one none\n");
}

TEST_F(ShellCommandTest, GivesAnEmptyStdin) {
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("cat >out"));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "");
}

TEST_F(ShellCommandTest, NamesTheKeyForAMissingShell) {
  EXPECT_THAT(run("true", "no-such-shell -e"), FailsWith(Code::not_found, "'no-such-shell'"));
  EXPECT_THAT(run("true", "no-such-shell").error().hint(), ::testing::HasSubstr("'shell:'"));
  EXPECT_THAT(run("true", "  "), FailsWith(Code::malformed, "shell"));
}

TEST_F(ShellCommandTest, LetsTheStartBeAdjusted) {
  ShellCommand command;
  command.script = "echo \"$NAME\" >out";
  command.shell = "bash";
  command.folder = "/no/such/folder";
  command.adjust = [this](os::ProcessOptions& options) {
    options.folder = folder_.path();
    options.env["NAME"] = "adjusted";
  };
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run_shell(command, stop_));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "adjusted\n");
}

TEST_F(ShellCommandTest, StopsTheWholeGroupWhenAsked) {
  stop_ = true;
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("sleep 1000 & echo $! >child; sleep 1001"));
  EXPECT_FALSE(ended.ok());
}

}  // namespace
}  // namespace cairn::runner
