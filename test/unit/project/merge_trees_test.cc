// SPDX-License-Identifier: Apache-2.0
#include "project/merge_trees.h"

#include <map>
#include <set>

#include "codec/hash.h"
#include "support/matchers.h"

namespace cairn::project {
namespace {

using test::FailsWith;
using Kind = store::TreeKind;

/// A folder as paths with what they hold: "1" is a file, "*1" an executable one, ">x" a symlink to x, and ""
/// an empty folder.
using Files = std::map<std::string, std::string>;

store::Id blob(const std::string& content) {
  return codec::hash(as_bytes(content));
}

/// Folder objects in memory.
class Trees {
 public:
  store::TreeEntry put(const std::string& name, const Files& files) {
    std::map<std::string, Files> folders;
    store::Tree tree;
    for (const auto& [path, content] : files) {
      const std::size_t slash = path.find('/');
      if (slash != std::string::npos) {
        folders[path.substr(0, slash)][path.substr(slash + 1)] = content;
      } else if (content.empty()) {
        folders[path];
      } else {
        tree.entries.push_back(leaf(path, content));
      }
    }
    for (const auto& [inner, inside] : folders) {
      tree.entries.push_back(put(inner, inside));
    }
    std::sort(tree.entries.begin(), tree.entries.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return {name, Kind::folder, *sink(tree), tree.total_size(), tree.total_files(), ""};
  }

  /// One entry, named "e": as a file of Files, or "/" and a letter for a folder that holds it under "x".
  MergeEntry entry(const std::string& content) {
    if (content == "-") {
      return std::nullopt;
    }
    if (content.starts_with('/')) {
      return content == "/" ? put("e", {}) : put("e", {{"x", content.substr(1)}});
    }
    return leaf("e", content);
  }

  Files list(const MergeEntry& entry) {
    Files files;
    if (entry) {
      list(lookup(entry->id).value(), "", files);
    }
    return files;
  }

  Result<store::Tree> lookup(const store::Id& id) {
    ++reads_[id];
    const auto found = trees_.find(id.text());
    return found == trees_.end() ? Result<store::Tree>(Error(Code::not_found, "not here")) : found->second;
  }
  Result<store::Id> sink(const store::Tree& tree) {
    const store::Id id = store::tree_id(store::encode_tree(tree));
    trees_[id.text()] = tree;
    return id;
  }

  Result<MergedTrees> merge(const MergeSides& sides, const Decide& decide = undecided) {
    return merge_trees(
        sides, [this](const store::Id& id) { return lookup(id); },
        [this](const store::Tree& tree) { return sink(tree); }, decide);
  }

  static std::optional<Choice> undecided(const std::string&) { return std::nullopt; }

  std::map<store::Id, int> reads_;

 private:
  static store::TreeEntry leaf(const std::string& name, const std::string& content) {
    store::TreeEntry entry;
    entry.name = name;
    if (content.starts_with('>')) {
      entry.kind = Kind::symlink;
      entry.target = content.substr(1);
      return entry;
    }
    const bool executable = content.starts_with('*');
    entry.kind = executable ? Kind::executable : Kind::file;
    entry.id = blob(content.substr(executable ? 1 : 0));
    entry.size = content.size() - (executable ? 1 : 0);
    return entry;
  }

  void list(const store::Tree& tree, const std::string& folder, Files& files) {
    for (const store::TreeEntry& entry : tree.entries) {
      const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
      if (entry.kind == Kind::folder) {
        const store::Tree inner = lookup(entry.id).value();
        if (inner.entries.empty()) {
          files[path] = "";
        }
        list(inner, path, files);
      } else if (entry.kind == Kind::symlink) {
        files[path] = ">" + entry.target;
      } else {
        for (const char* content : {"1", "2", "3", "4"}) {
          if (entry.id == blob(content)) {
            files[path] = (entry.kind == Kind::executable ? "*" : "") + std::string(content);
          }
        }
      }
    }
  }

  std::map<std::string, store::Tree> trees_;
};

struct Case {
  std::string what;
  Files base;
  Files ours;
  Files theirs;
  Files merged;  ///< where sides are in conflict as ours has it
  std::map<std::string, std::string> conflicts;
};

const std::vector<Case> kCases = {
    {"changes of different files",
     {{"a", "1"}, {"b", "1"}},
     {{"a", "2"}, {"b", "1"}},
     {{"a", "1"}, {"b", "2"}},
     {{"a", "2"}, {"b", "2"}},
     {}},
    {"additions",
     {{"a", "1"}},
     {{"a", "1"}, {"b", "2"}},
     {{"a", "1"}, {"c", "3"}},
     {{"a", "1"}, {"b", "2"}, {"c", "3"}},
     {}},
    {"the same addition, and one more",
     {{"z", "1"}},
     {{"z", "1"}, {"a", "2"}},
     {{"z", "1"}, {"a", "2"}, {"b", "3"}},
     {{"z", "1"}, {"a", "2"}, {"b", "3"}},
     {}},
    {"different additions",
     {{"z", "1"}},
     {{"z", "1"}, {"a", "2"}},
     {{"z", "1"}, {"a", "3"}},
     {{"z", "1"}, {"a", "2"}},
     {{"a", "added on both sides"}}},
    {"deletion and a change elsewhere",
     {{"a", "1"}, {"b", "1"}},
     {{"b", "1"}},
     {{"a", "1"}, {"b", "2"}},
     {{"b", "2"}},
     {}},
    {"deletions on both sides",
     {{"a", "1"}, {"b", "1"}, {"c", "1"}},
     {{"b", "1"}, {"c", "1"}},
     {{"a", "1"}, {"c", "1"}},
     {{"c", "1"}},
     {}},
    {"deleted here, changed there",
     {{"a", "1"}, {"b", "1"}},
     {{"b", "1"}},
     {{"a", "2"}, {"b", "1"}},
     {{"b", "1"}},
     {{"a", "deleted here, changed there"}}},
    {"changed here, deleted there",
     {{"a", "1"}, {"b", "1"}},
     {{"a", "2"}, {"b", "1"}},
     {{"b", "1"}},
     {{"a", "2"}, {"b", "1"}},
     {{"a", "changed here, deleted there"}}},
    {"both changed",
     {{"a", "1"}},
     {{"a", "2"}},
     {{"a", "3"}},
     {{"a", "2"}},
     {{"a", "changed on both sides"}}},
    {"content here, executable bit there", {{"a", "1"}}, {{"a", "2"}}, {{"a", "*1"}}, {{"a", "*2"}}, {}},
    {"bit taken here, content there", {{"a", "*1"}}, {{"a", "1"}}, {{"a", "*2"}}, {{"a", "2"}}, {}},
    {"rename here, change there",
     {{"a", "1"}},
     {{"b", "1"}},
     {{"a", "2"}},
     {{"b", "1"}},
     {{"a", "deleted here, changed there"}}},
    {"rename here, change elsewhere",
     {{"a", "1"}, {"c", "1"}},
     {{"b", "1"}, {"c", "1"}},
     {{"a", "1"}, {"c", "2"}},
     {{"b", "1"}, {"c", "2"}},
     {}},
    {"a folder deleted here, changed inside there",
     {{"d/a", "1"}, {"d/b", "1"}, {"z", "1"}},
     {{"z", "1"}},
     {{"d/a", "1"}, {"d/b", "2"}, {"z", "1"}},
     {{"z", "1"}},
     {{"d/b", "deleted here, changed there"}}},
    {"a folder deleted here, added to there",
     {{"d/a", "1"}, {"z", "1"}},
     {{"z", "1"}},
     {{"d/a", "1"}, {"d/b", "2"}, {"z", "1"}},
     {{"d/b", "2"}, {"z", "1"}},
     {}},
    {"a file became a folder here, and was deleted there",
     {{"d", "1"}, {"z", "1"}},
     {{"d/a", "2"}, {"z", "1"}},
     {{"z", "1"}},
     {{"d/a", "2"}, {"z", "1"}},
     {}},
    {"a file became a folder here, and changed there",
     {{"d", "1"}},
     {{"d/a", "2"}},
     {{"d", "2"}},
     {{"d/a", "2"}},
     {{"d", "a folder here, a file there"}}},
    {"a folder became a file here, and changed there",
     {{"d/a", "1"}},
     {{"d", "2"}},
     {{"d/a", "3"}},
     {{"d", "2"}},
     {{"d", "a file here, a folder there"}}},
    {"a symlink against a file",
     {{"z", "1"}},
     {{"z", "1"}, {"a", ">x"}},
     {{"z", "1"}, {"a", "1"}},
     {{"z", "1"}, {"a", ">x"}},
     {{"a", "a symlink here, a file there"}}},
    {"symlinks that lead elsewhere",
     {{"a", ">x"}},
     {{"a", ">y"}},
     {{"a", ">w"}},
     {{"a", ">y"}},
     {{"a", "changed on both sides"}}},
    {"an empty folder that both keep",
     {{"d", ""}, {"a", "1"}},
     {{"d", ""}, {"a", "2"}},
     {{"d", ""}, {"a", "1"}, {"b", "1"}},
     {{"d", ""}, {"a", "2"}, {"b", "1"}},
     {}},
    {"an emptied folder, whose last file goes there",
     {{"d/a", "1"}, {"d/b", "1"}},
     {{"d/b", "1"}},
     {{"d/a", "1"}},
     {{"d", ""}},
     {}},
    {"conflicts in several folders, and what merges beside them",
     {{"d/a", "1"}, {"d/b", "1"}, {"e/f/c", "1"}},
     {{"d/a", "2"}, {"d/b", "2"}, {"e/f/c", "2"}},
     {{"d/a", "3"}, {"d/b", "1"}, {"e/f/c", "3"}, {"e/g", "1"}},
     {{"d/a", "2"}, {"d/b", "2"}, {"e/f/c", "2"}, {"e/g", "1"}},
     {{"d/a", "changed on both sides"}, {"e/f/c", "changed on both sides"}}},
};

TEST(MergeTrees, MergesFileByFile) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.what);
    Trees trees;
    ASSERT_OK_AND_ASSIGN(
        const MergedTrees merged,
        trees.merge({trees.put("", one.base), trees.put("", one.ours), trees.put("", one.theirs)}));
    EXPECT_EQ(trees.list(merged.sides.ours), one.merged);
    std::map<std::string, std::string> conflicts;
    for (const PathConflict& conflict : merged.conflicts) {
      conflicts[conflict.path] = describe(conflict);
    }
    EXPECT_EQ(conflicts, one.conflicts);
  }
}

