// SPDX-License-Identifier: Apache-2.0
#include "os/process.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using testing::HasSubstr;

ProcessOptions shell(const std::string& script) {
  ProcessOptions options;
  options.argv = {"sh", "-c", script};
  return options;
}

std::string output_of(const ProcessOptions& options) {
  auto captured = capture(options);
  EXPECT_OK(captured);
  return captured.ok() ? captured->out : "";
}

/// A child that says when it is ready, through a pipe.
class ReadyChild {
 public:
  explicit ReadyChild(const std::string& script) {
    EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
    ProcessOptions options = shell(script);
    options.stdout_fd = ends_[1];
    process_.emplace(std::move(Process::start(options)).value());
    ::close(ends_[1]);
  }
  ReadyChild(const ReadyChild&) = delete;
  ReadyChild& operator=(const ReadyChild&) = delete;
  ~ReadyChild() { ::close(ends_[0]); }

  /// The next line that it prints; "" at the end of its output.
  std::string line() {
    std::string out;
    char c = 0;
    while (::read(ends_[0], &c, 1) == 1 && c != '\n') {
      out += c;
    }
    return out;
  }
  Process& process() { return *process_; }
  void drop() { process_.reset(); }

 private:
  int ends_[2] = {-1, -1};
  std::optional<Process> process_;
};

TEST(Process, TellsTheExitStatusOrTheSignal) {
  ASSERT_OK_AND_ASSIGN(Process seven, Process::start(shell("exit 7")));
  ASSERT_OK_AND_ASSIGN(ExitStatus exit, seven.wait());
  EXPECT_EQ(exit.status, 7);
  EXPECT_EQ(exit.signal, 0);
  EXPECT_FALSE(exit.ok());
  EXPECT_EQ(seven.pid(), -1);

  ASSERT_OK_AND_ASSIGN(Process killed, Process::start(shell("kill -TERM $$")));
  ASSERT_OK_AND_ASSIGN(exit, killed.wait());
  EXPECT_EQ(exit.status, 128 + SIGTERM);
  EXPECT_EQ(exit.signal, SIGTERM);

  ASSERT_OK_AND_ASSIGN(Process good, Process::start(shell("true")));
  EXPECT_TRUE(good.wait()->ok());
}

TEST(Process, AMissingProgramIsNotFoundAndNamed) {
  ProcessOptions options;
  for (const char* name : {"no-such-program-xyz", "/no/such/program", "./no-such-program", ""}) {
    options.argv = {name};
    EXPECT_THAT(Process::start(options),
                FailsWith(Code::not_found, "cannot run '" + std::string(name) + "'"));
  }
}

TEST(Process, AFileThatIsNoProgramIsRefused) {
  test::TempDir dir;
  write_text(dir / "data", "text");
  ProcessOptions options;
  options.argv = {dir / "data"};
  EXPECT_THAT(Process::start(options), FailsWith(Code::permission, "cannot run"));
  options.argv = {"data"};
  options.env["PATH"] = dir.path();
  EXPECT_THAT(Process::start(options), FailsWith(Code::permission, "cannot run 'data'"));
}

TEST(Process, LooksOnlyInTheAbsoluteFoldersOfPath) {
  test::TempDir dir;
  write_text(dir / "tool", "#!/bin/sh\necho found\n");
  ASSERT_EQ(::chmod((dir / "tool").c_str(), 0755), 0);
  ProcessOptions options;
  options.argv = {"tool"};
  options.folder = dir.path();
  for (const char* path : {"", ":", ".", "relative:.:"}) {
    options.env["PATH"] = path;
    EXPECT_THAT(Process::start(options), FailsWith(Code::not_found, "'tool'")) << path;
  }
  options.env["PATH"] = "/no/such/folder::" + dir.path();
  EXPECT_EQ(output_of(options), "found\n");
  options.argv = {"./tool"};
  EXPECT_EQ(output_of(options), "found\n");
}

TEST(Process, RunsInTheFolderGiven) {
  test::TempDir dir;
  ProcessOptions options = shell("pwd -P");
  options.folder = dir.path();
  EXPECT_EQ(output_of(options), std::filesystem::canonical(dir.path()).string() + "\n");
  options.folder = dir / "gone";
  EXPECT_THAT(Process::start(options), FailsWith(Code::not_found, "cannot enter folder '" + dir / "gone"));
}

