// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include "runner/trace_filter.h"
#include "unit/runner/trace_fixture.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

/// Changes the root folder, in a user namespace where we may not; 0 or an errno.
int enter_root(const char* root, const char* folder) {
  if (chroot(root) != 0 && (unshare(CLONE_NEWUSER) != 0 || chroot(root) != 0)) {
    return errno;
  }
  return chdir(folder) == 0 ? 0 : errno;
}

TEST_F(TraceTest, SeesTheOpensOfAThread) {
  put("a.txt");
  const TraceReport report = run_in_child([] {
    int result = EIO;
    std::thread other([&result] { result = read_file_at(AT_FDCWD, "a.txt"); });
    other.join();
    return result;
  });
  EXPECT_THAT(report.reads, ElementsAre("a.txt"));
}

TEST_F(TraceTest, SeesAProgramStartedByAnotherThreadThanTheFirst) {
  put("a.txt");
  const TraceReport report = run_in_child([] {
    std::thread other([] { execlp("cat", "cat", "a.txt", nullptr); });
    other.join();
    return EIO;
  });
  EXPECT_THAT(report.reads, ElementsAre("a.txt"));
}

TEST_F(TraceTest, SeesWhatIsMappedAsALibrary) {
  put("lib.c", "int value(void) { return 7; }\n");
  put("main.c", "int value(void);\nint main(void) { return value(); }\n");
  const Traced built =
      run("cc -shared -fPIC -o libvalue.so lib.c && cc -o main main.c -L. -lvalue -Wl,-rpath,$PWD");
  if (!built.exit.ok()) {
    GTEST_SKIP() << "no C compiler";
  }
  EXPECT_THAT(built.report.reads, ElementsAre("lib.c", "main.c"));
  const Traced traced = run("./main");
  EXPECT_EQ(traced.exit.status, 7);
  EXPECT_THAT(traced.report.reads, ElementsAre("libvalue.so", "main"));
  EXPECT_THAT(traced.report.programs, ElementsAre("main"));
}

TEST_F(TraceTest, SeesAStaticBinary) {
  put("main.c",
      "#include <fcntl.h>\n#include <unistd.h>\n"
      "int main(void) { char c; return read(open(\"a.txt\", O_RDONLY), &c, 1) != 1; }\n");
  put("a.txt");
  if (!run("cc -static -o main main.c").exit.ok()) {
    GTEST_SKIP() << "no static C library";
  }
  const Traced traced = run("./main");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt", "main"));
}

TEST_F(TraceTest, SeesPython) {
  put("helper.py", "NAME = 'a.txt'\n");
  put("main.py", "import helper\nprint(open(helper.NAME).read())\n");
  put("a.txt");
  const Traced traced = run("python3 main.py");
  if (!traced.exit.ok()) {
    GTEST_SKIP() << "no python3";
  }
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt", "helper.py", "main.py"));
}

TEST_F(TraceTest, NamesTheInterpreterOfAScript) {
  std::filesystem::copy_file("/bin/sh", root_ + "/shell");
  put("script", "#!./shell -e\n:\n");
  std::filesystem::permissions(root_ + "/script", std::filesystem::perms::all);
  EXPECT_THAT(run("./script").report.programs, ElementsAre("script", "shell"));
}

TEST_F(TraceTest, ReportsNetworkUse) {
  const TraceReport report = run_in_child([] {
    const int stream = socket(AF_INET, SOCK_STREAM, 0);
    const int datagram = socket(AF_INET, SOCK_DGRAM, 0);
    const int local = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(9);
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    const sockaddr other{AF_UNIX, "x"};
    connect(stream, any, sizeof address);
    sendto(datagram, "x", 1, 0, any, sizeof address);
    connect(local, &other, sizeof other);
    address.sin_port = 0;
    bind(datagram, any, sizeof address);
    return 0;
  });
  EXPECT_THAT(report.network, ElementsAre(TraceEndpoint{TraceEndpoint::Use::connect, "127.0.0.1:9"},
                                          TraceEndpoint{TraceEndpoint::Use::send, "127.0.0.1:9"},
                                          TraceEndpoint{TraceEndpoint::Use::bind, "127.0.0.1:0"}));
}

