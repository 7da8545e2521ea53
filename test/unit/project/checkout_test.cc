// SPDX-License-Identifier: Apache-2.0
#include "project/checkout.h"

#include <sys/stat.h>

#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class CheckoutTest : public test::VerbsFixture {
 protected:
  /// A tracked folder in two versions, the first one checked out and named by the pointer.
  void two_versions() {
    write("set/same", "same");
    write("set/edited", "edited 1");
    write("set/old", "old");
    write("set/sub/deep", "deep");
    add_one("set");
    first_ = pointer("set");
    write("set/edited", "edited 2!");
    erase("set/old");
    erase("set/sub");
    write("set/new/file", "new");
    add_one("set");
    second_ = pointer("set");
    set_pointer("set", first_);
    checkout();
  }

  std::string first_;
  std::string second_;
};

TEST_F(CheckoutTest, BringsBackAMissingFile) {
  write("data.csv", "a,b\n");
  add_one("data.csv");
  erase("data.csv");
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).created, ElementsAre("data.csv"));
  EXPECT_EQ(report.paths.at(0).bytes_written, 4U);
  EXPECT_EQ(read("data.csv"), "a,b\n");
}

TEST_F(CheckoutTest, NamesAnEmptyFolderThatItDoesNotKnow) {
  write("set/x", "x");
  add_one("set");
  make_folder("set/own/empty");
  for (const bool force : {false, true}) {
    EXPECT_THAT(checkout(force).paths.at(0).kept, ElementsAre("set/own/empty"));
    EXPECT_TRUE(exists("set/own/empty"));
  }
}

TEST_F(CheckoutTest, BringsBackAnEmptyFileAndAnEmptyFolder) {
  write("zero", "");
  make_folder("void");
  add({"zero", "void"});
  erase("zero");
  erase("void");
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_EQ(read("zero"), "");
  EXPECT_TRUE(exists("void"));
}

TEST_F(CheckoutTest, TouchesOnlyWhatDiffersInAFolder) {
  two_versions();
  struct stat before {};
  ASSERT_EQ(::stat(path("set/same").c_str(), &before), 0);
  set_pointer("set", second_);
  const CheckoutReport report = checkout();
  const PathReport& set = report.paths.at(0);
  EXPECT_THAT(set.updated, ElementsAre("set/edited"));
  EXPECT_THAT(set.created, ElementsAre("set/new/file"));
  EXPECT_THAT(set.removed, UnorderedElementsAre("set/old", "set/sub/deep"));
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "new", "new/file", "same"));
  EXPECT_EQ(read("set/edited"), "edited 2!");
  struct stat after {};
  ASSERT_EQ(::stat(path("set/same").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

TEST_F(CheckoutTest, RemembersWhatItWroteInTheStatCache) {
  two_versions();
  set_pointer("set", second_);
  checkout();
  reopen();
  for (const auto& [name, content] :
       {std::pair("set/edited", "edited 2!"), std::pair("set/new/file", "new")}) {
    ASSERT_OK_AND_ASSIGN(const auto stat, workspace().files().find_stat(name));
    EXPECT_EQ(workspace().stat_cache().find(name, *stat), test::id_of(content)) << name;
  }
}

TEST_F(CheckoutTest, KeepsFilesThatNeitherVersionKnows) {
  two_versions();
  write("set/own", "mine");
  write("set/sub/own", "mine");
  set_pointer("set", second_);
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).kept, ElementsAre("set/own", "set/sub/own"));
  EXPECT_FALSE(report.paths.at(0).error);
  EXPECT_EQ(read("set/sub/own"), "mine");
  EXPECT_FALSE(exists("set/sub/deep"));
}

TEST_F(CheckoutTest, KeepsAChangedFileThatBothVersionsHaveAlike) {
  two_versions();
  write("set/same", "mine");
  set_pointer("set", second_);
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).changed, ElementsAre("set/same"));
  EXPECT_EQ(read("set/same"), "mine");
  EXPECT_EQ(read("set/edited"), "edited 2!");
}

