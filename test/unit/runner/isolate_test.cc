// SPDX-License-Identifier: Apache-2.0
#include "runner/isolate.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "runner/trace.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::runner {
namespace {

using test::FailsWith;
using test::read_text;
using test::write_text;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

class IsolationTest : public ::testing::TestWithParam<Boxing> {
 protected:
  void SetUp() override {
    const std::string base = fs::canonical(folder_.path());
    options_.root = base + "/project";
    options_.parent = base + "/temporary";
    options_.boxing = GetParam();
    fs::create_directory(options_.root);
    fs::create_directory(options_.parent);
    auto probe = Isolation::prepare(options_, stop_);
    ASSERT_OK(probe);
    if (GetParam() == Boxing::where_possible && !probe->boxed()) {
      GTEST_SKIP() << probe->why_not_boxed();
    }
  }

  [[nodiscard]] std::string at(const std::string& name) const { return options_.root + "/" + name; }
  void put(const std::string& name, const std::string& content = "content\n") const {
    write_text(at(name), content);
  }

  Isolation prepare() {
    auto made = Isolation::prepare(options_, stop_);
    EXPECT_OK(made);
    return std::move(made).value();
  }

  os::ProcessOptions command(const Isolation& isolation, const std::string& script,
                             const std::string& folder = "") const {
    os::ProcessOptions process;
    process.argv = {"sh", "-c", script};
    process.folder = folder.empty() ? options_.root : at(folder);
    isolation.wrap(process);
    return process;
  }

  static std::string output(const os::ProcessOptions& process) {
    auto captured = os::capture(process);
    EXPECT_OK(captured);
    return captured.ok() ? captured->out + captured->err : "";
  }

  test::TempDir folder_;
  IsolateOptions options_;
  std::atomic<bool> stop_{false};
};

INSTANTIATE_TEST_SUITE_P(, IsolationTest, ::testing::Values(Boxing::never, Boxing::where_possible),
                         [](const auto& each) { return each.param == Boxing::never ? "InTree" : "InBox"; });

TEST_P(IsolationTest, ShowsTheInputsAndNothingElse) {
  put("data/a.csv");
  put("data/in/b.csv");
  put("data2/c.csv");
  put("code.py");
  put("secret.csv");
  options_.inputs = {"data/in/b.csv", "data", "code.py"};
  const Isolation isolation = prepare();
  EXPECT_EQ(output(command(isolation, "find . -type f | sort")),
            "./code.py\n./data/a.csv\n./data/in/b.csv\n");
}

TEST_P(IsolationTest, ShowsTheProjectsPathOnlyInABox) {
  put("a.csv");
  put("hidden.csv");
  options_.inputs = {"a.csv"};
  const Isolation isolation = prepare();
  EXPECT_EQ(isolation.boxed(), GetParam() == Boxing::where_possible);
  const std::string seen = output(command(isolation, "pwd; echo $CAIRN_ROOT; ls " + options_.root));
  EXPECT_THAT(seen, isolation.boxed() ? ::testing::StrEq(options_.root + "\n" + options_.root + "\na.csv\n")
                                      : ::testing::StrEq(isolation.seen_root() + "\n" +
                                                         isolation.seen_root() + "\na.csv\nhidden.csv\n"));
}

TEST_P(IsolationTest, RunsInTheFolderOfTheCommand) {
  options_.folders = {"sub/work"};
  const Isolation isolation = prepare();
  EXPECT_EQ(output(command(isolation, "pwd", "sub/work")), isolation.seen_root() + "/sub/work\n");
}

TEST_P(IsolationTest, KeepsExecutableBitsTimesAndSymlinks) {
  put("run", "#!/bin/sh\n");
  fs::permissions(at("run"), fs::perms::owner_exec, fs::perm_options::add);
  fs::last_write_time(at("run"), fs::file_time_type::clock::now() - std::chrono::hours(1000));
  fs::create_symlink("run", at("link"));
  options_.inputs = {"run", "link"};
  const Isolation isolation = prepare();
  const std::string before = output(command(isolation, "test -x run && readlink link && stat -c %y run"));
  os::ProcessOptions outside;
  outside.argv = {"stat", "-c", "%y", at("run")};
  EXPECT_EQ(before, "run\n" + output(outside));
}

TEST_P(IsolationTest, ProtectsTheInputsFromTheCommand) {
  put("a.csv", "old\n");
  options_.inputs = {"a.csv"};
  const Isolation isolation = prepare();
  EXPECT_EQ(output(command(isolation, "echo new >a.csv; cat a.csv")), "new\n");
  EXPECT_EQ(read_text(at("a.csv")), "old\n");
}

TEST_P(IsolationTest, BringsBackFilesAndFolders) {
  options_.folders = {"out"};
  const Isolation isolation = prepare();
  output(
      command(isolation, "echo 1 >out/file; mkdir -p out/folder/in; echo 2 >out/folder/in/x; echo 3 >other"));
  ASSERT_OK(isolation.bring_back({"out/file", "out/folder", "out/never-made"}, stop_));
  EXPECT_EQ(read_text(at("out/file")), "1\n");
  EXPECT_EQ(read_text(at("out/folder/in/x")), "2\n");
  EXPECT_FALSE(fs::exists(at("other")));
  EXPECT_FALSE(fs::exists(at("out/never-made")));
}

TEST_P(IsolationTest, ReplacesWhatStandsWhereAnOutGoes) {
  put("file", "old");
  put("folder/old", "old");
  put("was-file", "old");
  put("was-folder/old", "old");
  const Isolation isolation = prepare();
  output(command(isolation,
                 "echo new | tee file was-folder; mkdir folder was-file; touch folder/new was-file/new"));
  ASSERT_OK(isolation.bring_back({"file", "folder", "was-file", "was-folder"}, stop_));
  EXPECT_EQ(read_text(at("file")), "new\n");
  EXPECT_FALSE(fs::exists(at("folder/old")));
  EXPECT_TRUE(fs::exists(at("folder/new")));
  EXPECT_TRUE(fs::exists(at("was-file/new")));
  EXPECT_EQ(read_text(at("was-folder")), "new\n");
}

TEST_P(IsolationTest, BringsBackAcrossFileSystems) {
  struct stat here {};
  struct stat there {};
  if (stat("/dev/shm", &there) != 0 || stat(options_.root.c_str(), &here) != 0 ||
      here.st_dev == there.st_dev) {
    GTEST_SKIP() << "no second file system at /dev/shm";
  }
  options_.parent = "/dev/shm";
  put("folder/old", "old");
  const Isolation isolation = prepare();
  output(command(isolation, "mkdir folder; echo new >folder/new; echo 1 >file; ln -s file link"));
  ASSERT_OK(isolation.bring_back({"folder", "file", "link"}, stop_));
  EXPECT_EQ(read_text(at("folder/new")), "new\n");
  EXPECT_EQ(fs::read_symlink(at("link")), "file");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(options_.root)) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, UnorderedElementsAre("folder", "file", "link"));  // nothing temporary
}

