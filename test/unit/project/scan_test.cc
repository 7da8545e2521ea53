// SPDX-License-Identifier: Apache-2.0
#include "project/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScanFolder : public test::ProjectFixture {
 protected:
  Scan scan(const std::string& path) {
    auto result = scan_path(workspace(), path, context());
    EXPECT_OK(result);
    EXPECT_TRUE(result.ok() && result->has_value()) << path;
    return result.ok() && result->has_value() ? **std::move(result) : Scan();
  }
  Scan hashed(const std::string& path) {
    Scan found = scan(path);
    EXPECT_OK(hash_files(workspace(), path, found, context()));
    return found;
  }
  static std::vector<std::string> paths(const Scan& scan) {
    std::vector<std::string> out;
    for (const ScannedFile& file : scan.files) {
      out.push_back(file.path);
    }
    return out;
  }
  /// Sets mtime and waits for nothing: makes the stat cache take the file whatever the time is.
  void remember(const std::string& path, std::string_view content) {
    ASSERT_OK_AND_ASSIGN(const auto stat, os::find_stat(root() + "/" + path));
    workspace().stat_cache().put(path, *stat, codec::hash(as_bytes(content)));
  }
};

TEST_F(ScanFolder, FindsFilesSymlinksAndFoldersSortedByBytes) {
  write("d/a/x", "1");
  write("d/a-b", "2");
  write("d/a.txt", "3");
  std::filesystem::create_directories(root() + "/d/empty");
  std::filesystem::permissions(root() + "/d/a-b", std::filesystem::perms::owner_all);
  ASSERT_EQ(::symlink("../nowhere", (root() + "/d/link").c_str()), 0);
  const Scan found = scan("d");
  EXPECT_THAT(paths(found), ElementsAre("a", "a-b", "a.txt", "a/x", "empty", "link"));
  EXPECT_EQ(found.files[0].kind, store::TreeKind::folder);
  EXPECT_EQ(found.files[1].kind, store::TreeKind::executable);
  EXPECT_EQ(found.files[2].kind, store::TreeKind::file);
  EXPECT_EQ(found.files[5].kind, store::TreeKind::symlink);
  EXPECT_EQ(found.files[5].target, "../nowhere");
  EXPECT_THAT(found.errors, IsEmpty());
}

TEST_F(ScanFolder, FindsAllOfAFolderThatIsSplitBetweenTasks) {
  for (int i = 0; i < 1000; ++i) {
    write("d/f" + std::to_string(i), std::to_string(i));
  }
  const Scan found = hashed("d");
  EXPECT_EQ(found.files.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(found.files.begin(), found.files.end(),
                             [](const ScannedFile& a, const ScannedFile& b) { return a.path < b.path; }));
  for (const ScannedFile& file : found.files) {
    EXPECT_EQ(file.id, codec::hash(as_bytes(file.path.substr(1))));
  }
}

TEST_F(ScanFolder, IsNothingForAMissingPathAndRefusesASymlink) {
  ASSERT_OK_AND_ASSIGN(const auto missing, scan_path(workspace(), "nothing/here", context()));
  EXPECT_FALSE(missing.has_value());
  ASSERT_EQ(::symlink("x", (root() + "/link").c_str()), 0);
  EXPECT_THAT(scan_path(workspace(), "link", context()), FailsWith(Code::conflict, "'link' is a symlink"));
}

TEST_F(ScanFolder, OfAFileHasOneEntryWithoutAPath) {
  write("data.csv", "abc");
  const Scan found = hashed("data.csv");
  ASSERT_EQ(found.files.size(), 1U);
  EXPECT_EQ(found.files[0].path, "");
  EXPECT_EQ(found.files[0].id, codec::hash(as_bytes("abc")));
  ASSERT_OK_AND_ASSIGN(const Summary summary, summarize(found, nullptr));
  EXPECT_EQ(summary.object, (store::Object{store::Family::blob, codec::hash(as_bytes("abc")), 3}));
  EXPECT_EQ(summary.files, 1U);
}

TEST_F(ScanFolder, NamesSpecialFilesAndRepositoriesInErrors) {
  write("d/ok", "1");
  write("d/clone/.git/HEAD", "ref: refs/heads/main\n");
  write("d/clone/file", "1");
  ASSERT_EQ(::mkfifo((root() + "/d/pipe").c_str(), 0600), 0);
  const Scan found = scan("d");
  std::vector<std::string> messages;
  for (const Error& error : found.errors) {
    messages.push_back(error.message());
  }
  EXPECT_THAT(messages, ::testing::UnorderedElementsAre(HasSubstr("'d/clone' belongs to a Git repository"),
                                                        HasSubstr("'d/pipe' is a device, pipe or socket")));
}

TEST_F(ScanFolder, ObeysIgnoreFilesAtEveryLevelAlsoInsideData) {
  write(".cairnignore", "*.tmp\n");
  write("d/a.tmp", "1");
  write("d/keep", "1");
  write("d/sub/.cairnignore", "/cache/\n!b.tmp\n");
  write("d/sub/cache/x", "1");
  write("d/sub/b.tmp", "1");
  write("d/cache/x", "1");
  EXPECT_THAT(paths(scan("d")),
              ElementsAre("cache", "cache/x", "keep", "sub", "sub/.cairnignore", "sub/b.tmp"));
}

