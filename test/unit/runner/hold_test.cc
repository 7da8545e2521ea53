// SPDX-License-Identifier: Apache-2.0
#include "runner/hold.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <thread>

#include "runner/shell_command.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;

constexpr std::int64_t kTime = 1'700'000'000'000'000'000;  // 2023-11-14 22:13:20 UTC

Hold everything() {
  Hold hold;
  hold.clock_ns = kTime;
  hold.random_seed = 7;
  hold.folder_order = Hold::FolderOrder::sorted;
  hold.cpus = 1;
  hold.processes = true;
  hold.addresses = true;
  return hold;
}

Hold clock_at(std::int64_t ns) {
  Hold hold;
  hold.clock_ns = ns;
  return hold;
}

Hold seeded(std::uint64_t seed) {
  Hold hold;
  hold.random_seed = seed;
  return hold;
}

/// Runs scripts under a hold in a folder of its own; skips where the system refuses.
class HoldTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (auto held = HeldWorld::begin(everything()); !held.ok()) {
      ASSERT_EQ(held.error().code(), Code::unsupported);
      GTEST_SKIP() << held.error().message();
    }
    command_.shell = "bash -eo pipefail";
    command_.folder = folder_.path();
    command_.env["TZ"] = "UTC";
    command_.env["PYTHONHASHSEED"] = std::nullopt;
  }

  CommandResult run_all(const Hold& hold, const std::string& script) {
    const os::Fd output(open((folder_ / "output").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    command_.script = script;
    command_.output_fd = output.get();
    auto held = HeldWorld::begin(hold);
    EXPECT_OK(held);
    command_.adjust = [&held](os::ProcessOptions& options) { held->hold(options); };
    auto ended = run_shell(command_, stop_, &kill_);
    EXPECT_OK(ended);
    seen_ = held->finish();
    return ended.ok() ? *ended : CommandResult();
  }
  /// What a script that succeeds writes.
  std::string run(const Hold& hold, const std::string& script) {
    const CommandResult ended = run_all(hold, script);
    const std::string output = read_text(folder_ / "output");
    EXPECT_EQ(ended.exit.status, 0) << output;
    return output;
  }
  std::string python(const Hold& hold, const std::string& code) {
    test::write_text(folder_ / "code.py", code);
    return run(hold, "python3 code.py");
  }
  /// Two runs are equal with the hold and differ without.
  void holds(const Hold& hold, const std::string& script) {
    const std::string first = run(hold, script);
    EXPECT_EQ(run(hold, script), first) << script;
    EXPECT_NE(run({}, script), run({}, script)) << script;
    EXPECT_NE(first, "");
  }
  void holds_python(const Hold& hold, const std::string& code) {
    test::write_text(folder_ / "code.py", code);
    holds(hold, "python3 code.py");
  }
  void make_files(int count) {
    std::filesystem::create_directory(folder_ / "many");
    for (int i = 0; i < count; ++i) {
      test::write_text(folder_ / ("many/file" + std::to_string(i * 7919 % count)), "");
    }
  }

  test::TempDir folder_;
  ShellCommand command_;
  HeldWorld::Seen seen_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> kill_{false};
};

TEST_F(HoldTest, HoldsTheClock) {
  EXPECT_EQ(run(clock_at(kTime), "date +%F_%T; date +%s"), "2023-11-14_22:13:20\n1700000000\n");
  EXPECT_EQ(python(clock_at(kTime), "import datetime; print(datetime.datetime.now().date())"),
            "2023-11-14\n");
  holds_python(clock_at(kTime), "import time; print(time.time_ns(), time.time_ns(), time.localtime())");
}

TEST_F(HoldTest, MovesTheClockWithEachLookAndWithSleep) {
  EXPECT_EQ(python(clock_at(kTime),
                   "import time\na = time.time_ns()\nb = time.time_ns()\ntime.sleep(0.05)\n"
                   "print(b - a, (time.time_ns() - b) // 1000000)\n"),
            "1000 100\n");
  // A loop of processes that waits for a time comes to its end.
  EXPECT_EQ(run(clock_at(kTime), "until [ $(date +%s) -ge 1700000001 ]; do sleep 0.25; done; date +%s"),
            "1700000001\n");
}

TEST_F(HoldTest, LetsMonotonicClocksGoOn) {
  EXPECT_EQ(python(clock_at(kTime),
                   "import time\na = time.monotonic()\nwhile time.monotonic() < a + 0.01: pass\nprint('on')"),
            "on\n");
}

TEST_F(HoldTest, HoldsRandomNumbers) {
  holds_python(seeded(7),
               "import os, random, uuid, secrets\n"
               "print(os.urandom(9), random.random(), uuid.uuid4(), secrets.token_hex(), hash('a'))\n"
               "print({str(i) for i in range(99)})\n");
  holds(seeded(7), "od -An -N 8 -tx1 /dev/urandom; od -An -N 8 -tx1 /dev/random");
  holds(seeded(7), "cat /proc/sys/kernel/random/uuid");
  EXPECT_NE(run(seeded(7), "od -An -N 8 -tx1 /dev/urandom"), run(seeded(8), "od -An -N 8 -tx1 /dev/urandom"));
}

TEST_F(HoldTest, GivesOtherRandomNumbersEachTime) {
  // A program that looks for a free name must find one.
  const std::string twice = run(seeded(7), "for i in 1 2; do od -An -N 8 -tx1 /dev/urandom; done");
  EXPECT_NE(twice.substr(0, twice.size() / 2), twice.substr(twice.size() / 2));
  EXPECT_EQ(run(seeded(7), "for i in 1 2 3; do mktemp -p .; done | sort -u | wc -l"), "3\n");
  EXPECT_EQ(run(seeded(7), "head -c 3000000 /dev/urandom | wc -c"), "3000000\n");
}

TEST_F(HoldTest, HoldsNamesOfFolders) {
  make_files(3000);
  Hold hold;
  hold.folder_order = Hold::FolderOrder::sorted;
  const std::string code =
      "import os\nnames = os.listdir('many')\nprint(len(names), names == sorted(names), "
      "names[::-1] == sorted(names))\n";
  EXPECT_EQ(python(hold, code), "3000 True False\n");
  EXPECT_EQ(run(hold, "ls -U many | LC_ALL=C sort -c; ls -U many | wc -l; find many | wc -l"),
            "3000\n3001\n");
  EXPECT_EQ(python(hold,
                   "import os\nwith os.scandir('many') as a:\n  first = next(a).name\n"
                   "  print(first, sum(1 for _ in a), len(os.listdir('many')))\n"),
            "file0 2999 3000\n");
  hold.folder_order = Hold::FolderOrder::reversed;
  EXPECT_EQ(python(hold, code), "3000 False True\n");
  EXPECT_EQ(run(hold, "mkdir empty; ls -a empty; rm -r many empty; ls"), ".\n..\ncode.py\noutput\n");
}

TEST_F(HoldTest, HoldsProcessors) {
  Hold hold;
  const std::string code = "import os; print(os.cpu_count(), len(os.sched_getaffinity(0)))";
  for (const unsigned cpus : {1U, 200U}) {  // more than there are can only be told
    hold.cpus = cpus;
    const std::string number = std::to_string(cpus);
    EXPECT_EQ(python(hold, code), number + " " + number + "\n");
    EXPECT_EQ(run(hold, "env -u OMP_NUM_THREADS nproc; echo $OMP_NUM_THREADS"),
              number + "\n" + number + "\n");
  }
  command_.env["OMP_NUM_THREADS"] = "3";
  EXPECT_EQ(run(hold, "echo $OMP_NUM_THREADS"), "3\n");
}

TEST_F(HoldTest, HoldsProcessIds) {
  Hold hold;
  hold.processes = true;
  EXPECT_EQ(
      run(hold, "echo $$; sh -c 'echo $$; exec sh -c \"echo \\$\\$\"'; cat /proc/self/stat | cut -d' ' -f1"),
      "2\n3\n3\n4\n");
  holds(hold, "echo $$; python3 -c 'import os; print(os.getpid(), os.getppid())'");
}

TEST_F(HoldTest, HoldsAddresses) {
  Hold hold;
  hold.addresses = true;
  holds_python(hold, "print(object(), id([]))");
}

TEST_F(HoldTest, HoldsAllTogether) {
  holds(everything(),
        "echo $RANDOM $SRANDOM $$ $(date +%N); mktemp -u; awk 'BEGIN { srand(); print rand() }'\n"
        "python3 -c 'import random, time, os; print(random.random(), time.time(), os.getpid(), object())'\n");
}

TEST_F(HoldTest, HoldsAStaticProgram) {
  test::write_text(
      folder_ / "main.c",
      "#include <stdio.h>\n#include <time.h>\nint main(void) { printf(\"%ld\\n\", (long)time(0)); }\n");
  if (!run_all({}, "cc -static -o main main.c").exit.ok()) {
    GTEST_SKIP() << "no static C library";
  }
  EXPECT_EQ(run(clock_at(kTime), "./main"), "1700000000\n");
}

TEST_F(HoldTest, HoldsThreadsAndManyProcesses) {
  const std::string code =
      "import os, threading, time\n"
      "def work():\n  for _ in range(50): time.time(); os.urandom(2); os.listdir('.')\n"
      "threads = [threading.Thread(target=work) for _ in range(8)]\n"
      "for t in threads: t.start()\nfor t in threads: t.join()\nprint('done')\n";
  EXPECT_EQ(python(everything(), code), "done\n");
  EXPECT_TRUE(seen_.threads);
  EXPECT_EQ(run(everything(), "for i in $(seq 200); do date +%Y & done | sort | uniq -c | tr -s ' '; wait"),
            " 200 2023\n");
  EXPECT_FALSE(seen_.threads);
}

TEST_F(HoldTest, HoldsAProgramStartedByAnotherThread) {
  EXPECT_EQ(python(clock_at(kTime),
                   "import os, threading\n"
                   "threading.Thread(target=lambda: os.execlp('date', 'date', '+%s')).start()\n"
                   "threading.Event().wait()\n"),
            "1700000000\n");
}

TEST_F(HoldTest, HoldsNothingElse) {
  EXPECT_EQ(run(seeded(7), "date +%Y"), run({}, "date +%Y"));
  EXPECT_EQ(run(clock_at(kTime), "nproc; pwd; id -u; ulimit -a"), run({}, "nproc; pwd; id -u; ulimit -a"));
}

TEST_F(HoldTest, KeepsExitStatusAndSignal) {
  EXPECT_EQ(run_all(everything(), "exit 42").exit.status, 42);
  EXPECT_EQ(run_all(everything(), "kill -9 $$").exit.signal, SIGKILL);
  EXPECT_EQ(run_all(clock_at(kTime), "kill -TERM $$").exit.signal, SIGTERM);
  EXPECT_EQ(run(everything(), "trap 'echo trapped' USR1; kill -USR1 $$"), "trapped\n");
}

TEST_F(HoldTest, KeepsStoppingAndGoingOn) {
  EXPECT_EQ(run(everything(),
                "sh -c 'kill -STOP $$; echo on' & until grep -q 'State:.[Tt]' /proc/$!/status; do :; done; "
                "kill -CONT $!; wait $!"),
            "on\n");
}

TEST_F(HoldTest, StopsWhenAsked) {
  ASSERT_EQ(mkfifo((folder_ / "ready").c_str(), 0600), 0);
  const os::Fd ready(open((folder_ / "ready").c_str(), O_RDWR | O_CLOEXEC));
  std::thread stopper([&] {
    char byte = 0;
    EXPECT_EQ(read(ready.get(), &byte, 1), 1);
    stop_ = true;
  });
  const CommandResult ended =
      run_all(everything(), "trap 'echo bye; exit 3' TERM; echo x >ready; while :; do :; done");
  stopper.join();
  EXPECT_EQ(ended.exit.status, 3);
  EXPECT_EQ(read_text(folder_ / "output"), "bye\n");
}

TEST_F(HoldTest, EndsAtTheTimeout) {
  command_.timeout = std::chrono::milliseconds(300);
  const CommandResult ended = run_all(clock_at(kTime), "sleep 1000");
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.exit.signal, SIGTERM);
}