TEST_F(TraceTest, ReportsNetworkUseOverIpv6) {
  const TraceReport report = run_in_child([] {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    address.sin6_port = htons(80);
    connect(socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return 0;
  });
  EXPECT_THAT(report.network, ElementsAre(TraceEndpoint{TraceEndpoint::Use::connect, "[::1]:80"}));
}

TEST_F(TraceTest, FollowsAChangeOfRoot) {
  put("jail/etc/a.txt");
  put("jail/work/b.txt");
  const pid_t child = fork();
  if (child == 0) {
    _exit(enter_root("/", "/"));
  }
  int raw = -1;
  ASSERT_EQ(waitpid(child, &raw, 0), child);
  if (raw != 0) {
    GTEST_SKIP() << "neither root nor user namespaces";
  }
  const TraceReport report = run_in_child([] {
    int error = enter_root("jail", "/work");
    error = error != 0 ? error : read_file_at(AT_FDCWD, "/etc/a.txt");
    _exit(error != 0 ? error : read_file_at(AT_FDCWD, "b.txt"));  // there is no program to go on with
    return error;
  });
  EXPECT_THAT(report.reads, ElementsAre("jail/etc/a.txt", "jail/work/b.txt"));
}

TEST_F(TraceTest, KeepsExitStatusAndSignal) {
  EXPECT_EQ(run("exit 42").exit.status, 42);
  EXPECT_EQ(run("kill -9 $$").exit.signal, 9);
}

TEST_F(TraceTest, KeepsStoppingAndGoingOn) {
  put("a.txt");
  const Traced traced =
      run("sh -c 'kill -STOP $$; cat a.txt' & until grep -q 'State:.T' /proc/$!/status; do :; done; "
          "kill -CONT $!; wait $!");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt"));
}

TEST_F(TraceTest, KeepsInputAndOutput) {
  output_ = os::Fd(open((root_ + "/log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  run("cat; echo out; echo err >&2");
  EXPECT_EQ(read_text(root_ + "/log"), "out\nerr\n");
}

TEST_F(TraceTest, LetsBackgroundProcessesGoOn) {
  // It opens files after its command was finished with, and after the trace has gone.
  ASSERT_EQ(mkfifo((root_ + "/go").c_str(), 0600), 0);
  ASSERT_EQ(mkfifo((root_ + "/done").c_str(), 0600), 0);
  put("a.txt");
  const Traced traced = run("(read line <go; cat a.txt >copy; echo x >done) & exit 0");
  EXPECT_TRUE(traced.report.unseen.background);
  EXPECT_THAT(traced.report.reads, Not(Contains("a.txt")));
  std::ofstream(root_ + "/go") << "go\n";
  std::string word;
  std::ifstream(root_ + "/done") >> word;
  EXPECT_EQ(word, "x");
  EXPECT_EQ(read_text(root_ + "/copy"), "content\n");
}

TEST_F(TraceTest, DoesNotWaitForABusyBackgroundProcess) {
  put("a.txt");
  ASSERT_EQ(mkfifo((root_ + "/done").c_str(), 0600), 0);
  const Traced traced = run("(while [ ! -e stop ]; do cat a.txt; done; echo x >done) & exit 0");
  EXPECT_TRUE(traced.report.unseen.background);
  put("stop");
  std::string word;
  std::ifstream(root_ + "/done") >> word;
  EXPECT_EQ(word, "x");
}

TEST_F(TraceTest, WaitsForProcessesThatEndRightAfterTheCommand) {
  ASSERT_EQ(mkfifo((root_ + "/go").c_str(), 0600), 0);
  put("a.txt");
  const Traced traced = run("cat go a.txt & echo x >go; exit 0");
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt"));
  EXPECT_FALSE(traced.report.unseen.background);
}

TEST_F(TraceTest, LeavesNothingRunningWhenTheObserverIsKilled) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // so that what the observer leaves becomes our child
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe2(ready.data(), O_CLOEXEC), 0);
  const pid_t observer = fork();
  if (observer == 0) {
    auto trace = Trace::begin(options_);
    os::ProcessOptions process;
    process.argv = {"sleep", "1000"};
    trace->observe(process);
    auto started = os::Process::start(process);
    const pid_t pid = started.ok() ? started->pid() : -1;
    [[maybe_unused]] const ssize_t told = write(ready[1], &pid, sizeof pid);
    pause();
  }
  pid_t command = -1;
  ASSERT_EQ(read(ready[0], &command, sizeof command), static_cast<ssize_t>(sizeof command));
  ASSERT_GT(command, 0);
  kill(observer, SIGKILL);
  ASSERT_EQ(waitpid(observer, nullptr, 0), observer);
  int raw = 0;
  ASSERT_EQ(waitpid(command, &raw, 0), command);  // hangs, and times out, if nobody kills it
  // Its calls fail once the observer has gone: it may end by that before it is killed.
  EXPECT_NE(raw, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(TraceTest, GivesTheErrorOfAProgramThatDoesNotExist) {
  EXPECT_THAT(run_program({"no-such-program"}), FailsWith(Code::not_found, "no-such-program"));
  EXPECT_THAT(run_program({"/no/such/program"}), FailsWith(Code::not_found, "/no/such/program"));
}

TEST_F(TraceTest, EndsWhenNothingWasStarted) {
  ASSERT_OK_AND_ASSIGN(Trace trace, Trace::begin(options_));
  EXPECT_THAT(trace.finish().reads, IsEmpty());
}

TEST_F(TraceTest, RunsSeveralAtOnce) {
  put("a");
  put("b");
  std::array<TraceReport, 2> reports;
  std::thread first([&] { reports[0] = run("for i in 1 2 3 4 5 6 7 8 9; do cat a; done").report; });
  std::thread second([&] { reports[1] = run("for i in 1 2 3 4 5 6 7 8 9; do cat b; done").report; });
  first.join();
  second.join();
  EXPECT_THAT(reports[0].reads, ElementsAre("a"));
  EXPECT_THAT(reports[1].reads, ElementsAre("b"));
}

TEST(TraceProbe, SaysWhyTheKernelRefuses) {
  if (const Status status = probe_trace(); !status.ok()) {
    GTEST_SKIP() << status.error().message();
  }
  const pid_t child = fork();
  if (child == 0) {  // observed itself, so that nothing below it can be
    const bool installed = install_trace_filter(trace_filter()) >= 0;
    const Status status = probe_trace();
    _exit(installed && !status.ok() && status.error().code() == Code::unsupported &&
                  status.error().message().find("traced itself") != std::string::npos
              ? 0
              : 1);
  }
  int raw = -1;
  ASSERT_EQ(waitpid(child, &raw, 0), child);
  EXPECT_EQ(raw, 0);
}

}  // namespace
}  // namespace cairn::runner