TEST_P(IsolationTest, SharesFoldersInPlace) {
  put("venv/bin/tool", "tool\n");
  options_.shared = {"venv"};
  const Isolation isolation = prepare();
  EXPECT_EQ(output(command(isolation, "cat venv/bin/tool")), "tool\n");
}

TEST_P(IsolationTest, RefusesAMissingInput) {
  options_.inputs = {"missing.csv"};
  EXPECT_THAT(Isolation::prepare(options_, stop_), FailsWith(Code::not_found, "missing.csv"));
  EXPECT_TRUE(fs::is_empty(options_.parent));
}

TEST_P(IsolationTest, RefusesAPipe) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  options_.inputs = {"pipe"};
  EXPECT_THAT(Isolation::prepare(options_, stop_), FailsWith(Code::unsupported, "pipe"));
}

TEST_P(IsolationTest, StopsWhenAsked) {
  put("a.csv");
  options_.inputs = {"a.csv"};
  stop_ = true;
  EXPECT_THAT(Isolation::prepare(options_, stop_), FailsWith(Code::interrupted, "interrupted"));
}

TEST_P(IsolationTest, RemovesItsTree) {
  put("a.csv");
  options_.inputs = {"a.csv"};
  { const Isolation isolation = prepare(); }
  EXPECT_TRUE(fs::is_empty(options_.parent));
}

TEST_P(IsolationTest, KeepsTheExitStatus) {
  const Isolation isolation = prepare();
  auto captured = os::capture(command(isolation, "exit 42"));
  ASSERT_OK(captured);
  EXPECT_EQ(captured->exit.status, 42);
}

TEST_P(IsolationTest, CanBeTraced) {
  put("a.csv");
  put("hidden.csv");
  options_.inputs = {"a.csv"};
  const Isolation isolation = prepare();
  auto trace = Trace::begin({isolation.seen_root()});
  if (!trace.ok()) {
    GTEST_SKIP() << trace.error().message();
  }
  os::ProcessOptions process =
      command(isolation,
              "cat a.csv hidden.csv; (cd /; cat \"$CAIRN_ROOT/a.csv\"); echo x >b.csv; ln -s a.csv l; cat l");
  trace->observe(process);
  output(process);
  const TraceReport report = trace->finish();
  EXPECT_THAT(report.reads, ElementsAre("a.csv"));
  EXPECT_THAT(report.writes, ElementsAre("b.csv", "l"));
}

using IsolationBoxTest = IsolationTest;
INSTANTIATE_TEST_SUITE_P(, IsolationBoxTest, ::testing::Values(Boxing::where_possible),
                         [](const auto&) { return "InBox"; });

TEST_P(IsolationBoxTest, LeavesAllElseReadOnly) {
  write_text(options_.parent + "/outside", "old");
  const Isolation isolation = prepare();
  EXPECT_THAT(output(command(isolation, "echo x >/etc/no-such-file")), HasSubstr("Read-only"));
  EXPECT_FALSE(fs::exists("/etc/no-such-file"));
}

TEST_P(IsolationBoxTest, GivesATmpOfItsOwn) {
  const Isolation isolation = prepare();
  EXPECT_EQ(output(command(isolation,
                           "echo $TMPDIR; echo x >/tmp/cairn-isolation-test; ls /tmp/cairn-isolation-test")),
            "/tmp\n/tmp/cairn-isolation-test\n");
  EXPECT_FALSE(fs::exists("/tmp/cairn-isolation-test"));
}

TEST_P(IsolationBoxTest, LeavesSharedFoldersReadOnly) {
  put("venv/tool", "tool\n");
  options_.shared = {"venv"};
  const Isolation isolation = prepare();
  EXPECT_THAT(output(command(isolation, "echo x >venv/tool")), HasSubstr("Read-only"));
  EXPECT_EQ(read_text(at("venv/tool")), "tool\n");
}

}  // namespace
}  // namespace cairn::runner