TEST(MergeTrees, SidesDifferOnlyInWhatIsInConflict) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.what);
    Trees trees;
    const MergeSides sides = {trees.put("", one.base), trees.put("", one.ours), trees.put("", one.theirs)};
    ASSERT_OK_AND_ASSIGN(const MergedTrees merged, trees.merge(sides));
    EXPECT_EQ(merged.sides.ours == merged.sides.theirs, one.conflicts.empty());
    // Merged once more, the same is left.
    ASSERT_OK_AND_ASSIGN(const MergedTrees again, trees.merge(merged.sides));
    EXPECT_EQ(again.conflicts, merged.conflicts);
    EXPECT_EQ(again.sides, merged.sides);
  }
}

TEST(MergeTrees, SettlesEachWay) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.what);
    Trees trees;
    const MergeSides sides = {trees.put("", one.base), trees.put("", one.ours), trees.put("", one.theirs)};
    ASSERT_OK_AND_ASSIGN(const MergedTrees left, trees.merge(sides));
    for (const Choice choice : {Choice::ours, Choice::theirs, Choice::both}) {
      ASSERT_OK_AND_ASSIGN(const MergedTrees settled, trees.merge(left.sides, [&](const std::string&) {
        return std::optional(choice);
      }));
      EXPECT_TRUE(settled.conflicts.empty());
      if (choice != Choice::both) {
        EXPECT_EQ(settled.sides.ours, choice == Choice::ours ? left.sides.ours : left.sides.theirs);
      }
    }
  }
}

