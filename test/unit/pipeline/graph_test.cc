// SPDX-License-Identifier: Apache-2.0
#include "pipeline/graph.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string stage_text(std::string_view name, std::string_view deps, std::string_view outs) {
  return fmt::format("  {}: {{cmd: x, deps: [{}], outs: [{}]}}\n", name, deps, outs);
}

std::string build_error(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<PipelineFile> list;
  for (const auto& file : files) {
    list.push_back(parsed(file.second, file.first));
  }
  const Result<Graph> graph = Graph::build(std::move(list));
  return graph.ok() ? "" : graph.error().message();
}

std::vector<std::string> names(const Graph& graph, std::span<const StageIndex> stages) {
  std::vector<std::string> list;
  for (StageIndex stage : stages) {
    list.push_back(graph.address(stage));
  }
  return list;
}

std::vector<std::string> needs(const Graph& graph, std::string_view address) {
  return names(graph, graph.upstream(*graph.find(address)));
}

std::vector<std::string> selected(const Graph& graph, const std::vector<std::string>& targets, Reach reach,
                                  std::string_view folder = "") {
  const Result<std::vector<StageIndex>> stages = select_stages(graph, targets, folder, reach);
  EXPECT_OK(stages);
  return stages.ok() ? names(graph, *stages) : std::vector<std::string>();
}

/// z -> y -> x, and w -> x.
Graph chain() {
  return graph_of("stages:\n" + stage_text("z", "", "a") + stage_text("y", "a", "b") +
                  stage_text("x", "b, c", "d") + stage_text("w", "", "c"));
}

TEST(Graph, JoinsStagesWhosePathsAreEqualInsideOrAround) {
  const Graph graph =
      graph_of("stages:\n" + stage_text("make", "", "data/raw, other") +
               stage_text("same", "data/raw", "o1") + stage_text("inside", "data/raw/x/y", "o2") +
               stage_text("around", "data", "o3") + stage_text("beside", "data/raw2, data-raw, oth", "o4"));
  EXPECT_THAT(needs(graph, "same"), ElementsAre("make"));
  EXPECT_THAT(needs(graph, "inside"), ElementsAre("make"));
  EXPECT_THAT(needs(graph, "around"), ElementsAre("make"));
  EXPECT_THAT(needs(graph, "beside"), IsEmpty());
  EXPECT_THAT(names(graph, graph.downstream(*graph.find("make"))), ElementsAre("around", "inside", "same"));
}

TEST(Graph, FindsOutsBesideNamesThatSortBetweenAFolderAndItsContent) {
  const Graph graph = graph_of("stages:\n" + stage_text("a", "", "d") + stage_text("b", "", "d-x") +
                               stage_text("c", "", "d.y") + stage_text("use", "d/in", "o"));
  EXPECT_THAT(needs(graph, "use"), ElementsAre("a"));
}

TEST(Graph, JoinsStagesByParamsFiles) {
  const Graph graph =
      graph_of("stages:\n  tune: {cmd: x, outs: [params.yaml]}\n  train: {cmd: x, params: [lr]}\n");
  EXPECT_THAT(needs(graph, "train"), ElementsAre("tune"));
}

TEST(Graph, JoinsStagesOfSeveralFiles) {
  const Graph graph = graph_of({{"cairn.yaml", "stages:\n" + stage_text("top", "sub/out", "o")},
                                {"sub/cairn.yaml", "stages:\n" + stage_text("low", "", "out")}});
  EXPECT_THAT(needs(graph, "top"), ElementsAre("sub/cairn.yaml:low"));
}

TEST(Graph, OrdersByNeedAndThenByAddress) {
  const Graph graph = chain();
  EXPECT_THAT(names(graph, graph.order()), ElementsAre("w", "z", "y", "x"));
}

TEST(Graph, NamesBothPlacesOfOverlappingOuts) {
  EXPECT_EQ(build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "", "x")},
                         {"sub/cairn.yaml", "stages:\n" + stage_text("b", "", "../x")}}),
            "sub/cairn.yaml:2:32: out 'x' of stage 'sub/cairn.yaml:b' is also out 'x' of stage 'a' "
            "(cairn.yaml:2:32)");
  EXPECT_EQ(
      build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "", "d/e/f") + stage_text("b", "", "d")}}),
      "cairn.yaml:2:32: out 'd/e/f' of stage 'a' is inside out 'd' of stage 'b' (cairn.yaml:3:32)");
}

TEST(Graph, ReportsEveryOverlapInsideOneFolder) {
  const std::string text = build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "", "d, d/e, d/f")}});
  EXPECT_THAT(text, HasSubstr("out 'd/e'"));
  EXPECT_THAT(text, HasSubstr("out 'd/f'"));
}

TEST(Graph, RefusesAPathThatAStageReadsAndWrites) {
  EXPECT_EQ(build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "x/y", "x")}}),
            "cairn.yaml:2:22: stage 'a' both reads 'x/y' and writes 'x' (cairn.yaml:2:35)");
  EXPECT_THAT(build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "x", "x/y")}}),
              HasSubstr("both reads 'x'"));
}

TEST(Graph, RefusesAnOutThatHoldsAStageFile) {
  EXPECT_THAT(build_error({{"cairn.yaml", "stages:\n" + stage_text("a", "", "sub")},
                           {"sub/cairn.yaml", "stages: {}\n"}}),
              HasSubstr("cairn.yaml:2:32: out 'sub' of stage 'a' contains 'sub/cairn.yaml'"));
}