TEST_F(CheckoutTest, KeepsAChangedFileThatTheOtherVersionLacks) {
  two_versions();
  write("set/old", "mine");
  set_pointer("set", second_);
  EXPECT_THAT(checkout().paths.at(0).changed, ElementsAre("set/old"));
  EXPECT_EQ(read("set/old"), "mine");
}

TEST_F(CheckoutTest, TouchesNothingOfATargetWithAConflict) {
  two_versions();
  write("other", "o");
  add_one("other");
  erase("other");
  write("set/edited", "mine");
  write("set/new/file", "in the way");
  set_pointer("set", second_);
  const CheckoutReport report = checkout();
  EXPECT_EQ(report.failed(), 1U);
  const PathReport& set = test::find_path(report.paths, "set");
  EXPECT_THAT(set.conflicts, ElementsAre("set/edited", "set/new/file"));
  EXPECT_EQ(set.error->code(), Code::conflict);
  EXPECT_THAT(set.error->message(), HasSubstr("'set/edited' (and 1 more)"));
  EXPECT_THAT(set.error->hint(), HasSubstr("cairn add set/edited"));
  EXPECT_THAT(set.error->hint(), HasSubstr("--force"));
  EXPECT_THAT(set.removed, IsEmpty());
  EXPECT_THAT(names_below("set"), ElementsAre("edited", "new", "new/file", "old", "same", "sub", "sub/deep"));
  EXPECT_EQ(read("set/edited"), "mine");
  EXPECT_EQ(read("other"), "o");
}

TEST_F(CheckoutTest, OverwritesAChangedFileWhoseContentIsStored) {
  two_versions();
  write("set/edited", "mine");
  write("copy", "mine");
  add_one("copy");
  set_pointer("set", second_);
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_EQ(read("set/edited"), "edited 2!");
}

TEST_F(CheckoutTest, StoresWhatForceOverwrites) {
  two_versions();
  write("set/edited", "mine");
  write("set/same", "mine too");
  set_pointer("set", second_);
  const CheckoutReport report = checkout(true);
  EXPECT_EQ(report.failed(), 0U);
  EXPECT_EQ(read("set/edited"), "edited 2!");
  EXPECT_EQ(read("set/same"), "same");
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  EXPECT_TRUE(store->has({store::Family::blob, test::id_of("mine"), 4}));
  EXPECT_TRUE(store->has({store::Family::blob, test::id_of("mine too"), 8}));
}

TEST_F(CheckoutTest, RemovesCleanDataThatNoPointerNamesAnyMore) {
  write("raw/data.csv", "a");
  write("set/x", "x");
  add({"raw/data.csv", "set"});
  for (const char* name : {"raw/data.csv.cairn", "raw/.gitignore", "set.cairn"}) {
    erase(name);
  }
  const CheckoutReport report = checkout();
  EXPECT_THAT(test::find_path(report.paths, "set").removed, ElementsAre("set"));
  EXPECT_FALSE(exists("set"));
  EXPECT_FALSE(exists("raw"));
  EXPECT_EQ(record("set"), std::nullopt);
  EXPECT_THAT(checkout().paths, IsEmpty());
}

TEST_F(CheckoutTest, KeepsChangedDataThatNoPointerNamesAnyMore) {
  write("data.csv", "a");
  write("set/x", "x");
  write("set/y", "y");
  add({"data.csv", "set"});
  write("data.csv", "mine");
  write("set/x", "mine");
  write("set/own", "own");
  erase("data.csv.cairn");
  erase("set.cairn");
  const CheckoutReport report = checkout();
  EXPECT_EQ(report.failed(), 0U);
  EXPECT_THAT(test::find_path(report.paths, "data.csv").changed, ElementsAre("data.csv"));
  EXPECT_THAT(test::find_path(report.paths, "set").changed, ElementsAre("set/x"));
  EXPECT_THAT(test::find_path(report.paths, "set").kept, ElementsAre("set/own"));
  EXPECT_THAT(names_below("set"), ElementsAre("own", "x"));
  EXPECT_EQ(record("data.csv"), std::nullopt);
}