TEST(MergeTrees, UnionKeepsBothUnderNamesOfTheirOwn) {
  Trees trees;
  const Files base = {{"a", "1"}, {"gone", "1"}, {"a~theirs", "4"}};
  const Files ours = {{"a", "2"}, {"a~theirs", "4"}, {"d/x", "1"}};
  const Files theirs = {{"a", "3"}, {"gone", "2"}, {"a~theirs", "4"}, {"d", "2"}};
  const auto both = [](const std::string&) { return std::optional(Choice::both); };
  ASSERT_OK_AND_ASSIGN(const MergedTrees merged,
                       trees.merge({trees.put("", base), trees.put("", ours), trees.put("", theirs)}, both));
  EXPECT_TRUE(merged.conflicts.empty());
  EXPECT_EQ(trees.list(merged.sides.ours), (Files{{"a", "2"},
                                                  {"a~theirs", "4"},
                                                  {"a~theirs~theirs", "3"},
                                                  {"gone", "2"},
                                                  {"d/x", "1"},
                                                  {"d~theirs", "2"}}));
}

TEST(MergeTrees, SettlesOnePathAndLeavesTheOther) {
  Trees trees;
  const MergeSides sides = {trees.put("", {{"a", "1"}, {"d/b", "1"}}),
                            trees.put("", {{"a", "2"}, {"d/b", "2"}}),
                            trees.put("", {{"a", "3"}, {"d/b", "3"}})};
  const auto only_b = [](const std::string& path) {
    return path == "d/b" ? std::optional(Choice::theirs) : std::nullopt;
  };
  ASSERT_OK_AND_ASSIGN(const MergedTrees merged, trees.merge(sides, only_b));
  ASSERT_EQ(merged.conflicts.size(), 1U);
  EXPECT_EQ(merged.conflicts.front().path, "a");
  EXPECT_EQ(trees.list(merged.sides.base), (Files{{"a", "1"}, {"d/b", "3"}}));
  EXPECT_EQ(trees.list(merged.sides.ours), (Files{{"a", "2"}, {"d/b", "3"}}));
  EXPECT_EQ(trees.list(merged.sides.theirs), (Files{{"a", "3"}, {"d/b", "3"}}));
}

