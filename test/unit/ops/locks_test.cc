// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "codec/hash.h"
#include "ops/pipelines.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

using test::FailsWith;
using test::read_text;

constexpr std::string_view kTwoStages =
    "stages:\n  a:\n    cmd: x\n    outs: [a.txt]\n  b:\n    cmd: y\n    outs: [b.txt]\n";

pipeline::StageLock block_of(const pipeline::Stage& stage) {
  pipeline::StageLock block;
  block.name = stage.name;
  block.cmd = stage.cmd;
  block.shell = stage.shell;
  return block;
}

class PipelinesTest : public test::ProjectFixture {};
using LocksTest = PipelinesTest;

TEST_F(LocksTest, TwoWritersKeepEachOthersBlocks) {
  write("cairn.yaml", kTwoStages);
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph graph, load_graph(workspace()));
  ASSERT_OK_AND_ASSIGN(Locks first, Locks::load(workspace(), graph));
  ASSERT_OK_AND_ASSIGN(Locks second, Locks::load(workspace(), graph));
  first.put(graph.stage(0), block_of(graph.stage(0)));
  second.put(graph.stage(1), block_of(graph.stage(1)));
  EXPECT_TRUE(first.changed());
  EXPECT_OK(first.save(workspace()));
  EXPECT_FALSE(first.changed());
  EXPECT_OK(second.save(workspace()));
  ASSERT_OK_AND_ASSIGN(const Locks now, Locks::load(workspace(), graph));
  EXPECT_NE(now.find(graph.stage(0)), nullptr);
  EXPECT_NE(now.find(graph.stage(1)), nullptr);
}

TEST_F(LocksTest, ReloadLearnsWhatOthersWroteAndKeepsWhatIsNotSavedYet) {
  write("cairn.yaml", kTwoStages);
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph graph, load_graph(workspace()));
  ASSERT_OK_AND_ASSIGN(Locks first, Locks::load(workspace(), graph));
  ASSERT_OK_AND_ASSIGN(Locks second, Locks::load(workspace(), graph));
  first.put(graph.stage(0), block_of(graph.stage(0)));
  second.put(graph.stage(1), block_of(graph.stage(1)));
  EXPECT_OK(second.save(workspace()));
  EXPECT_EQ(first.find(graph.stage(1)), nullptr);
  EXPECT_OK(first.reload(workspace(), ""));
  EXPECT_NE(first.find(graph.stage(0)), nullptr);
  EXPECT_NE(first.find(graph.stage(1)), nullptr);
  EXPECT_TRUE(first.changed());
}

TEST_F(LocksTest, TheSameBlockAgainIsNoChange) {
  write("cairn.yaml", kTwoStages);
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph graph, load_graph(workspace()));
  ASSERT_OK_AND_ASSIGN(Locks locks, Locks::load(workspace(), graph));
  locks.put(graph.stage(0), block_of(graph.stage(0)));
  EXPECT_OK(locks.save(workspace()));
  locks.put(graph.stage(0), block_of(graph.stage(0)));
  EXPECT_FALSE(locks.changed());
}

TEST_F(LocksTest, DropsBlocksOfStagesThatAreGoneAndLetsGoOfTheirOuts) {
  write("cairn.yaml", kTwoStages);
  write("b.txt", "b");
  write(".gitignore", "# >>> cairn\n/b.txt\n# <<< cairn\n");
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph both, load_graph(workspace()));
  ASSERT_OK_AND_ASSIGN(Locks locks, Locks::load(workspace(), both));
  for (pipeline::StageIndex i = 0; i < 2; ++i) {
    pipeline::StageLock block = block_of(both.stage(i));
    block.outs = {{both.stage(i).outs[0].path,
                   pipeline::PathState{{store::Family::blob, codec::hash(as_bytes("b")), 1}, 0, false}}};
    locks.put(both.stage(i), block);
  }
  EXPECT_TRUE(locks.is_out_of_another("b.txt", both.stage(0)));
  EXPECT_FALSE(locks.is_out_of_another("b.txt", both.stage(1)));
  EXPECT_OK(locks.save(workspace()));
  write("cairn.yaml", "stages: {}\n");
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph none, load_graph(workspace()));
  ASSERT_OK_AND_ASSIGN(Locks now, Locks::load(workspace(), none));
  EXPECT_OK(drop_gone_stages(workspace(), none, now));
  EXPECT_EQ(read_text(root() + "/cairn.lock"), "cairn: 1\nstages: {}\n");
  EXPECT_EQ(read_text(root() + "/b.txt"), "b");
  EXPECT_FALSE(std::filesystem::exists(root() + "/.gitignore"));
}

TEST_F(PipelinesTest, ProblemsOfAllFilesComeAtOnce) {
  write("cairn.yaml", "stages:\n  a:\n    colour: 1\n    cmd: x\n");
  write("sub/cairn.yaml", "stages:\n  b:\n    shape: 1\n    cmd: x\n");
  const auto graph = load_graph(workspace());
  EXPECT_THAT(graph, FailsWith(Code::malformed, "cairn.yaml:3:5"));
  EXPECT_THAT(graph, FailsWith(Code::malformed, "sub/cairn.yaml:3:5"));
}

TEST_F(PipelinesTest, AnOutputWithAPointerIsAConflict) {
  write("a.txt", "mine");
  track("a.txt");
  write("cairn.yaml", kTwoStages);
  EXPECT_THAT(load_graph(workspace()), FailsWith(Code::conflict, "'a.txt.cairn'"));
}

}  // namespace
}  // namespace cairn::ops
