// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"

#include <fmt/format.h>

#include <filesystem>

#include "support/matchers.h"
#include "unit/git/git_fixture.h"

namespace cairn::git {
namespace {

using test::FailsWith;
using test::GitFixture;
using test::open_at;
using test::ScopedEnv;
using test::write_text;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

const NameFilter kOurs = {".cairn", "cairn.lock", "cairn.yaml"};
const std::vector<std::string> kOddNames = {"new\nline.cairn", "sp ace.cairn", "caf\xc3\xa9.cairn",
                                            "bad\xff\xfe.cairn", "qu\"ote.cairn"};

Oid oid(const std::string& hex) {
  auto parsed = Oid::parse(hex);
  EXPECT_TRUE(parsed) << hex;
  return *parsed;
}

std::vector<std::string> paths_of(const std::vector<TreeFile>& files) {
  std::vector<std::string> paths;
  for (const TreeFile& file : files) {
    paths.push_back(file.path);
  }
  return paths;
}

TEST(NameFilter, takes_a_dot_for_an_ending_and_the_rest_for_names) {
  EXPECT_TRUE(name_fits("a/b.csv.cairn", kOurs));
  EXPECT_TRUE(name_fits("cairn.lock", kOurs));
  EXPECT_TRUE(name_fits("x/cairn.yaml", kOurs));
  EXPECT_FALSE(name_fits(".cairn", kOurs));
  EXPECT_FALSE(name_fits("x/.cairn", kOurs));
  EXPECT_FALSE(name_fits("mycairn.lock", kOurs));
  EXPECT_FALSE(name_fits("a.cairn/b", kOurs));
}

TEST(Oid, has_one_spelling) {
  std::string hex(40, 'a');
  EXPECT_TRUE(Oid::parse(hex));
  EXPECT_FALSE(Oid::parse(std::string(40, 'A')));
  EXPECT_FALSE(Oid::parse(hex + "aa"));
  EXPECT_FALSE(Oid::parse(""));
  EXPECT_FALSE(Oid::parse(std::string(40, 'g')));
}

/// The answers about tracked paths must be the same whoever reads the index.
void expect_tracked(Repository& repository) {
  for (const char* path : {"a.cairn", "dir/sub/b.cairn", "dir/plain"}) {
    EXPECT_THAT(*repository.is_tracked(path), true) << path;
  }
  for (const char* path : {"dir", "dir/", "dir/sub", "untracked", "a.cair", "A.cairn"}) {
    EXPECT_THAT(*repository.is_tracked(path), false) << path;
  }
  EXPECT_THAT(*repository.find_tracked_within("dir"), Optional(std::string("dir/plain")));
  EXPECT_THAT(*repository.find_tracked_within("dir/sub"), Optional(std::string("dir/sub/b.cairn")));
  EXPECT_THAT(*repository.find_tracked_within(""), Optional(std::string("a.cairn")));
  EXPECT_EQ(*repository.find_tracked_within("di"), std::nullopt);
  EXPECT_EQ(*repository.find_tracked_within("a.cairn"), std::nullopt);
  EXPECT_THAT(*repository.tracked_paths(kOurs), ElementsAre("a.cairn", "dir/sub/b.cairn"));
}

std::string repository_with_files(const GitFixture& fixture) {
  std::string top = fixture.init("repo");
  fixture.commit(top, "dir/sub/b.cairn", "b");
  fixture.commit(top, "dir/plain", "p");
  fixture.commit(top, "a.cairn", "a");
  write_text(top + "/untracked", "");
  return top;
}

TEST(Repository, knows_tracked_paths) {
  GitFixture fixture;
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(repository_with_files(fixture)));
  expect_tracked(repository);
}

TEST(Repository, sees_changes_of_tracked_files_only) {
  GitFixture fixture;
  const std::string top = fixture.init("changes");
  fixture.commit(top, "a", "a");
  const auto changed = [&top] {
    auto repository = open_at(top);
    EXPECT_OK(repository);
    const auto changes = repository->uncommitted();
    EXPECT_OK(changes);
    return changes.ok() && !changes->empty();
  };
  EXPECT_FALSE(changed());
  write_text(top + "/new", "untracked");
  EXPECT_FALSE(changed());
  write_text(top + "/a", "other");
  EXPECT_TRUE(changed());
  fixture.git(top, {"add", "a"});
  EXPECT_TRUE(changed());
  fixture.git(top, {"update-index", "--split-index"});
  EXPECT_TRUE(changed());
  fixture.git(top, {"commit", "-q", "-m", "other"});
  EXPECT_FALSE(changed());
  std::filesystem::remove(top + "/a");
  EXPECT_TRUE(changed());
}

TEST(Repository, knows_tracked_paths_of_a_split_index) {
  GitFixture fixture;
  std::string top = repository_with_files(fixture);
  fixture.git(top, {"update-index", "--split-index"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  expect_tracked(repository);
}

TEST(Repository, knows_tracked_paths_of_a_sparse_index) {
  GitFixture fixture;
  std::string top = repository_with_files(fixture);
  fixture.commit(top, "other/c", "c");
  fixture.git(top, {"sparse-checkout", "set", "--cone", "--sparse-index", "dir/sub"});
  ASSERT_FALSE(std::filesystem::exists(top + "/other"));
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  expect_tracked(repository);
  EXPECT_TRUE(*repository.is_tracked("other/c"));
}

TEST(Repository, counts_conflicted_paths_as_tracked_once) {
  GitFixture fixture;
  std::string top = repository_with_files(fixture);
  fixture.git(top, {"checkout", "-q", "-b", "side"});
  fixture.commit(top, "a.cairn", "side");
  fixture.git(top, {"checkout", "-q", "main"});
  fixture.commit(top, "a.cairn", "main");
  EXPECT_NE(fixture.run(top, {"git", "merge", "-q", "side"}).status, 0);
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  expect_tracked(repository);
}

TEST(Repository, reads_the_index_that_git_index_file_names) {
  GitFixture fixture;
  std::string top = repository_with_files(fixture);
  write_text(top + "/new", "");
  fixture.git(top, {"add", "new"}, {{"GIT_INDEX_FILE", top + "/.git/next"}});
  for (const std::string& value : {top + "/.git/next", std::string(".git/next")}) {
    ScopedEnv index("GIT_INDEX_FILE", value);
    ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
    EXPECT_TRUE(*repository.is_tracked("new"));
    EXPECT_FALSE(*repository.is_tracked("a.cairn"));
  }
}

TEST(Repository, has_nothing_tracked_before_the_first_add) {
  GitFixture fixture;
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(fixture.init("repo")));
  EXPECT_FALSE(*repository.is_tracked("a"));
  EXPECT_EQ(*repository.find_tracked_within(""), std::nullopt);
  EXPECT_THAT(*repository.tracked_paths(kOurs), IsEmpty());
}

TEST(Repository, applies_ignore_rules) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  write_text(top + "/.gitignore", "*.tmp\nbuild/\n!keep.tmp\n");
  write_text(top + "/sub/.gitignore", "/here\n");
  write_text(top + "/.git/info/exclude", "secret\n");
  write_text(fixture / "mine", "personal\n");
  fixture.git(top, {"config", "core.excludesFile", fixture / "mine"});
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  for (const char* path : {"a.tmp", "x/a.tmp", "build/", "build/x", "sub/here", "secret", "personal"}) {
    EXPECT_THAT(*repository.is_ignored(path), true) << path;
  }
  for (const char* path : {"a", "keep.tmp", "build", "here"}) {
    EXPECT_THAT(*repository.is_ignored(path), false) << path;
  }
}

TEST(Repository, lists_files_of_a_commit) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "plain", "");
  fixture.commit(top, "p/cairn.yaml", "y");
  for (const std::string& name : kOddNames) {
    fixture.commit(top, "odd/" + name, name);
  }
  std::filesystem::create_symlink("plain", top + "/link.cairn");
  fixture.git(top, {"add", "link.cairn"});
  std::string head = fixture.commit(top, "p/cairn.lock", "l");
  fixture.commit(top, "later.cairn", "");
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK_AND_ASSIGN(auto files, repository.list_files(oid(head), kOurs));
  std::vector<std::string> expected = {"link.cairn", "p/cairn.lock", "p/cairn.yaml"};
  for (const std::string& name : kOddNames) {
    expected.push_back("odd/" + name);
  }
  EXPECT_THAT(paths_of(files), testing::UnorderedElementsAreArray(expected));
  for (const TreeFile& file : files) {
    EXPECT_EQ(file.mode, file.path == "link.cairn" ? 0120000u : 0100644u) << file.path;
    if (file.path.starts_with("odd/")) {
      ASSERT_OK_AND_ASSIGN(Buffer bytes, repository.read_blob(file.blob));
      EXPECT_EQ("odd/" + std::string(as_text(bytes)), file.path);
      EXPECT_TRUE(*repository.is_tracked(file.path));
    }
  }
}