TEST(Graph, ListsTheWholeCycleWithBothPlaces) {
  EXPECT_EQ(build_error({{"cairn.yaml", "stages:\n" + stage_text("c", "y", "z") + stage_text("a", "z", "x") +
                                            stage_text("b", "x", "y") + stage_text("after", "y", "q")}}),
            "stages need each other in a cycle:\n"
            "cairn.yaml:3:22: 'a' reads 'z', and 'c' writes 'z' (cairn.yaml:2:33)\n"
            "cairn.yaml:2:22: 'c' reads 'y', and 'b' writes 'y' (cairn.yaml:4:33)\n"
            "cairn.yaml:4:22: 'b' reads 'x', and 'a' writes 'x' (cairn.yaml:3:33)");
}

TEST(Graph, BuildsThousandsOfStages) {
  std::string text = "stages:\n";
  constexpr int kStages = 4000;
  for (int i = 0; i < kStages; ++i) {
    text += stage_text(fmt::format("s{:04}", i), i == 0 ? "src" : fmt::format("out/{:04}", i - 1),
                       fmt::format("out/{:04}", i));
  }
  const Graph graph = graph_of(text);
  ASSERT_EQ(graph.order().size(), static_cast<std::size_t>(kStages));
  EXPECT_EQ(graph.address(graph.order().back()), "s3999");
}

TEST(Selection, TakesAllWithoutTargets) {
  EXPECT_EQ(selected(chain(), {}, Reach::single).size(), 4U);
}

TEST(Selection, GoesAsFarAsReachSays) {
  const Graph graph = chain();
  EXPECT_THAT(selected(graph, {"y"}, Reach::upstream), ElementsAre("z", "y"));
  EXPECT_THAT(selected(graph, {"y"}, Reach::single), ElementsAre("y"));
  EXPECT_THAT(selected(graph, {"y", "w"}, Reach::single), ElementsAre("w", "y"));
  EXPECT_THAT(selected(graph, {"z"}, Reach::downstream), ElementsAre("z", "y", "x"));
}

TEST(Selection, StopsAtAFrozenStage) {
  const Graph graph =
      graph_of("stages:\n" + stage_text("a", "", "x") +
               "  b: {cmd: x, deps: [x], outs: [y], frozen: true}\n" + stage_text("c", "y", "z"));
  EXPECT_THAT(selected(graph, {"c"}, Reach::upstream), ElementsAre("b", "c"));
  EXPECT_THAT(selected(graph, {"a"}, Reach::downstream), ElementsAre("a"));
}

TEST(Selection, ResolvesOutputsAndFolders) {
  const Graph graph =
      graph_of({{"cairn.yaml", "stages:\n" + stage_text("a", "", "data/x") + stage_text("b", "", "data/y")},
                {"sub/cairn.yaml", "stages:\n" + stage_text("c", "", "out")}});
  EXPECT_THAT(selected(graph, {"data/x"}, Reach::single), ElementsAre("a"));
  EXPECT_THAT(selected(graph, {"data/x/inner"}, Reach::single), ElementsAre("a"));
  EXPECT_THAT(selected(graph, {"data/"}, Reach::single), ElementsAre("a", "b"));
  EXPECT_THAT(selected(graph, {"out"}, Reach::single, "sub"), ElementsAre("sub/cairn.yaml:c"));
  EXPECT_THAT(selected(graph, {"../data/y"}, Reach::single, "sub"), ElementsAre("b"));
  EXPECT_THAT(selected(graph, {"sub/cairn.yaml"}, Reach::single), ElementsAre("sub/cairn.yaml:c"));
}

TEST(Selection, PrefersTheNameInTheUsersFolder) {
  const Graph graph =
      graph_of({{"cairn.yaml", "stages:\n" + stage_text("a", "", "x")},
                {"p/cairn.yaml", "stages:\n" + stage_text("a", "", "x") + stage_text("only", "", "y")},
                {"q/cairn.yaml", "stages:\n" + stage_text("b", "", "x")},
                {"r/cairn.yaml", "stages:\n" + stage_text("b", "", "x")}});
  EXPECT_THAT(selected(graph, {"a"}, Reach::single), ElementsAre("a"));
  EXPECT_THAT(selected(graph, {"a"}, Reach::single, "p"), ElementsAre("p/cairn.yaml:a"));
  EXPECT_THAT(selected(graph, {"../cairn.yaml:a"}, Reach::single, "p"), ElementsAre("a"));
  EXPECT_THAT(selected(graph, {"p/cairn.yaml:a"}, Reach::single), ElementsAre("p/cairn.yaml:a"));
  EXPECT_THAT(selected(graph, {"only"}, Reach::single), ElementsAre("p/cairn.yaml:only"));
  EXPECT_THAT(select_stages(graph, {"b"}, "", Reach::single),
              test::FailsWith(Code::usage, "2 stages are called 'b'"));
}

TEST(Selection, NamesTheNearestStageForAnUnknownTarget) {
  const Result<std::vector<StageIndex>> stages =
      select_stages(graph_of("stages:\n" + stage_text("prepare", "", "x")), {"prepaer"}, "", Reach::single);
  ASSERT_THAT(stages, test::FailsWith(Code::not_found, "no stage or out 'prepaer'"));
  EXPECT_THAT(stages.error().hint(), HasSubstr("'prepare'"));
}

}  // namespace
}  // namespace cairn::pipeline
