// SPDX-License-Identifier: Apache-2.0
#include "runner/trace.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "runner/trace_filter.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

struct Traced {
  os::ExitStatus exit;
  TraceReport report;
};

/// Runs commands under observation in a folder of its own; skips where the system refuses.
class TraceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto trace = Trace::begin({"/"});
    if (!trace.ok()) {
      ASSERT_EQ(trace.error().code(), Code::unsupported);
      GTEST_SKIP() << trace.error().message();
    }
    root_ = std::filesystem::canonical(folder_.path()).string() + "/project";
    std::filesystem::create_directory(root_);
    options_.root = root_;
  }

  void put(const std::string& name, const std::string& content = "content\n") const {
    write_text(root_ + "/" + name, content);
  }

  Result<Traced> run_program(std::vector<std::string> argv) {
    os::ProcessOptions process;
    process.argv = std::move(argv);
    process.folder = root_;
    process.stdout_fd = process.stderr_fd = output_.get();
    CAIRN_TRY_ASSIGN(Trace trace, Trace::begin(options_));
    trace.observe(process);
    CAIRN_TRY_ASSIGN(os::Process started, os::Process::start(process));
    Traced out;
    CAIRN_TRY_ASSIGN(out.exit, started.wait());
    out.report = trace.finish();
    return out;
  }

  Traced run(const std::string& script) {
    auto traced = run_program({"sh", "-c", script});
    EXPECT_OK(traced);
    return traced.ok() ? *traced : Traced();
  }

  /// Runs our own code in the observed process, instead of a program.
  TraceReport run_in_child(const std::function<int()>& body) {
    auto trace = Trace::begin(options_);
    EXPECT_OK(trace);
    os::ProcessOptions process;
    process.argv = {"true"};
    process.folder = root_;
    trace->observe(process);
    Inner inner{process.before_exec, process.before_exec_data, &body};
    process.before_exec_data = &inner;
    process.before_exec = [](void* data) {
      const auto* self = static_cast<Inner*>(data);
      const int error = self->observe(self->data);
      return error != 0 ? error : (*self->body)();
    };
    auto started = os::Process::start(process);
    EXPECT_OK(started);
    auto exit = started->wait();
    EXPECT_TRUE(exit.ok() && exit->ok());
    return trace->finish();
  }

  test::TempDir folder_;
  std::string root_;
  TraceOptions options_;
  os::Fd output_ = os::Fd(::open("/dev/null", O_WRONLY | O_CLOEXEC));

 private:
  struct Inner {
    int (*observe)(void*);
    void* data;
    const std::function<int()>* body;
  };
};

int read_file_at(int folder, const char* name) {
  const int fd = openat(folder, name, O_RDONLY);
  char byte = 0;
  const bool got = fd >= 0 && read(fd, &byte, 1) == 1;
  close(fd);
  return got ? 0 : EIO;
}

TEST_F(TraceTest, NamesAFileReadByAChildOfAChild) {
  put("a.txt");
  const Traced traced = run("sh -c 'sh -c \"cat a.txt; true\"; true'");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt"));
  EXPECT_FALSE(traced.report.unseen.any());
}

TEST_F(TraceTest, ResolvesARelativePathAfterChdir) {
  put("data/in/a.txt");
  put("data/b.txt");
  const Traced traced = run("cd data; (cd in; cat ./a.txt ../b.txt); cat in/../b.txt");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_THAT(traced.report.reads, ElementsAre("data/b.txt", "data/in/a.txt"));
}

TEST_F(TraceTest, ReportsAPathUnderAbsoluteSpelling) {
  put("a.txt");
  EXPECT_THAT(run("cat " + root_ + "//./a.txt").report.reads, ElementsAre("a.txt"));
}

TEST_F(TraceTest, ReportsSymlinksInTheRootAndWhereTheyLead) {
  put("real/a.txt");
  std::filesystem::create_directory_symlink("real", root_ + "/folder");
  std::filesystem::create_symlink("folder/a.txt", root_ + "/file");
  EXPECT_THAT(run("cat file").report.reads, ElementsAre("file", "folder", "real/a.txt"));
  EXPECT_THAT(run("cat folder/a.txt").report.reads, ElementsAre("folder", "real/a.txt"));
}

TEST_F(TraceTest, FollowsASymlinkFromOutsideIntoTheRoot) {
  put("a.txt");
  std::filesystem::create_symlink(root_, folder_ / "outside");
  EXPECT_THAT(run("cat ../outside/a.txt").report.reads, ElementsAre("a.txt"));
}

TEST_F(TraceTest, ResolvesPathsFromAFolderDescriptor) {
  put("data/a.txt");
  const TraceReport report = run_in_child([] {
    const int folder = open("data", O_RDONLY | O_DIRECTORY);
    return read_file_at(folder, "a.txt");
  });
  EXPECT_THAT(report.reads, ElementsAre("data/a.txt"));
  EXPECT_THAT(report.listed, IsEmpty());  // opened, but its names were not read
}

TEST_F(TraceTest, IsNotMisledByOpensThatFail) {
  put("a.txt");
  const Traced traced = run("cat missing no/such a.txt/x; cat .; : <a.txt; [ -e a.txt ]; mkdir a.txt; true");
  EXPECT_THAT(traced.report.reads, ElementsAre("a.txt"));
  EXPECT_THAT(traced.report.writes, IsEmpty());
  EXPECT_THAT(traced.report.made, IsEmpty());
}