TEST_F(CheckoutTest, LeavesDataWithoutPointerAloneWhenTargetsAreGiven) {
  write("a", "a");
  write("b", "b");
  add({"a", "b"});
  erase("a.cairn");
  erase("b");
  checkout_only({"b"});
  EXPECT_TRUE(exists("a"));
  EXPECT_TRUE(exists("b"));
}

TEST_F(CheckoutTest, LeavesDataAloneThatGitHasTakenOver) {
  write("data.csv", "a");
  add_one("data.csv");
  erase("data.csv.cairn");
  git("add -f data.csv && git commit -q -m taken");
  checkout();
  EXPECT_TRUE(exists("data.csv"));
  EXPECT_EQ(record("data.csv"), std::nullopt);
}

TEST_F(CheckoutTest, FollowsAFolderThatIsTrackedInPartsNow) {
  write("set/a", "a");
  write("set/b", "b");
  add_one("set");
  const std::string whole = pointer("set");
  erase("set.cairn");
  reopen();
  track("set/a");
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_THAT(names_below("set"), ElementsAre("a", "a.cairn"));
  erase("set/a.cairn");
  set_pointer("set", whole);
  EXPECT_EQ(checkout().failed(), 0U);
  EXPECT_THAT(names_below("set"), ElementsAre("a", "b"));
  EXPECT_EQ(record("set/a"), std::nullopt);
}

TEST_F(CheckoutTest, DoesTheOthersWhenOneIsNotInTheStore) {
  write("a", "a");
  write("set/x", "x");
  add({"a", "set"});
  std::string text = pointer("a");
  text.replace(text.find("hash: b3:") + 9, 4, "0000");
  set_pointer("absent", text);
  text = pointer("set");
  text.replace(text.find("hash: b3:") + 9, 4, "0000");
  set_pointer("no set", text);
  erase("a");
  const CheckoutReport report = checkout();
  EXPECT_EQ(report.failed(), 2U);
  EXPECT_EQ(test::find_path(report.paths, "absent").error->code(), Code::not_found);
  EXPECT_EQ(test::find_path(report.paths, "absent").error->hint(), "cairn pull absent");
  EXPECT_EQ(test::find_path(report.paths, "no set").error->hint(), "cairn pull 'no set'");
  EXPECT_EQ(read("a"), "a");
  EXPECT_EQ(record("absent"), std::nullopt);
}

TEST_F(CheckoutTest, ChangesNothingInADryRun) {
  two_versions();
  set_pointer("set", second_);
  const auto before = names_below("set");
  reopen();
  CheckoutOptions options;
  options.dry_run = true;
  ASSERT_OK_AND_ASSIGN(const CheckoutReport report,
                       project::checkout(workspace(), tracked(), options, context()));
  EXPECT_THAT(report.paths.at(0).updated, ElementsAre("set/edited"));
  EXPECT_EQ(names_below("set"), before);
  EXPECT_EQ(read("set/edited"), "edited 1");
}

TEST_F(CheckoutTest, StopsWhenAsked) {
  two_versions();
  erase("set");
  reopen();
  auto wanted = tracked();
  stop = true;
  EXPECT_THAT(project::checkout(workspace(), wanted, {}, context()), test::FailsWith(Code::interrupted, ""));
  EXPECT_FALSE(exists("set"));
  stop = false;
  EXPECT_EQ(checkout().failed(), 0U);
}

TEST_F(CheckoutTest, RecordsWithoutWritingWhatIsRightAlready) {
  write("data.csv", "a");
  add_one("data.csv");
  reopen();
  ASSERT_OK_AND_ASSIGN(Materialised* const records, workspace().materialised());
  records->erase("data.csv");
  ASSERT_OK(workspace().save());
  EXPECT_FALSE(checkout_only({"data.csv"}).paths.at(0).changed_anything());
  EXPECT_EQ(record("data.csv"), test::id_of("a"));
}

}  // namespace
}  // namespace cairn::project