TEST(Process, SetsAndRemovesVariablesAndKeepsTheOthers) {
  ASSERT_EQ(::setenv("CAIRN_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(::setenv("CAIRN_TEST_CHANGED", "old", 1), 0);
  ASSERT_EQ(::setenv("CAIRN_TEST_REMOVED", "old", 1), 0);
  ProcessOptions options =
      shell("echo \"$CAIRN_TEST_KEPT $CAIRN_TEST_CHANGED ${CAIRN_TEST_REMOVED-none} $CAIRN_TEST_NEW\"");
  options.env["CAIRN_TEST_CHANGED"] = "a b=c";
  options.env["CAIRN_TEST_REMOVED"] = std::nullopt;
  options.env["CAIRN_TEST_NEW"] = "new";
  EXPECT_EQ(output_of(options), "kept a b=c none new\n");
  for (const char* name : {"CAIRN_TEST_KEPT", "CAIRN_TEST_CHANGED", "CAIRN_TEST_REMOVED"}) {
    ::unsetenv(name);
  }
}

TEST(Process, ReadsNothingFromStdinUnlessGivenAFile) {
  EXPECT_EQ(output_of(shell("wc -c | tr -d ' '")), "0\n");
  test::TempDir dir;
  write_text(dir / "in", "hello");
  ASSERT_OK_AND_ASSIGN(Fd in, open_file(dir / "in", O_RDONLY));
  ProcessOptions options = shell("cat");
  options.stdin_fd = in.get();
  EXPECT_EQ(output_of(options), "hello");
}

TEST(Process, OneFileMayTakeBothStreams) {
  test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(Fd log, open_file(dir / "log", O_WRONLY | O_CREAT | O_APPEND));
  ProcessOptions options = shell("echo out; echo err >&2");
  options.stdout_fd = log.get();
  options.stderr_fd = log.get();
  ASSERT_OK_AND_ASSIGN(Process child, Process::start(options));
  ASSERT_OK(child.wait());
  EXPECT_EQ(read_text(dir / "log"), "out\nerr\n");
}

TEST(Process, StreamsMayBeSwapped) {
  // The descriptors given are the very numbers that they are to replace.
  test::TempDir dir;
  Fd saved_out(::dup(1));
  Fd saved_err(::dup(2));
  ASSERT_OK_AND_ASSIGN(Fd a, open_file(dir / "a", O_WRONLY | O_CREAT));
  ASSERT_OK_AND_ASSIGN(Fd b, open_file(dir / "b", O_WRONLY | O_CREAT));
  ::dup2(a.get(), 1);
  ::dup2(b.get(), 2);
  ProcessOptions options = shell("echo out; echo err >&2");
  options.stdout_fd = 2;
  options.stderr_fd = 1;
  auto child = Process::start(options);
  ::dup2(saved_out.get(), 1);
  ::dup2(saved_err.get(), 2);
  ASSERT_OK(child);
  ASSERT_OK(child->wait());
  EXPECT_EQ(read_text(dir / "a"), "err\n");
  EXPECT_EQ(read_text(dir / "b"), "out\n");
}

TEST(Process, InheritsNoDescriptorOfOurs) {
  test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(Fd ours, open_file(dir / "ours", O_RDWR | O_CREAT));
  EXPECT_EQ(output_of(shell("test -e /proc/self/fd/" + std::to_string(ours.get()) + " && echo leaked")), "");
}

TEST(Process, SignalsHaveTheirDefaultsInTheChild) {
  auto old = ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  std::string out = output_of(shell("grep -E '^Sig(Blk|Ign):' /proc/self/status"));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, old);
  EXPECT_EQ(out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Process, HasAGroupOfItsOwnThatIsSignalledAsAWhole) {
  ReadyChild child("sleep 1000 & echo $!; wait");
  pid_t grandchild = std::stoi(child.line());
  EXPECT_EQ(::getpgid(child.process().pid()), child.process().pid());
  EXPECT_EQ(::getpgid(grandchild), child.process().pid());
  child.process().signal_group(SIGKILL);
  EXPECT_EQ(child.process().wait()->signal, SIGKILL);
  EXPECT_EQ(child.line(), "") << "the end of the pipe: the grandchild, which held it too, is gone";
}

TEST(Process, TheDestructorEndsTheWholeGroup) {
  ReadyChild child("trap '' TERM; sleep 1000 & echo ready; wait");
  EXPECT_EQ(child.line(), "ready");
  pid_t pid = child.process().pid();
  child.drop();
  EXPECT_EQ(child.line(), "") << "the end of the pipe";
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1) << "was reaped";
}

TEST(Process, DiesWithTheThreadThatStartedIt) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ProcessOptions options = shell("echo ready; exec sleep 1000");
  options.stdout_fd = ends[1];
  std::optional<Process> child;
  std::thread([&] { child.emplace(std::move(Process::start(options)).value()); }).join();
  EXPECT_EQ(child->wait()->signal, SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Process, WaitingWithAFlagEndsByItselfToo) {
  std::atomic<bool> stop{false};
  ASSERT_OK_AND_ASSIGN(Process child, Process::start(shell("exit 3")));
  EXPECT_EQ(child.wait_group({stop})->exit.status, 3);
}

TEST(Process, TheFlagTerminatesTheGroupAndLetsItFinish) {
  test::TempDir dir;
  std::atomic<bool> stop{false};
  // The leader dies of the signal at once; the member that tidies up is waited for.
  ReadyChild child("sh -c \"trap 'echo tidy > " + (dir / "done") +
                   "; exit 0' TERM; echo ready; while :; do sleep 0.01; done\" & wait");
  EXPECT_EQ(child.line(), "ready");
  stop = true;
  EXPECT_EQ(child.process().wait_group({stop})->exit.signal, SIGTERM);
  EXPECT_EQ(read_text(dir / "done"), "tidy\n");
}

TEST(Process, WhatIgnoresTheSignalIsKilledAfterTheGrace) {
  std::atomic<bool> stop{true};
  ReadyChild child("trap '' TERM; echo ready; while :; do sleep 0.05; done");
  EXPECT_EQ(child.line(), "ready");
  EXPECT_EQ(child.process().wait_group({stop})->exit.signal, SIGKILL);
  EXPECT_EQ(child.line(), "") << "the end of the pipe";
}

TEST(Capture, KeepsBothStreamsAndTheStatus) {
  ASSERT_OK_AND_ASSIGN(Captured captured, capture(shell("printf 'a\\000b'; echo err >&2; exit 4")));
  EXPECT_EQ(captured.out, std::string("a\0b", 3));
  EXPECT_EQ(captured.err, "err\n");
  EXPECT_EQ(captured.exit.status, 4);
}

TEST(Capture, AFullPipeStopsNobody) {
  std::string script =
      "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2";
  ASSERT_OK_AND_ASSIGN(Captured captured, capture(shell(script)));
  EXPECT_EQ(captured.out.size(), 1'000'000u);
  EXPECT_EQ(captured.err.size(), 2'000'000u);
  EXPECT_TRUE(captured.exit.ok());
}

TEST(Capture, KeepsSixteenMebibytesAndDropsTheRest) {
  ASSERT_OK_AND_ASSIGN(Captured captured, capture(shell("head -c 17000000 /dev/zero; echo end >&2")));
  EXPECT_EQ(captured.out.size(), 16u << 20);
  EXPECT_EQ(captured.err, "end\n");
  EXPECT_TRUE(captured.exit.ok());
}

TEST(Capture, DoesNotWaitForWhatStaysInTheBackground) {
  ASSERT_OK_AND_ASSIGN(Captured captured, capture(shell("sleep 1000 & echo $!")));
  EXPECT_EQ(::kill(std::stoi(captured.out), SIGKILL), 0) << "was still running";
}

TEST(Capture, GivesUpAfterTheTimeout) {
  const CaptureLimits limits{std::chrono::milliseconds(1), nullptr};
  EXPECT_THAT(capture(shell("sleep 1000"), limits), FailsWith(Code::io, "did not end within 1 ms"));
  EXPECT_THAT(capture(shell("exec >&- 2>&-; sleep 1000"), limits), FailsWith(Code::io, "did not end"));
}

TEST(Capture, EndsTheProgramWhenToldToStop) {
  const std::atomic<bool> stop{true};
  EXPECT_THAT(capture(shell("sleep 1000"), {std::chrono::milliseconds(0), &stop}),
              FailsWith(Code::interrupted, "was stopped"));
}

TEST(Capture, PassesOnWhyNothingWasStarted) {
  ProcessOptions options;
  options.argv = {"no-such-program-xyz"};
  EXPECT_THAT(capture(options), FailsWith(Code::not_found, "no-such-program-xyz"));
}

TEST(Capture, ManyThreadsMayRunProcesses) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int round = 0; round < 5; ++round) {
        EXPECT_EQ(output_of(shell("echo " + std::to_string(i))), std::to_string(i) + "\n");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace cairn::os
