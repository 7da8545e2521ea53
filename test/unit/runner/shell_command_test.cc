// SPDX-License-Identifier: Apache-2.0
#include "runner/shell_command.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;

class ShellCommandTest : public ::testing::Test {
 protected:
  ShellCommandTest() {
    command_.shell = "bash -eo pipefail";
    command_.folder = folder_.path();
    command_.env["CAIRN_STAGE"] = "one";
    command_.env["HOME"] = std::nullopt;
  }

  Result<CommandResult> run_all(const std::string& script) {
    command_.script = script;
    return run_shell(command_, stop_, &kill_);
  }
  Result<os::ExitStatus> run(const std::string& script, const std::string& shell = "bash -eo pipefail") {
    command_.shell = shell;
    CAIRN_TRY_ASSIGN(const CommandResult result, run_all(script));
    return result.exit;
  }
  /// Sets `flag` once the script has written a line to "ready".
  Result<CommandResult> run_until_ready(const std::string& script, std::atomic<bool>& flag) {
    os::Fd ready = fifo("ready");
    std::thread setter([&flag, &ready] {
      char byte = 0;
      EXPECT_EQ(read(ready.get(), &byte, 1), 1);
      flag = true;
    });
    auto result = run_all(script);
    setter.join();
    return result;
  }
  /// A named pipe that is open at both ends: reading waits for the script.
  os::Fd fifo(const std::string& name) {
    EXPECT_EQ(mkfifo((folder_ / name).c_str(), 0600), 0);
    return os::Fd(open((folder_ / name).c_str(), O_RDWR | O_CLOEXEC));
  }
  [[nodiscard]] std::string content(const std::string& name) const { return read_text(folder_ / name); }
  /// Of the process whose id the script wrote to "child"; one that nobody reaps does not run.
  [[nodiscard]] bool child_runs() const {
    const std::string id = content("child").substr(0, content("child").find('\n'));
    auto stat = os::find_file("/proc/" + id + "/stat");
    return stat.ok() && stat->has_value() && as_text(**stat).find(") Z ") == std::string_view::npos;
  }
  [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  test::TempDir folder_;
  ShellCommand command_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> kill_{false};
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
  command_.folder = "/no/such/folder";
  command_.adjust = [this](os::ProcessOptions& options) {
    options.folder = folder_.path();
    options.env["NAME"] = "adjusted";
  };
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("echo \"$NAME\" >out"));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "adjusted\n");
}

TEST_F(ShellCommandTest, PutsTheWrapperInFront) {
  command_.wrapper = {"env", "WRAPPED=yes"};
  ASSERT_OK_AND_ASSIGN(const os::ExitStatus ended, run("echo $WRAPPED >out"));
  EXPECT_TRUE(ended.ok());
  EXPECT_EQ(content("out"), "yes\n");
}

TEST_F(ShellCommandTest, NamesTheKeyForAMissingWrapper) {
  command_.wrapper = {"no-such-wrapper", "run"};
  EXPECT_THAT(run("true"), FailsWith(Code::not_found, "'no-such-wrapper'"));
  EXPECT_THAT(run("true").error().hint(), ::testing::HasSubstr("'environment:'"));
}

TEST_F(ShellCommandTest, StopsTheWholeGroupGentlyWhenAsked) {
  // The member of the group that tidies up is waited for.
  ASSERT_OK_AND_ASSIGN(const CommandResult ended,
                       run_until_ready("(trap 'echo tidy >done; exit' TERM; echo >ready; "
                                       "while :; do sleep 0.01; done) & wait",
                                       stop_));
  EXPECT_EQ(ended.exit.signal, SIGTERM);
  EXPECT_FALSE(ended.timed_out);
  EXPECT_FALSE(ended.left_processes);
  EXPECT_EQ(content("done"), "tidy\n");
}

TEST_F(ShellCommandTest, KillsTheWholeGroupAtOnceWhenAsked) {
  ASSERT_OK_AND_ASSIGN(
      const CommandResult ended,
      run_until_ready("trap '' TERM; sleep 1000 & echo $! >child; echo >ready; wait", kill_));
  EXPECT_EQ(ended.exit.signal, SIGKILL);
  EXPECT_FALSE(child_runs());
}

TEST_F(ShellCommandTest, EndsWhatTakesTooLong) {
  command_.timeout = std::chrono::milliseconds(50);
  ASSERT_OK_AND_ASSIGN(const CommandResult ended, run_all("sleep 1000"));
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.exit.signal, SIGTERM);
  EXPECT_GE(ended.usage.wall, command_.timeout);
}

TEST_F(ShellCommandTest, ATimeoutIsNothingToWhatEndsInTime) {
  command_.timeout = std::chrono::hours(1);
  ASSERT_OK_AND_ASSIGN(const CommandResult ended, run_all("exit 3"));
  EXPECT_FALSE(ended.timed_out);
  EXPECT_EQ(ended.exit.status, 3);
}

TEST_F(ShellCommandTest, KillsWhatACommandLeavesRunning) {
  ASSERT_OK_AND_ASSIGN(const CommandResult ended, run_all("sleep 1000 & echo $! >child"));
  EXPECT_TRUE(ended.exit.ok());
  EXPECT_TRUE(ended.left_processes);
  EXPECT_FALSE(child_runs());
}

TEST_F(ShellCommandTest, WaitsForWhatEndsByItself) {
  const os::Fd ready = fifo("ready");
  ASSERT_OK_AND_ASSIGN(const CommandResult ended,
                       run_all("(read line <ready; echo late >out) & echo >ready"));
  EXPECT_FALSE(ended.left_processes);
  EXPECT_EQ(content("out"), "late\n");
}

TEST_F(ShellCommandTest, CountsWhatTheShellAndItsChildrenUse) {
  ASSERT_OK_AND_ASSIGN(const CommandResult ended,
                       run_all("head -c 3000000 /dev/zero >out; cat out >copy; "
                               "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));
  EXPECT_TRUE(ended.exit.ok());
  EXPECT_GE(ended.usage.written_bytes, 6000000U);
  EXPECT_GE(ended.usage.read_bytes, 6000000U);
  EXPECT_GT(ended.usage.user.count() + ended.usage.system.count(), 0);
  EXPECT_GT(ended.usage.peak_memory, 1000000U);
  EXPECT_GT(ended.usage.wall.count(), 0);
  EXPECT_LT(ended.usage.written_bytes, 7000000U);
}

TEST_F(ShellCommandTest, CountsTheMemoryOfTheLargestChild) {
  const std::string filler = "head -c 100000000 /dev/zero | tail -c 80000000 >/dev/null";
  ASSERT_OK_AND_ASSIGN(const CommandResult ended, run_all(filler));
  EXPECT_GE(ended.usage.peak_memory, 80000000U);
}

}  // namespace
}  // namespace cairn::runner
