// SPDX-License-Identifier: Apache-2.0
#include "project/add.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "project/pointer.h"
#include "unit/project/verbs_fixture.h"

namespace cairn::project {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AddTest : public test::VerbsFixture {};

TEST_F(AddTest, StoresAFileAndWritesItsPointerIgnoreLineAndRecord) {
  write("data.csv", "a,b\n1,2\n");
  const AddedPath added = add_one("data.csv");
  EXPECT_EQ(added.outcome, AddOutcome::added);
  EXPECT_EQ(added.object->id, test::id_of("a,b\n1,2\n"));
  EXPECT_EQ(added.files, 1U);
  ASSERT_OK_AND_ASSIGN(const Pointer pointer, parse_pointer(this->pointer("data.csv"), "data.csv.cairn"));
  EXPECT_EQ(pointer.object.id, test::id_of("a,b\n1,2\n"));
  EXPECT_EQ(pointer.object.size, 8U);
  EXPECT_THAT(read(".gitignore"), HasSubstr("/data.csv\n"));
  EXPECT_EQ(record("data.csv"), test::id_of("a,b\n1,2\n"));
  EXPECT_EQ(read("data.csv"), "a,b\n1,2\n");
}

TEST_F(AddTest, StoresAFolderWithAllKindsOfThings) {
  write("set/a", "a");
  write("set/bin/run", "#!/bin/sh\n");
  make_executable("set/bin/run");
  make_folder("set/empty");
  make_symlink("set/link", "a");
  write("set/zero", "");
  const AddedPath added = add_one("set");
  EXPECT_EQ(added.files, 4U);
  erase("set");
  checkout();
  EXPECT_THAT(names_below("set"), ElementsAre("a", "bin", "bin/run", "empty", "link", "zero"));
  EXPECT_TRUE(is_executable("set/bin/run"));
  EXPECT_FALSE(is_executable("set/a"));
  EXPECT_EQ(link_target("set/link"), "a");
  EXPECT_EQ(read("set/zero"), "");
}

TEST_F(AddTest, WritesNothingForUnchangedTargets) {
  write("data.csv", "a");
  add_one("data.csv");
  struct stat before {};
  ASSERT_EQ(::stat(path("data.csv.cairn").c_str(), &before), 0);
  const AddReport again = add({"data.csv"});
  EXPECT_EQ(again.paths.at(0).outcome, AddOutcome::unchanged);
  EXPECT_EQ(again.stored_bytes, 0U);
  struct stat after {};
  ASSERT_EQ(::stat(path("data.csv.cairn").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(AddTest, KeepsTheUsersKeysOfAPointer) {
  write("data.csv", "a");
  add_one("data.csv");
  set_pointer("data.csv", pointer("data.csv") + "desc: raw numbers\nmeta:\n  owner: me\n");
  write("data.csv", "bb");
  EXPECT_EQ(add_one("data.csv").outcome, AddOutcome::modified);
  EXPECT_THAT(pointer("data.csv"), HasSubstr("desc: raw numbers\nmeta:\n  owner: me\n"));
  EXPECT_THAT(pointer("data.csv"), HasSubstr("size: 2\n"));
}

TEST_F(AddTest, RecordsTheExecutableBitOfAFile) {
  write("run", "x");
  add_one("run");
  make_executable("run");
  EXPECT_EQ(add_one("run").outcome, AddOutcome::modified);
  EXPECT_THAT(pointer("run"), HasSubstr("exec: true\n"));
}

TEST_F(AddTest, DoesTheOthersWhenOneIsRefused) {
  write("good", "good");
  make_symlink("link", "good");
  const AddReport report = add({"link", "good", "missing"});
  EXPECT_EQ(report.failed(), 2U);
  EXPECT_TRUE(exists("good.cairn"));
  EXPECT_FALSE(exists("link.cairn"));
}

TEST_F(AddTest, RefusesWhatIsNoData) {
  write("file", "x");
  make_symlink("link", "file");
  make_folder("real");
  write("real/inner", "x");
  make_symlink("folder", "real");
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(add_error("missing").code(), Code::not_found);
  EXPECT_THAT(add_error("link").message(), HasSubstr("'link' is a symlink"));
  EXPECT_THAT(add_error("folder/inner").message(), HasSubstr("below a symlink"));
  EXPECT_THAT(add_error("pipe").message(), HasSubstr("neither a file nor a folder"));
  EXPECT_THAT(add_error(".git/config").message(), HasSubstr(".git"));
  EXPECT_EQ(add_error(".cairn/config").code(), Code::malformed);
  EXPECT_THAT(add_error("a/.cairn/config").message(), HasSubstr("belongs to cairn"));
  EXPECT_EQ(add_error("").code(), Code::usage);
}

TEST_F(AddTest, RefusesAFolderWithASpecialFileInIt) {
  write("set/a", "x");
  ASSERT_EQ(::mkfifo(path("set/pipe").c_str(), 0600), 0);
  EXPECT_THAT(add_error("set").message(), HasSubstr("pipe"));
  EXPECT_FALSE(exists("set.cairn"));
}

TEST_F(AddTest, RefusesAPointerAndNamesItsData) {
  write("data.csv", "a");
  add_one("data.csv");
  const Error error = add_error("data.csv.cairn");
  EXPECT_EQ(error.code(), Code::usage);
  EXPECT_EQ(error.hint(), "cairn add data.csv");
}

TEST_F(AddTest, RefusesWhatGitTracksWithTheLineToType) {
  write("it's here", "a");
  write("set/deep/a", "a");
  git("add . && git commit -q -m first");
  const Error file = add_error("it's here");
  EXPECT_EQ(file.code(), Code::conflict);
  EXPECT_EQ(file.hint(), "git rm -r --cached 'it'\\''s here'");
  const Error folder = add_error("set");
  EXPECT_EQ(folder.hint(), "git rm -r --cached 'set'");
  EXPECT_THAT(folder.message(), HasSubstr("set/deep/a"));
}

TEST_F(AddTest, RefusesAFolderThatHoldsTrackedPaths) {
  write("set/a", "a");
  add_one("set/a");
  const Error error = add_error("set");
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_EQ(error.hint(), "cairn remove set/a");
}

Result<std::vector<Tracked>> one_output(std::string_view /*text*/, std::string_view path) {
  Tracked output;
  output.path = "out/model";
  output.declared_in = std::string(path);
  output.source = Tracked::Source::lock;
  output.stage = "train";
  return std::vector<Tracked>{output};
}

TEST_F(AddTest, RefusesWhatAStageMakes) {
  write("cairn.lock", "cairn: 1\n");
  write("out/model", "m");
  write("plots/p", "p");
  AddOptions options;
  options.targets = {"out/model", "plots"};
  options.stage_outputs = {{"plots/p", "draw"}};
  ASSERT_OK_AND_ASSIGN(const AddReport report, project::add(workspace(), options, one_output, context()));
  EXPECT_EQ(report.paths.at(0).error->hint(), "cairn repro train");
  EXPECT_EQ(report.paths.at(1).error->hint(), "cairn repro draw");
}

TEST_F(AddTest, LeavesTargetsInsideOtherTargetsToThese) {
  write("set/a", "a");
  const AddReport report = add({"set/a", "set", "set"});
  ASSERT_EQ(report.paths.size(), 1U);
  EXPECT_EQ(report.paths[0].path, "set");
  EXPECT_FALSE(exists("set/a.cairn"));
}

TEST_F(AddTest, RefusesDataThatIsOlderThanItsPointer) {
  write("data.csv", "old");
  add_one("data.csv");
  const std::string old = pointer("data.csv");
  write("data.csv", "newer");
  add_one("data.csv");
  const std::string newer = pointer("data.csv");
  set_pointer("data.csv", old);
  checkout();
  EXPECT_EQ(read("data.csv"), "old");
  set_pointer("data.csv", newer);  // as git pull would
  const Error error = add_error("data.csv");
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.message(),
              HasSubstr("the pointer of 'data.csv' changed, the data here is still the old one"));
  EXPECT_THAT(error.hint(), HasSubstr("cairn checkout data.csv"));
  EXPECT_EQ(pointer("data.csv"), newer);
  EXPECT_EQ(add({"data.csv"}, true).failed(), 0U);
  EXPECT_EQ(pointer("data.csv"), old);
}

TEST_F(AddTest, TakesNamesOfAnyBytesInsideFolders) {
  for (const std::string name :
       {"with space", "line\nbreak", "quo'te\"s", "gr\xc3\xbc\xc3\x9f", "\xff\xfe", "-dash", "$HOME"}) {
    write("set/" + name, name);
  }
  add_one("set");
  const auto before = names_below("set");
  erase("set");
  checkout();
  EXPECT_EQ(names_below("set"), before);
  EXPECT_EQ(read("set/\xff\xfe"), "\xff\xfe");
}

TEST_F(AddTest, TakesTargetsWithOddNamesButNotWhatGitCannotIgnore) {
  for (const std::string name :
       {"with space", "quo'te\"s", "gr\xc3\xbc\xc3\x9f", "\xff\xfe", "-dash", "[x]*"}) {
    write(name, name);
    EXPECT_EQ(add_one(name).outcome, AddOutcome::added) << name;
    git("check-ignore -q --stdin <<'END'\n" + name + "\nEND\n true");
  }
  write("line\nbreak", "x");
  EXPECT_EQ(add_error("line\nbreak").code(), Code::unsupported);
}

TEST_F(AddTest, WarnsOfNamesThatOtherSystemsCannotHold) {
  write("set/con", "x");
  EXPECT_THAT(add_one("set").warnings, ::testing::SizeIs(1));
}

TEST_F(AddTest, FailsForAFolderWithAnUnreadableFile) {
  // Without Git, whose library keeps the paths of the user that it was started by.
  const std::string plain = outer() + "/plain";
  write("../plain/set/a", "a");
  write("../plain/set/secret", "s");
  ASSERT_OK(init_project(plain, WithGit::no));
  std::filesystem::permissions(plain + "/set/secret", std::filesystem::perms::none);
  const test::Unprivileged user(outer());
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Workspace> workspace, Workspace::open(plain));
  AddOptions options;
  options.targets = {"set"};
  ASSERT_OK_AND_ASSIGN(const AddReport report, project::add(*workspace, options, nullptr, context()));
  ASSERT_EQ(report.failed(), 1U);
  EXPECT_EQ(report.paths.at(0).error->code(), Code::permission);
  EXPECT_THAT(report.paths.at(0).error->message(), HasSubstr("set/secret"));
  EXPECT_FALSE(exists("../plain/set.cairn"));
}

TEST_F(AddTest, LeavesNothingAfterAnInterruption) {
  write("data.csv", "a");
  stop = true;
  AddOptions options;
  options.targets = {"data.csv"};
  EXPECT_THAT(project::add(workspace(), options, nullptr, context()), test::FailsWith(Code::interrupted, ""));
  EXPECT_FALSE(exists("data.csv.cairn"));
  EXPECT_FALSE(exists(".gitignore"));
}

TEST_F(AddTest, ChangesNothingInADryRun) {
  write("data.csv", "a");
  AddOptions options;
  options.targets = {"data.csv"};
  options.dry_run = true;
  ASSERT_OK_AND_ASSIGN(const AddReport report, project::add(workspace(), options, nullptr, context()));
  EXPECT_EQ(report.paths.at(0).outcome, AddOutcome::added);
  EXPECT_EQ(report.paths.at(0).object->id, test::id_of("a"));
  EXPECT_FALSE(exists("data.csv.cairn"));
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  EXPECT_FALSE(store->has({store::Family::blob, test::id_of("a"), 1}));
}

TEST_F(AddTest, ReadsAgainWhenForced) {
  write("data.csv", "aaaa");
  add_one("data.csv");
  // A lie in the stat cache, as a file system with broken clocks might make it.
  reopen();
  ASSERT_OK_AND_ASSIGN(const auto stat, workspace().files().find_stat("data.csv"));
  workspace().stat_cache().put("data.csv", *stat, test::id_of("something else"));
  ASSERT_OK(workspace().save());
  const AddReport report = add({"data.csv"}, true);
  EXPECT_EQ(report.paths.at(0).object->id, test::id_of("aaaa"));
}

TEST_F(AddTest, StoresManySmallFilesAndBringsThemBack) {
  for (int i = 0; i < 1000; ++i) {
    write("set/d" + std::to_string(i % 10) + "/f" + std::to_string(i), "content " + std::to_string(i));
  }
  EXPECT_EQ(add_one("set").files, 1000U);
  const auto before = names_below("set");
  erase("set");
  const CheckoutReport report = checkout();
  EXPECT_THAT(report.paths.at(0).created, ElementsAre("set"));
  EXPECT_EQ(report.paths.at(0).files_written, 1000U);
  EXPECT_EQ(names_below("set"), before);
  EXPECT_EQ(read("set/d7/f777"), "content 777");
  const CheckoutReport again = checkout();
  EXPECT_FALSE(again.paths.at(0).changed_anything());
  EXPECT_THAT(again.paths.at(0).kept, IsEmpty());
}

}  // namespace
}  // namespace cairn::project
