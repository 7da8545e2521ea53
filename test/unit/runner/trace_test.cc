// SPDX-License-Identifier: Apache-2.0
#include "runner/trace.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "unit/runner/trace_fixture.h"

namespace cairn::runner {
namespace {

using test::write_text;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

TEST_F(TraceTest, SeesTenThousandOpens) {
  for (int i = 0; i < 1'000; ++i) {
    put("data/" + std::to_string(i), "x");
  }
  const Traced traced = run("for i in 0 1 2 3 4 5 6 7 8 9; do cat data/*; done");
  EXPECT_TRUE(traced.exit.ok());
  EXPECT_EQ(traced.report.reads.size(), 1'000U);
  EXPECT_THAT(traced.report.reads, Contains("data/999"));
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

}  // namespace
}  // namespace cairn::runner
