// SPDX-License-Identifier: Apache-2.0
#include "pipeline/undeclared.h"

#include <set>

#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Tracked : public TrackedFiles {
 public:
  [[nodiscard]] bool contains(std::string_view path) const override {
    return files.count(std::string(path)) != 0;
  }
  void each_inside(std::string_view folder, const std::function<void(std::string_view)>& use) const override {
    for (const std::string& file : files) {
      if (file.starts_with(std::string(folder) + "/")) {
        use(file);
      }
    }
  }
  std::set<std::string> files;
};

UndeclaredPath file(const std::string& path) {
  return {path, 1, false, false};
}
UndeclaredPath code(const std::string& path) {
  return {path, 1, false, true};
}
UndeclaredPath folder(const std::string& path, std::size_t files) {
  return {path, files, true, false};
}

class UndeclaredTest : public ::testing::Test {
 protected:
  [[nodiscard]] Undeclared find() const {
    return find_undeclared(declared_, touched_, {tracked_, apart_, all_outs_});
  }
  static std::vector<std::string> many(const std::string& prefix, int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) {
      out.push_back(prefix + std::to_string(i));
    }
    return out;
  }

  Declared declared_;
  Touched touched_;
  Tracked tracked_;
  std::vector<std::string> apart_;
  std::vector<std::string> all_outs_;
};

TEST_F(UndeclaredTest, PassesWhatIsDeclared) {
  declared_ = {{"data", "params.yaml"}, {"out", "model.bin"}};
  touched_.reads = {"data/in/a.csv", "out/old", "params.yaml"};
  touched_.writes = {"model.bin", "out/x/y"};
  touched_.made = {"out", "out/x"};
  touched_.removed = {"out/old"};
  EXPECT_FALSE(find().any());
}

TEST_F(UndeclaredTest, NamesFilesWhoseNameOnlyStartsLikeADeclaredOne) {
  declared_ = {{"data"}, {"out"}};
  touched_.reads = {"data.csv", "data2/a"};
  touched_.writes = {"out2"};
  EXPECT_THAT(find().reads, ElementsAre(file("data.csv"), file("data2/a")));
  EXPECT_THAT(find().writes, ElementsAre(file("out2")));
}

TEST_F(UndeclaredTest, TellsCodeFromData) {
  tracked_.files = {"src/helper.py"};
  touched_.reads = {"data.csv", "src/helper.py"};
  EXPECT_THAT(find().reads, ElementsAre(file("data.csv"), code("src/helper.py")));
}

TEST_F(UndeclaredTest, TellsManyFilesAsTheirFolder) {
  touched_.reads = many("data/", 1000);
  EXPECT_THAT(find().reads, ElementsAre(folder("data", 1000)));
  EXPECT_EQ(find().reads.front().shown(), "data/");
}

TEST_F(UndeclaredTest, TellsFewFilesByName) {
  touched_.reads = many("data/", 9);
  EXPECT_EQ(find().reads.size(), 9U);
}

TEST_F(UndeclaredTest, TellsTheDeepestFolderThatHoldsMany) {
  touched_.reads = many("data/raw/left/", 10);
  for (const std::string& path : many("data/raw/right/", 20)) {
    touched_.reads.push_back(path);
  }
  EXPECT_THAT(find().reads, ElementsAre(folder("data/raw/left", 10), folder("data/raw/right", 20)));
}

TEST_F(UndeclaredTest, TellsAFolderOfManyFolders) {
  for (const std::string& name : many("images/class", 50)) {
    touched_.reads.push_back(name + "/a.png");
    touched_.reads.push_back(name + "/b.png");
  }
  EXPECT_THAT(find().reads, ElementsAre(folder("images", 100)));
}

TEST_F(UndeclaredTest, NeverTellsTheWholeProject) {
  touched_.reads = many("file", 30);
  EXPECT_EQ(find().reads.size(), 30U);
}

TEST_F(UndeclaredTest, TellsNoFolderOfReadsThatHoldsAnOut) {
  touched_.reads = many("work/", 20);
  all_outs_ = {"work/result/model.bin"};
  EXPECT_EQ(find().reads.size(), 20U);
}

TEST_F(UndeclaredTest, TellsNoFolderOfReadsThatHoldsAWrite) {
  touched_.reads = many("work/", 20);
  touched_.writes = {"work/result"};
  EXPECT_EQ(find().reads.size(), 20U);
}

