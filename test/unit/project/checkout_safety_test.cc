// SPDX-License-Identifier: Apache-2.0
// Checkout where the workspace or the repository is hostile, damaged or half-done.
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "project/apply_listing.h"
#include "project/checkout.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckoutSafety : public test::VerbsFixture {};

TEST_F(CheckoutSafety, NeverWritesThroughASymlinkedParent) {
  write("dir/data", "d");
  write("dir/set/x", "x");
  add({"dir/data", "dir/set"});
  const auto wanted = tracked();
  std::filesystem::create_directories(outer() + "/elsewhere");
  std::filesystem::rename(path("dir"), outer() + "/saved");
  std::filesystem::create_directory_symlink(outer() + "/elsewhere", path("dir"));
  reopen();
  ASSERT_OK_AND_ASSIGN(const CheckoutReport report, project::checkout(workspace(), wanted, {}, context()));
  EXPECT_EQ(report.failed(), 2U);
  EXPECT_THAT(names_below("../elsewhere"), IsEmpty());
}

TEST_F(CheckoutSafety, NeverWritesThroughASymlinkInsideAFolder) {
  write("set/sub/x", "x");
  add_one("set");
  erase("set/sub");
  std::filesystem::create_directories(outer() + "/elsewhere");
  std::filesystem::create_directory_symlink(outer() + "/elsewhere", path("set/sub"));
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).conflicts, ElementsAre("set/sub"));
  EXPECT_THAT(names_below("../elsewhere"), IsEmpty());
  EXPECT_EQ(checkout(true).failed(), 0U);
  EXPECT_THAT(names_below("../elsewhere"), IsEmpty());
  EXPECT_EQ(read("set/sub/x"), "x");
}

TEST_F(CheckoutSafety, LeavesASymlinkAtTheTrackedPathAlone) {
  write("data", "d");
  add_one("data");
  erase("data");
  write("other", "o");
  make_symlink("data", "other");
  EXPECT_EQ(checkout(true).paths.at(0).error->code(), Code::conflict);
  EXPECT_EQ(read("other"), "o");
  EXPECT_EQ(link_target("data"), "other");
}

TEST_F(CheckoutSafety, LeavesASpecialFileInTheWayAlone) {
  write("set/x", "x");
  add_one("set");
  erase("set/x");
  ASSERT_EQ(::mkfifo(path("set/x").c_str(), 0600), 0);
  EXPECT_THAT(checkout(true).paths.at(0).conflicts, ElementsAre("set/x"));
}

TEST_F(CheckoutSafety, LeavesAnUnreadableFileAlone) {
  write("set/x", "x");
  add_one("set");
  const std::string first = pointer("set");
  write("set/x", "newer");
  add_one("set");
  set_pointer("set", first);
  write("set/x", "secret");
  std::filesystem::permissions(path("set/x"), std::filesystem::perms::none);
  {
    const test::Unprivileged user(outer());
    const CheckoutReport report = checkout(true);
    EXPECT_THAT(report.paths.at(0).conflicts, ElementsAre("set/x"));
    EXPECT_THAT(report.paths.at(0).warnings, ::testing::SizeIs(1));
  }
  std::filesystem::permissions(path("set/x"), std::filesystem::perms::owner_all);
  EXPECT_EQ(read("set/x"), "secret");
}

TEST_F(CheckoutSafety, LooksAtWantedFilesThatAreIgnored) {
  write("set/x.log", "x");
  write("set/y", "y");
  add_one("set");
  write(".cairnignore", "*.log\n");
  EXPECT_FALSE(checkout().paths.at(0).error);
  write("set/x.log", "mine");
  const PathReport set = checkout().paths.at(0);
  EXPECT_THAT(set.changed, ElementsAre("set/x.log"));
  EXPECT_EQ(read("set/x.log"), "mine");
}

TEST_F(CheckoutSafety, RemovesLeftoversOfKilledRuns) {
  write("set/x", "x");
  write("data", "d");
  add({"set", "data"});
  const std::string beside = temporary_name("set");
  const std::string inside = "set/" + temporary_name("x");
  write(beside + "/half", "h");
  write(inside, "half");
  erase("set/x");
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_FALSE(exists(beside));
  EXPECT_FALSE(exists(inside));
  EXPECT_EQ(read("set/x"), "x");
}