TEST_F(TraceTest, DoesNotTakeAStatForARead) {
  put("a.txt");
  std::filesystem::create_symlink("a.txt", root_ + "/link");
  EXPECT_THAT(run("stat a.txt; readlink link; test -s a.txt").report.reads, IsEmpty());
}

TEST_F(TraceTest, ReportsListedFolders) {
  put("data/a.txt");
  const TraceReport report = run("echo data/*; ls .").report;
  EXPECT_THAT(report.listed, ElementsAre("", "data"));
  EXPECT_THAT(report.reads, IsEmpty());
}

TEST_F(TraceTest, DoesNotReportWhatTheCommandMadeItselfAsRead) {
  put("old.txt");
  const TraceReport report = run("echo x >new.txt; cat new.txt; echo y >old.txt; cat old.txt").report;
  EXPECT_THAT(report.reads, IsEmpty());
  EXPECT_THAT(report.writes, ElementsAre("new.txt", "old.txt"));
}

TEST_F(TraceTest, ReportsAFileThatWasReadBeforeItWasReplaced) {
  put("a.txt");
  const TraceReport report = run("cat a.txt; echo y >a.txt").report;
  EXPECT_THAT(report.reads, ElementsAre("a.txt"));
  EXPECT_THAT(report.writes, ElementsAre("a.txt"));
}

TEST_F(TraceTest, ReportsAFileThatWasAppendedToAndThenRead) {
  put("log");
  const TraceReport report = run("echo x >>log; cat log").report;
  EXPECT_THAT(report.reads, ElementsAre("log"));
  EXPECT_THAT(report.writes, ElementsAre("log"));
}

TEST_F(TraceTest, FollowsRenames) {
  put("given.txt");
  const TraceReport report = run("echo x >part; mv part out.txt; mv given.txt kept.txt; cat kept.txt").report;
  EXPECT_THAT(report.reads, ElementsAre("given.txt"));
  EXPECT_THAT(report.writes, ElementsAre("kept.txt", "out.txt"));
  EXPECT_THAT(report.removed, ElementsAre("given.txt"));
}

TEST_F(TraceTest, FollowsARenamedFolder) {
  const TraceReport report = run("mkdir -p part/in; echo x >part/in/a; mv part out; cat out/in/a").report;
  EXPECT_THAT(report.reads, IsEmpty());
  EXPECT_THAT(report.writes, IsEmpty());
  EXPECT_THAT(report.made, ElementsAre("out"));
}

TEST_F(TraceTest, ForgetsWhatTheCommandMadeAndRemoved) {
  const TraceReport report = run("mkdir t; echo x >t/a; cat t/a; rm -r t; ln -s x l; rm l").report;
  EXPECT_THAT(report.reads, IsEmpty());
  EXPECT_THAT(report.writes, IsEmpty());
  EXPECT_THAT(report.made, IsEmpty());
  EXPECT_THAT(report.removed, IsEmpty());
}

TEST_F(TraceTest, ReportsWhatWasRemoved) {
  put("a.txt");
  EXPECT_THAT(run("rm a.txt").report.removed, ElementsAre("a.txt"));
}

TEST_F(TraceTest, ReportsLinksTruncationAndFolders) {
  put("a.txt");
  put("b.txt");
  const TraceReport report = run_in_child([] {
    const bool done = link("a.txt", "hard") == 0 && symlink("a.txt", "soft") == 0 &&
                      mkdir("folder", 0777) == 0 && truncate("b.txt", 1) == 0 &&
                      mknod("fifo", S_IFIFO | 0600, 0) == 0;
    return done ? 0 : errno;
  });
  EXPECT_THAT(report.writes, ElementsAre("b.txt", "fifo", "hard", "soft"));
  EXPECT_THAT(report.made, ElementsAre("folder"));
  EXPECT_THAT(report.reads, ElementsAre("a.txt"));  // its content is in the hard link now
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

TEST_F(TraceTest, SeesTenThousandOpens) {
  for (int i = 0; i < 10'000; ++i) {
    put("data/" + std::to_string(i), "x");
  }
  const Traced traced = run("cat data/*");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_EQ(traced.report.reads.size(), 10'000U);
  EXPECT_THAT(traced.report.reads, Contains("data/9999"));
}

TEST_F(TraceTest, CountsWhatComesAfterTheLimit) {
  options_.limit = 2;
  for (const char* name : {"a", "b", "c", "d"}) {
    put(name);
  }
  const TraceReport report = run("cat a b c d").report;
  EXPECT_THAT(report.reads, ElementsAre("a", "b"));
  EXPECT_EQ(report.unseen.paths, 2U);
}

TEST_F(TraceTest, LeavesOutTheFoldersOfGitAndCairn) {
  put(".git/config");
  put(".gitignore");
  put("cache/a");
  options_.left_out.emplace_back("cache");
  EXPECT_THAT(run("cat .git/config .gitignore cache/a").report.reads, ElementsAre(".gitignore"));
}

TEST_F(TraceTest, LeavesOutWhatIsOutsideTheRoot) {
  write_text(folder_ / "project2/a.txt", "x");
  const TraceReport report = run("cat ../project2/a.txt /etc/passwd; echo x >../project2/b.txt").report;
  EXPECT_THAT(report.reads, IsEmpty());
  EXPECT_THAT(report.writes, IsEmpty());
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
  EXPECT_EQ(WTERMSIG(raw), SIGKILL);
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