TEST_F(UndeclaredTest, TellsNoFolderOfWritesThatHoldsTrackedFiles) {
  touched_.writes = many("src/", 20);
  EXPECT_THAT(find().writes, ElementsAre(folder("src", 20)));
  tracked_.files = {"src/main.py"};
  EXPECT_EQ(find().writes.size(), 20U);
}

TEST_F(UndeclaredTest, TellsAFolderThatTheStageMadeWhole) {
  touched_.made = {"cache", "cache/in"};
  touched_.writes = {"cache/a", "cache/in/b"};
  EXPECT_THAT(find().writes, ElementsAre(folder("cache", 2)));
}

TEST_F(UndeclaredTest, TellsAnEmptyFolderThatTheStageMade) {
  touched_.made = {"empty"};
  EXPECT_THAT(find().writes, ElementsAre(folder("empty", 0)));
}

TEST_F(UndeclaredTest, PassesAFolderThatWasMadeForAnOut) {
  declared_.outputs = {"out/deep/model.bin"};
  touched_.made = {"out", "out/deep"};
  touched_.writes = {"out/deep/log", "out/deep/model.bin"};
  EXPECT_THAT(find().writes, ElementsAre(file("out/deep/log")));
}

TEST_F(UndeclaredTest, PassesFilesThatCairnAndGitKeep) {
  touched_.reads = {".gitattributes",    ".gitignore",       "cairn.lock",    "cairn.yaml",
                    "data/.cairnignore", "data/a.csv.cairn", "sub/cairn.yaml"};
  EXPECT_FALSE(find().any());
  touched_.writes = {"cairn.yaml"};
  EXPECT_THAT(find().writes, ElementsAre(file("cairn.yaml")));
}

TEST_F(UndeclaredTest, TakesACompiledModuleForItsSource) {
  tracked_.files = {"pkg/mod.py", "pkg/declared.py"};
  declared_.inputs = {"pkg/declared.py"};
  touched_.reads = {"pkg/__pycache__/declared.cpython-311.pyc", "pkg/__pycache__/mod.cpython-311.opt-1.pyc"};
  EXPECT_THAT(find().reads, ElementsAre(code("pkg/mod.py")));
}

TEST_F(UndeclaredTest, PassesWritesOfPythonsCache) {
  touched_.writes = {"pkg/__pycache__/mod.cpython-311.pyc"};
  touched_.made = {"pkg/__pycache__"};
  EXPECT_FALSE(find().any());
}

TEST_F(UndeclaredTest, PassesWhatStandsApart) {
  apart_ = {".venv"};
  touched_.reads = {".venv/lib/python3/site.py"};
  touched_.writes = {".venv/cache"};
  EXPECT_FALSE(find().any());
}

TEST_F(UndeclaredTest, NamesWhatWasRemoved) {
  touched_.removed = {"data/a.csv"};
  EXPECT_THAT(find().removed, ElementsAre(file("data/a.csv")));
}

TEST_F(UndeclaredTest, NamesFoldersOfWhichOnlyTheNamesWereRead) {
  declared_ = {{"dep", "part/in.csv"}, {"out"}};
  tracked_.files = {"src/main.py"};
  touched_.reads = {"used/a.csv"};
  touched_.listed = {"", "dep/in", "part", "src", "used", "data", "data/in", "data2"};
  EXPECT_THAT(find().listed, ElementsAre("data", "data2"));
  touched_.reads.clear();
  touched_.listed = {"data"};
  EXPECT_FALSE(find().any());
}

TEST(DeclaredBy, ResolvesGlobsByWhatWasFound) {
  Stage stage = stage_with("    deps: [a.csv]\n    params: [p.yaml: [x]]\n    outs: [m.bin]\n");
  stage.deps.push_back({"data/*.csv", {}, true});
  Out glob;
  glob.path = "plots/*.png";
  glob.glob = true;
  stage.outs.push_back(glob);
  Inputs inputs;
  inputs.deps = {{"a.csv", file_state("a")},
                 {"data/1.csv", file_state("1"), "data/*.csv"},
                 {"none/*", std::nullopt, "none/*"}};
  inputs.code = {{"run.py", file_state("r")}};
  const Declared declared = declared_by(stage, inputs, {{"plots/x.png", file_state("x"), "plots/*.png"}});
  EXPECT_THAT(std::set<std::string>(declared.inputs.begin(), declared.inputs.end()),
              UnorderedElementsAre("a.csv", "data/1.csv", "p.yaml", "run.py"));
  EXPECT_THAT(declared.outputs, UnorderedElementsAre("m.bin", "plots/x.png"));
}

}  // namespace
}  // namespace cairn::pipeline
