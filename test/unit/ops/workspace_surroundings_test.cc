// SPDX-License-Identifier: Apache-2.0
#include "ops/workspace_surroundings.h"

#include <cstdlib>

#include "ops/pipelines.h"
#include "ops/stage_edit.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

using test::FailsWith;
using WorkspaceSurroundingsTest = test::ProjectFixture;

TEST_F(WorkspaceSurroundingsTest, ReadsEachFileOnceByItsSuffix) {
  write("a.json", R"({"x": 1})");
  write("d/b.toml", "x = 2\n");
  WorkspaceSurroundings surroundings(workspace());
  ASSERT_OK_AND_ASSIGN(const text::Value* json, surroundings.document("a.json"));
  EXPECT_EQ(json->find("x")->int_value(), 1);
  ASSERT_OK_AND_ASSIGN(const text::Value* toml, surroundings.document("d/b.toml"));
  EXPECT_EQ(toml->find("x")->int_value(), 2);
  write("a.json", "changed");
  ASSERT_OK_AND_ASSIGN(const text::Value* again, surroundings.document("a.json"));
  EXPECT_EQ(again, json);
}

TEST_F(WorkspaceSurroundingsTest, TellsMissingFromBroken) {
  write("bad.yaml", "a: [\n");
  WorkspaceSurroundings surroundings(workspace());
  ASSERT_OK_AND_ASSIGN(const text::Value* missing, surroundings.document("none.yaml"));
  EXPECT_EQ(missing, nullptr);
  EXPECT_THAT(surroundings.document("bad.yaml"), FailsWith(Code::malformed, "bad.yaml:"));
  EXPECT_THAT(surroundings.document("bad.yaml"), FailsWith(Code::malformed, "bad.yaml:"));
}

TEST_F(WorkspaceSurroundingsTest, KnowsTheEnvironment) {
  ::setenv("CAIRN_TEST_VARIABLE", "v", 1);
  WorkspaceSurroundings surroundings(workspace());
  EXPECT_EQ(surroundings.variable("CAIRN_TEST_VARIABLE"), "v");
  ::unsetenv("CAIRN_TEST_VARIABLE");
  EXPECT_EQ(surroundings.variable("CAIRN_TEST_VARIABLE"), std::nullopt);
}

TEST_F(WorkspaceSurroundingsTest, TemplatesOfPipelinesUseIt) {
  write("sub/params.yaml", "names: [a, b]\n");
  write("sub/cairn.yaml",
        "stages:\n  s:\n    foreach: ${names}\n    do: {cmd: 'x ${item}', outs: ['${item}']}\n");
  pipeline::StageDraft draft;
  draft.name = "t";
  draft.cmd = "y";
  draft.deps = {"a"};
  ASSERT_OK(add_stage(workspace(), "sub", draft, pipeline::Overwrite::refuse, Write::yes));
  ASSERT_OK_AND_ASSIGN(const pipeline::Graph graph, load_graph(workspace()));
  ASSERT_EQ(graph.size(), 3U);
  EXPECT_EQ(graph.address(1), "sub/cairn.yaml:s@b");
  EXPECT_EQ(graph.stage(1).cmd, "x b");
  EXPECT_EQ(graph.upstream(2).size(), 1U);
}

}  // namespace
}  // namespace cairn::ops