TEST_F(ScanFolder, LeavesOutLeftoversOfKilledRuns) {
  write("d/.x.cairn-tmp-0123456789abcdef", "half");
  write("d/x", "1");
  EXPECT_THAT(paths(scan("d")), ElementsAre("x"));
}

TEST_F(ScanFolder, TellsOfNamesThatAreNotPortable) {
  write("d/a:b", "1");
  write("d/fine", "1");
  EXPECT_THAT(scan("d").unportable, ElementsAre("d/a:b"));
}

TEST_F(ScanFolder, TakesIdsFromTheStatCacheWhileTheStatIsTheSame) {
  write("d/x", "real");
  remember("d/x", "remembered");
  EXPECT_EQ(scan("d").files[0].id, codec::hash(as_bytes("remembered")));
  write("d/x", "longer than before");
  EXPECT_EQ(scan("d").files[0].id, std::nullopt);
  EXPECT_EQ(hashed("d").files[0].id, codec::hash(as_bytes("longer than before")));
}

TEST_F(ScanFolder, DoesNotCacheAFileThatMayStillChangeInTheSameTick) {
  write("d/x", "1");
  const struct timespec times[2] = {{4'000'000'000, 0}, {4'000'000'000, 0}};  // far in the future
  ASSERT_EQ(::utimensat(AT_FDCWD, (root() + "/d/x").c_str(), times, 0), 0);
  EXPECT_TRUE(hashed("d").files[0].id.has_value());
  EXPECT_EQ(scan("d").files[0].id, std::nullopt);
}

TEST_F(ScanFolder, UnreadableFilesBecomeErrorsAndOthersAreHashed) {
  write("d/x", "1");
  write("d/y", "2");
  Scan found = scan("d");
  std::filesystem::remove(root() + "/d/x");
  ASSERT_OK(hash_files(workspace(), "d", found, context()));
  ASSERT_EQ(found.errors.size(), 1U);
  EXPECT_THAT(found.errors[0].message(), HasSubstr("d/x"));
  EXPECT_EQ(found.files[1].id, codec::hash(as_bytes("2")));
}

TEST_F(ScanFolder, StopsWhenTheUserAsks) {
  write("d/x", "1");
  Scan found = scan("d");
  stop = true;
  EXPECT_THAT(hash_files(workspace(), "d", found, context()), FailsWith(Code::interrupted, ""));
  EXPECT_THAT(scan_path(workspace(), "d", context()), FailsWith(Code::interrupted, ""));
}

TEST_F(ScanFolder, SummaryIsTheTreeOfTrees) {
  write("d/a/x", "1");
  write("d/a-b", "22");
  write("d/a/z/y", "333");
  std::filesystem::create_directories(root() + "/d/empty");
  ASSERT_EQ(::symlink("a-b", (root() + "/d/link").c_str()), 0);
  const Scan found = hashed("d");
  const auto file = [](std::string name, std::string_view content) {
    return store::TreeEntry{
        std::move(name), store::TreeKind::file, codec::hash(as_bytes(content)), content.size(), 0, ""};
  };
  const auto folder = [](std::string name, const store::Tree& tree) {
    return store::TreeEntry{
        std::move(name),   store::TreeKind::folder, store::tree_id(store::encode_tree(tree)),
        tree.total_size(), tree.total_files(),      ""};
  };
  const store::Tree z{{file("y", "333")}};
  const store::Tree a{{file("x", "1"), folder("z", z)}};
  const store::Tree top{{folder("a", a),
                         file("a-b", "22"),
                         folder("empty", {}),
                         {"link", store::TreeKind::symlink, {}, 0, 0, "a-b"}}};
  ASSERT_OK_AND_ASSIGN(const Summary summary, summarize(found, nullptr));
  EXPECT_EQ(summary.object, (store::Object{store::Family::tree, store::tree_id(store::encode_tree(top)), 6}));
  EXPECT_EQ(summary.files, 4U);
}

TEST_F(ScanFolder, StoringGivesTheSameSummaryAndStoresTheContent) {
  write("d/x", "1");
  write("d/sub/y", std::string(100'000, 'y'));
  const Scan found = hashed("d");
  ASSERT_OK_AND_ASSIGN(const Summary expected, summarize(found, nullptr));
  const store::Object object = track("d");
  EXPECT_EQ(object, expected.object);
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  EXPECT_TRUE(store->has(object));
  for (const ScannedFile& file : found.files) {
    EXPECT_TRUE(file.kind == store::TreeKind::folder ||
                store->has({store::Family::blob, *file.id, file.stat.size}));
  }
}

TEST_F(ScanFolder, StoresAgainWhatTheCacheKnowsButTheStoreHasNot) {
  write("d/x", "1");
  remember("d/x", "1");
  const store::Object object = track("d");
  ASSERT_OK_AND_ASSIGN(store::Store* const store, workspace().store());
  EXPECT_TRUE(store->has({store::Family::blob, codec::hash(as_bytes("1")), 1}));
  EXPECT_TRUE(store->has(object));
}

}  // namespace
}  // namespace cairn::project