TEST_F(HoldTest, EndsWhatOutlivesTheCommand) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // what it leaves becomes our child
  run(clock_at(kTime), "setsid sh -c 'echo $$ >pid; exec sleep 1000' & until [ -s pid ]; do :; done");
  const pid_t left = std::stoi(read_text(folder_ / "pid"));
  int raw = 0;
  ASSERT_EQ(waitpid(left, &raw, __WALL), left);  // hangs, and times out, if nobody ends it
  EXPECT_EQ(WTERMSIG(raw), SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(HoldTest, DiesWithUs) {
  ASSERT_EQ(mkfifo((folder_ / "ready").c_str(), 0600), 0);
  const os::Fd ready(open((folder_ / "ready").c_str(), O_RDWR | O_CLOEXEC));
  const pid_t runner = fork();
  if (runner == 0) {
    run_all(clock_at(kTime), "setsid sh -c 'echo $$ >pid; echo x >ready; sleep 1000' & wait");
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready.get(), &byte, 1), 1);
  const pid_t held = std::stoi(read_text(folder_ / "pid"));
  const os::Fd ended(static_cast<int>(syscall(SYS_pidfd_open, held, 0U)));
  ASSERT_TRUE(ended.valid());
  ASSERT_EQ(kill(runner, SIGKILL), 0);
  ASSERT_EQ(waitpid(runner, nullptr, 0), runner);
  pollfd event{ended.get(), POLLIN, 0};
  EXPECT_EQ(poll(&event, 1, -1), 1);  // hangs, and times out, if it lives on
}