TEST(Repository, finds_a_blob_in_a_commit) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  Oid first = oid(fixture.commit(top, "a/b.cairn", std::string("nul\0 inside", 11)));
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK_AND_ASSIGN(auto file, repository.find_blob(first, "a/b.cairn"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->path, "a/b.cairn");
  ASSERT_OK_AND_ASSIGN(Buffer bytes, repository.read_blob(file->blob));
  EXPECT_EQ(as_text(bytes), std::string_view("nul\0 inside", 11));
  for (const char* absent : {"a", "b", "a/b.cairn/c", "a/c", "", "A/b.cairn"}) {
    EXPECT_EQ(*repository.find_blob(first, absent), std::nullopt) << absent;
  }
  EXPECT_THAT(repository.read_blob(oid(std::string(40, '1'))), FailsWith(Code::not_found, "1111"));
  EXPECT_THAT(repository.find_blob(file->blob, "a"), FailsWith(Code::not_found, file->blob.hex()));
}

TEST(Repository, lists_what_changed_between_two_commits) {
  GitFixture fixture;
  std::string top = fixture.init("repo");
  fixture.commit(top, "same/x.cairn", "x");
  fixture.commit(top, "gone.cairn", "g");
  fixture.commit(top, "plain", "p");
  Oid from = oid(fixture.commit(top, "d/changed.cairn", "1"));
  fixture.git(top, {"rm", "-q", "gone.cairn"});
  fixture.commit(top, "plain", "p2");
  fixture.commit(top, "cairn.lock", "l");
  Oid to = oid(fixture.commit(top, "d/changed.cairn", "2"));
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  EXPECT_THAT(*repository.changed_paths(from, to, kOurs),
              ElementsAre("cairn.lock", "d/changed.cairn", "gone.cairn"));
  EXPECT_THAT(*repository.changed_paths(to, from, kOurs),
              ElementsAre("cairn.lock", "d/changed.cairn", "gone.cairn"));
  EXPECT_THAT(*repository.changed_paths(to, to, kOurs), IsEmpty());
}