TEST_F(CheckoutSafety, CompletesWhatAKilledRunLeft) {
  write("set/a", "a1");
  write("set/b", "b1");
  add_one("set");
  const std::string first = pointer("set");
  write("set/a", "a2");
  write("set/b", "b2");
  add_one("set");
  const std::string second = pointer("set");
  set_pointer("set", first);
  checkout();
  set_pointer("set", second);
  write("set/a", "a2");  // the killed run got that far
  erase("set/b");
  const CheckoutReport report = checkout();
  EXPECT_EQ(report.failed(), 0U);
  EXPECT_THAT(report.paths.at(0).created, ElementsAre("set/b"));
  EXPECT_EQ(read("set/b"), "b2");
}

TEST_F(CheckoutSafety, WritesNothingOfADamagedBlob) {
  write("set/x", "first file");
  write("set/y", "second file");
  add_one("set");
  erase("set");
  for (const auto& entry : std::filesystem::directory_iterator(path(".git/cairn/packs"))) {
    std::filesystem::permissions(entry.path(), std::filesystem::perms::owner_all);
    const int fd = ::open(entry.path().c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    struct stat st {};
    ASSERT_EQ(::fstat(fd, &st), 0);
    // Every byte of the content flipped, and of the tables too: whichever is met first must be noticed.
    for (off_t at = 0; at < st.st_size; ++at) {
      char byte = 0;
      ASSERT_EQ(::pread(fd, &byte, 1, at), 1);
      byte = static_cast<char>(~byte);
      ASSERT_EQ(::pwrite(fd, &byte, 1, at), 1);
    }
    ::close(fd);
  }
  const CheckoutReport report = checkout();
  EXPECT_EQ(report.failed(), 1U);
  EXPECT_FALSE(exists("set"));
  for (const std::string& name : names_below("")) {
    EXPECT_FALSE(is_leftover_name(name)) << name;
  }
}

TEST_F(CheckoutSafety, KeepsAFileWhoseChunksAreNotAllInTheStore) {
  std::string content;
  for (int i = 0; content.size() < 1'000'000; ++i) {
    content += test::id_of(std::to_string(i)).hex();
  }
  write("large", content);
  add_one("large");
  const auto packs = [this] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(workspace().paths().store + "/packs")) {
      names.insert(entry.path().string());
    }
    return names;
  };
  const std::set<std::string> before = packs();
  write("larger", content + "and more");
  add_one("larger");
  ASSERT_GT(packs().size(), before.size());
  for (const std::string& pack : before) {
    std::filesystem::remove(pack);  // of "larger", only its last chunk and its list of chunks are left
  }
  erase("larger.cairn");
  const CheckoutReport report = checkout();
  EXPECT_THAT(test::find_path(report.paths, "larger").kept, ElementsAre("larger"));
  EXPECT_TRUE(exists("larger"));
}

TEST_F(CheckoutSafety, TakesNothingForCleanWhenItsRecordsAreLost) {
  write("set/x", "x");
  add_one("set");
  const std::string first = pointer("set");
  write("set/x", "newer");
  add_one("set");
  set_pointer("set", first);
  write("set/x", "mine");
  reopen();
  erase(".git/cairn/materialised");
  std::filesystem::remove(workspace().paths().materialised());
  EXPECT_THAT(checkout().paths.at(0).conflicts, ElementsAre("set/x"));
  EXPECT_EQ(read("set/x"), "mine");
}

TEST_F(CheckoutSafety, RefusesForgedPointersThatNameAnotherKindOfObject) {
  write("data", "d");
  add_one("data");
  std::string text = pointer("data");
  text.replace(text.find("type: file"), 10, "type: tree");
  set_pointer("forged", text + "files: 1\n");
  const CheckoutReport report = checkout();
  EXPECT_TRUE(test::find_path(report.paths, "forged").error);
  EXPECT_FALSE(exists("forged"));
}

}  // namespace
}  // namespace cairn::project