TEST_F(HoldTest, SaysWhatCannotBeStarted) {
  command_.shell = "no-such-shell";
  command_.script = ":";
  ASSERT_OK_AND_ASSIGN(HeldWorld held, HeldWorld::begin(clock_at(kTime)));
  command_.adjust = [&held](os::ProcessOptions& options) { held.hold(options); };
  EXPECT_THAT(run_shell(command_, stop_), FailsWith(Code::not_found, "no-such-shell"));
}

TEST_F(HoldTest, RunsSeveralAtOnce) {
  std::array<std::string, 2> outputs;
  const auto work = [this](std::string& output, int which) {
    os::ProcessOptions options;
    options.argv = {"date", "+%s"};
    auto held = HeldWorld::begin(clock_at(kTime + which * std::int64_t{1'000'000'000}));
    EXPECT_OK(held);
    held->hold(options);
    auto captured = os::capture(options);
    EXPECT_OK(captured);
    output = captured.ok() ? captured->out : "";
  };
  std::thread first([&] { work(outputs[0], 0); });
  std::thread second([&] { work(outputs[1], 1); });
  first.join();
  second.join();
  EXPECT_EQ(outputs[0], "1700000000\n");
  EXPECT_EQ(outputs[1], "1700000001\n");
}

TEST_F(HoldTest, RefusesInsideAnotherHold) {
  auto held = HeldWorld::begin(clock_at(kTime));
  ASSERT_OK(held);
  os::ProcessOptions options;
  options.argv = {"true"};
  held->hold(options);
  struct Inner {
    int (*hold)(void*);
    void* data;
  } inner{options.before_exec, options.before_exec_data};
  options.before_exec_data = &inner;
  options.before_exec = [](void* data) {
    const auto* self = static_cast<Inner*>(data);
    const int error = self->hold(self->data);
    auto second = HeldWorld::begin(clock_at(kTime));
    return error != 0 || second.ok() || second.error().code() != Code::unsupported ? EIO : 0;
  };
  auto started = os::Process::start(options);
  ASSERT_OK(started);
  EXPECT_TRUE(started->wait()->ok());
}

}  // namespace
}  // namespace cairn::runner