// Every combination of what can stand at one path on three sides.
TEST(MergeTrees, TreatsBothSidesAlike) {
  const std::vector<std::string> all = {"-", "1", "2", "3", "*1", "*2", ">1", ">2", "/", "/1", "/2", "/*1"};
  Trees trees;
  for (const std::string& base : all) {
    for (const std::string& ours : all) {
      for (const std::string& theirs : all) {
        SCOPED_TRACE(base + " " + ours + " " + theirs);
        const MergeSides sides = {trees.entry(base), trees.entry(ours), trees.entry(theirs)};
        ASSERT_OK_AND_ASSIGN(const MergedTrees merged, trees.merge(sides));
        ASSERT_OK_AND_ASSIGN(const MergedTrees swapped, trees.merge({sides.base, sides.theirs, sides.ours}));
        EXPECT_EQ(merged.conflicts.empty(), swapped.conflicts.empty());
        EXPECT_EQ(merged.sides.ours, swapped.sides.theirs);
        if (ours == theirs || base == theirs) {
          EXPECT_TRUE(merged.conflicts.empty());
          EXPECT_EQ(merged.sides.ours, sides.ours);
        } else if (base == ours) {
          EXPECT_TRUE(merged.conflicts.empty());
          EXPECT_EQ(merged.sides.ours, sides.theirs);
        }
      }
    }
  }
}

TEST(MergeTrees, ReadsOnlyWhatBothSidesChanged) {
  Trees trees;
  const store::TreeEntry untouched = trees.put("", {{"x", "1"}});
  const MergeSides sides = {trees.put("", {{"u/x", "1"}, {"d/a", "1"}}),
                            trees.put("", {{"u/x", "1"}, {"d/a", "2"}}),
                            trees.put("", {{"u/x", "1"}, {"d/a", "1"}, {"e", "1"}})};
  trees.reads_.clear();
  ASSERT_OK(trees.merge(sides));
  EXPECT_EQ(trees.reads_.count(untouched.id), 0U);
  EXPECT_EQ(trees.reads_.size(), 3U);
}

TEST(MergeTrees, SaysThatAFolderIsNotHere) {
  Trees trees;
  store::TreeEntry missing = trees.put("", {{"a", "1"}});
  missing.id = blob("nowhere");
  EXPECT_THAT(trees.merge({trees.put("", {}), missing, trees.put("", {{"b", "1"}})}),
              FailsWith(Code::not_found, "not here"));
}

}  // namespace
}  // namespace cairn::project