TEST(Repository, gives_both_sides_of_what_changed) {
  GitFixture fixture;
  const std::string top = fixture.init("repo");
  fixture.commit(top, "same/x", "x");
  fixture.commit(top, "a b\t\"\xc3\xa4\".txt", "1");
  fixture.commit(top, "a.b", "1");
  fixture.commit(top, "a/b", "1");
  fixture.commit(top, "becomes", "file");
  const std::string from = fixture.commit(top, "gone", "1");
  fixture.git(top, {"rm", "-q", "gone", "becomes"});
  fixture.commit(top, "becomes/folder", "1");
  fixture.commit(top, "a b\t\"\xc3\xa4\".txt", "2");
  fixture.commit(top, "a.b", "2");
  fixture.git(top, {"update-index", "--chmod=+x", "a/b"});
  fixture.git(top, {"update-index", "--add", "--cacheinfo", "160000," + from + ",module"});
  const std::string to = fixture.commit(top, "new", "1");
  const auto side = [&](const std::optional<TreeFile>& file, const std::string& commit) {
    if (!file) {
      return std::string("-");
    }
    const std::string blob = fixture.git(top, {"rev-parse", commit + ":" + file->path});
    return file->blob.hex() == blob ? fmt::format("{:o}", file->mode) : "another blob than " + blob;
  };
  ASSERT_OK_AND_ASSIGN(Repository repository, open_at(top));
  ASSERT_OK_AND_ASSIGN(const auto changes, repository.changed_files(oid(from), oid(to), {}));
  std::vector<std::string> told;
  for (const TreeChange& change : changes) {
    told.push_back(change.path + " " + side(change.before, from) + " -> " + side(change.after, to));
  }
  EXPECT_THAT(told, ElementsAre("a b\t\"\xc3\xa4\".txt 100644 -> 100644", "a.b 100644 -> 100644",
                                "a/b 100644 -> 100755", "becomes 100644 -> -", "becomes/folder - -> 100644",
                                "gone 100644 -> -", "module - -> 160000", "new - -> 100644"));
  EXPECT_THAT(*repository.changed_paths(oid(from), oid(to), {}), testing::Not(testing::Contains("module")));
}

}  // namespace
}  // namespace cairn::git
