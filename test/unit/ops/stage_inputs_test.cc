// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "ops/workspace_state.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

namespace fs = std::filesystem;
using test::FailsWith;
using ::testing::ElementsAre;

class StageInputsTest : public test::ProjectFixture {
 protected:
  Result<pipeline::Inputs> inputs(const pipeline::Stage& stage, const pipeline::StageLock* block = nullptr,
                                  EnvironmentProbe* probe = nullptr) {
    reopen();
    const Context with = context();
    return WorkspaceState(workspace(), with, probe).inputs(stage, block);
  }
  /// "PATH" of each dep, "-PATH" where nothing is.
  std::vector<std::string> deps(const pipeline::Stage& stage) {
    const auto found = inputs(stage);
    EXPECT_OK(found);
    std::vector<std::string> list;
    for (const pipeline::FoundPath& dep : found.ok() ? found->deps : std::vector<pipeline::FoundPath>()) {
      list.push_back((dep.state ? "" : "-") + dep.path);
    }
    return list;
  }
  static pipeline::Stage reads(const std::string& path, bool glob) {
    pipeline::Stage stage;
    stage.name = "s";
    stage.file = "cairn.yaml";
    text::Position at;
    at.line = 4;
    at.column = 9;
    stage.deps.push_back({path, at, glob});
    return stage;
  }
  void link(const std::string& target, const std::string& path) const {
    fs::create_symlink(target, root() + "/" + path);
  }
};

TEST_F(StageInputsTest, AGlobStandsForWhatMatchesAndCounts) {
  write("d/a.txt", "a");
  write("d/b.txt", "b");
  write("d/c.log", "c");
  write("d/kept.log", "kept");
  track("d/kept.log");
  fs::create_directories(root() + "/d/empty");
  write(".gitignore", "*.log\n");
  EXPECT_THAT(deps(reads("d/*", true)), ElementsAre("d/a.txt", "d/b.txt", "d/kept.log"));
  EXPECT_THAT(deps(reads("e/*", true)), ElementsAre("-e/*"));
  EXPECT_THAT(deps(reads("d/*", false)), ElementsAre("-d/*"));
}

TEST_F(StageInputsTest, AGlobNeverStandsForWhatTheStageWrites) {
  write("a.csv", "a");
  write("out/b.csv", "b");
  pipeline::Stage stage = reads("**/*.csv", true);
  stage.outs.emplace_back().path = "out";
  EXPECT_THAT(deps(stage), ElementsAre("a.csv"));
}

TEST_F(StageInputsTest, AnOutsGlobStandsForAllThatMatches) {
  write("d/a.txt", "a");
  write("d/b.log", "b");
  write(".gitignore", "*.log\n");
  pipeline::Stage stage = reads("x", false);
  stage.outs.emplace_back().path = "d/*";
  stage.outs.back().glob = true;
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs found, inputs(stage));
  ASSERT_EQ(found.outs.size(), 2U);
  EXPECT_EQ(found.outs[0].path, "d/a.txt");
  EXPECT_EQ(found.outs[1].path, "d/b.log");
  EXPECT_EQ(found.outs[1].glob, "d/*");
}

TEST_F(StageInputsTest, ASymlinkInsideTheProjectCountsAsWhatItPointsTo) {
  write("real/data", "1");
  link("real/data", "link");
  link("real", "folder");
  link(root() + "/real/data", "absolute");
  link("missing", "dangling");
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs real, inputs(reads("real/data", false)));
  for (const char* path : {"link", "folder/data", "absolute"}) {
    ASSERT_OK_AND_ASSIGN(const pipeline::Inputs found, inputs(reads(path, false)));
    ASSERT_TRUE(found.deps[0].state.has_value()) << path;
    EXPECT_EQ(found.deps[0].state, real.deps[0].state) << path;
    EXPECT_EQ(found.deps[0].path, path);
  }
  EXPECT_THAT(deps(reads("dangling", false)), ElementsAre("-dangling"));
}

TEST_F(StageInputsTest, ASymlinkOutOfTheProjectOrInACircleIsAnErrorWithItsPlace) {
  link("/etc/hostname", "outside");
  link("../x", "above");
  link("b", "a");
  link("a", "b");
  EXPECT_THAT(inputs(reads("outside", false)),
              FailsWith(Code::conflict,
                        "cairn.yaml:4:9: dep of stage 's': 'outside' is a symlink to "
                        "'/etc/hostname', outside the project"));
  EXPECT_THAT(inputs(reads("above", false)), FailsWith(Code::conflict, "outside the project"));
  EXPECT_THAT(inputs(reads("a", false)), FailsWith(Code::conflict, "'a' leads through too many symlinks"));
}

TEST_F(StageInputsTest, TrackedVariablesAreReadFromTheEnvironment) {
  pipeline::Stage stage = reads("x", false);
  stage.track_env = {"CAIRN_TEST_EMPTY", "CAIRN_TEST_SET", "CAIRN_TEST_UNSET"};
  ::setenv("CAIRN_TEST_EMPTY", "", 1);
  ::setenv("CAIRN_TEST_SET", "value", 1);
  ::unsetenv("CAIRN_TEST_UNSET");
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs found, inputs(stage));
  using pipeline::LockedVariable;
  EXPECT_THAT(found.variables,
              ElementsAre(LockedVariable{"CAIRN_TEST_EMPTY", ""}, LockedVariable{"CAIRN_TEST_SET", "value"},
                          LockedVariable{"CAIRN_TEST_UNSET", std::nullopt}));
}

class FixedProbe : public EnvironmentProbe {
 public:
  Result<std::optional<store::Object>> object(const pipeline::Stage&, const pipeline::StageLock*) override {
    return std::optional(store::Object{store::Family::blob, codec::hash(as_bytes("now")), 3});
  }
};

TEST_F(StageInputsTest, TheEnvironmentIsTheProbesElseTheRecordedOne) {
  pipeline::Stage stage = reads("x", false);
  pipeline::StageLock block;
  block.environment = store::Object{store::Family::blob, codec::hash(as_bytes("was")), 3};
  FixedProbe probe;
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs undeclared, inputs(stage, &block, &probe));
  EXPECT_EQ(undeclared.environment, std::nullopt);
  stage.environment.emplace();
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs recorded, inputs(stage, &block));
  EXPECT_EQ(recorded.environment, block.environment);
  ASSERT_OK_AND_ASSIGN(const pipeline::Inputs probed, inputs(stage, &block, &probe));
  EXPECT_EQ(probed.environment->id, codec::hash(as_bytes("now")));
}

}  // namespace
}  // namespace cairn::ops
