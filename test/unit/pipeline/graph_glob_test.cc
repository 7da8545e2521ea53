// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/graph.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string stage_text(std::string_view name, std::string_view deps, std::string_view outs) {
  return fmt::format("  {}: {{cmd: x, deps: [{}], outs: [{}]}}\n", name, deps, outs);
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

std::string build_error(const std::string& stages) {
  const Result<Graph> graph = Graph::build({with_globs(parsed("stages:\n" + stages))});
  return graph.ok() ? "" : graph.error().message();
}

TEST(GraphGlobs, ADepNeedsEveryStageWhoseOutItCanMatch) {
  const Graph graph =
      graph_of("stages:\n" + stage_text("csv", "in", "data/a.csv") + stage_text("json", "in", "data/a.json") +
               stage_text("deep", "in", "data/sub/b.csv") + stage_text("folder", "in", "data/parts") +
               stage_text("many", "in", "data/*-made.csv") + stage_text("flat", "data/*.csv", "x") +
               stage_text("all", "'**/*.csv'", "y") + stage_text("inside", "'data/parts/*.csv'", "z") +
               stage_text("whole", "data", "w"));
  EXPECT_THAT(needs(graph, "flat"), ElementsAre("csv", "many"));
  EXPECT_THAT(needs(graph, "all"), ElementsAre("csv", "deep", "flat", "folder", "inside", "many", "whole"));
  EXPECT_THAT(needs(graph, "inside"), ElementsAre("folder"));
  EXPECT_THAT(needs(graph, "whole"), ElementsAre("csv", "deep", "folder", "json", "many"));
}

TEST(GraphGlobs, AFileOrFolderNeedsTheStageWhoseGlobCanMakeIt) {
  const Graph graph =
      graph_of("stages:\n" + stage_text("split", "in", "parts/*.csv") +
               stage_text("one", "parts/a.csv", "x") + stage_text("other", "parts/a.txt", "y") +
               stage_text("inside", "parts/a.csv/b", "z") + stage_text("above", "parts", "w"));
  EXPECT_THAT(needs(graph, "one"), ElementsAre("split"));
  EXPECT_THAT(needs(graph, "other"), IsEmpty());
  EXPECT_THAT(needs(graph, "inside"), ElementsAre("split"));
  EXPECT_THAT(needs(graph, "above"), ElementsAre("split"));
}

TEST(GraphGlobs, AParamsFileMayBeMadeThroughAGlob) {
  const Graph graph = graph_of("stages:\n" + stage_text("tune", "in", "conf/*.yaml") +
                               "  train: {cmd: x, params: [{conf/best.yaml: [lr]}], outs: [m]}\n");
  EXPECT_THAT(needs(graph, "train"), ElementsAre("tune"));
}

TEST(GraphGlobs, OutsThatMayBeTheSamePathAreAnErrorWithBothPlaces) {
  EXPECT_EQ(build_error(stage_text("a", "i", "out/*.csv") + stage_text("b", "i", "out/x.csv")),
            "cairn.yaml:2:33: out 'out/*.csv' of stage 'a' overlaps out 'out/x.csv' of stage 'b' "
            "(cairn.yaml:3:33)");
  EXPECT_EQ(build_error(stage_text("a", "i", "out/a*") + stage_text("b", "i", "out/*b")),
            "cairn.yaml:3:33: out 'out/*b' of stage 'b' overlaps out 'out/a*' of stage 'a' "
            "(cairn.yaml:2:33)");
  EXPECT_THAT(build_error(stage_text("a", "i", "'out/**/x', out/sub")), HasSubstr("overlaps"));
  EXPECT_THAT(build_error(stage_text("a", "i", "out/*.csv, out/*.csv")), HasSubstr("overlaps"));
  EXPECT_EQ(build_error(stage_text("a", "i", "out/*.csv, out/*.txt, out/x.json")), "");
}

TEST(GraphGlobs, AGlobThatMayHoldAStageFileIsAnError) {
  const Result<Graph> graph = Graph::build({with_globs(parsed("stages:\n" + stage_text("a", "i", "su*"))),
                                            parsed("stages: {}\n", "sub/cairn.yaml")});
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().message(), "cairn.yaml:2:33: out 'su*' of stage 'a' contains 'sub/cairn.yaml'");
  EXPECT_EQ(build_error(stage_text("a", "i", "'*.yaml'")), "");
}

TEST(GraphGlobs, AStageMayNotReadWhatItWrites) {
  EXPECT_EQ(build_error(stage_text("a", "data/*.csv", "data/clean.csv")),
            "cairn.yaml:2:22: stage 'a' both reads 'data/*.csv' and writes 'data/clean.csv' "
            "(cairn.yaml:2:42)");
  EXPECT_THAT(build_error(stage_text("a", "data/x.csv", "'data/*.csv'")), HasSubstr("both reads"));
  EXPECT_THAT(build_error(stage_text("a", "data", "'data/*.csv'")), HasSubstr("both reads"));
  EXPECT_THAT(build_error(stage_text("a", "'data/*'", "data/sub/x")), HasSubstr("both reads"));
  EXPECT_THAT(build_error(stage_text("a", "'out/x/*.csv'", "out")), HasSubstr("both reads"));
  EXPECT_EQ(build_error(stage_text("a", "'data/*.csv'", "data/plots, data/report.txt")), "");
  EXPECT_EQ(build_error(stage_text("a", "'**/*.csv'", "plots")), "");
}

TEST(GraphGlobs, ACycleThroughAGlobIsTold) {
  const std::string error =
      build_error(stage_text("a", "'x/*.csv'", "y") + stage_text("b", "y", "'x/b*.csv'"));
  EXPECT_THAT(error, HasSubstr("'a' reads 'x/*.csv', and 'b' writes 'x/b*.csv'"));
}

TEST(GraphGlobs, TheMakerOfAPathIsFoundThroughItsGlob) {
  const Graph graph = graph_of("stages:\n" + stage_text("split", "in", "parts/*.csv"));
  EXPECT_TRUE(graph.maker_of("parts/a.csv").has_value());
  EXPECT_TRUE(graph.maker_of("parts/a.csv/inside").has_value());
  EXPECT_FALSE(graph.maker_of("parts/a.txt").has_value());
  EXPECT_FALSE(graph.maker_of("parts").has_value());
  EXPECT_THAT(names(graph, graph.makers_inside("parts")), ElementsAre("split"));
}

/// Stage i reads what stage i - 1 wrote, and writes a glob of its own.
TEST(GraphGlobs, ThousandsInOneFolderAreNotComparedInPairs) {
  PipelineFile file;
  file.path = "cairn.yaml";
  for (int i = 0; i < 3000; ++i) {
    Stage stage;
    stage.file = file.path;
    stage.name = fmt::format("s{:05}", i);
    stage.cmd = "x";
    stage.outs.emplace_back().path = fmt::format("out/s{:05}-*.csv", i);
    stage.outs.back().glob = true;
    if (i > 0) {
      stage.deps.push_back({fmt::format("out/s{:05}-a*.csv", i - 1), {}, true});
    }
    file.stages.push_back(std::move(stage));
  }
  ASSERT_OK_AND_ASSIGN(const Graph graph, Graph::build({file}));
  EXPECT_THAT(needs(graph, "s02999"), ElementsAre("s02998"));
  EXPECT_EQ(graph.order().front(), 0U);
}

Graph groups() {
  const PipelineFile root = [] {
    PipelineFile file = parsed("stages:\n" + stage_text("train-a", "in", "m/a.bin") +
                               stage_text("train-b", "in", "m/b.bin") + stage_text("eval", "m", "score"));
    file.stages[0].name = "train@a";
    file.stages[0].group = "train";
    file.stages[1].name = "train@b";
    file.stages[1].group = "train";
    return file;
  }();
  const PipelineFile sub = parsed("stages:\n" + stage_text("prep", "in", "p"), "sub/cairn.yaml");
  Result<Graph> graph = Graph::build({root, sub});
  EXPECT_OK(graph);
  return graph.ok() ? *graph : Graph();
}

std::vector<std::string> targeted(const Graph& graph, std::string_view target, std::string_view folder = "") {
  const Result<std::vector<StageIndex>> stages = resolve_target(graph, target, folder);
  return stages.ok() ? names(graph, *stages) : std::vector<std::string>{stages.error().message()};
}

TEST(Selection, TakesAllStagesOfAGroup) {
  const Graph graph = groups();
  EXPECT_THAT(targeted(graph, "train"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "cairn.yaml:train"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "../cairn.yaml:train", "sub"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "train", "sub"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "train@a"), ElementsAre("train@a"));
  EXPECT_THAT(targeted(graph, "sub/cairn.yaml:prep"), ElementsAre("sub/cairn.yaml:prep"));
}

TEST(Selection, TakesWhatAGlobNames) {
  const Graph graph = groups();
  EXPECT_THAT(targeted(graph, "train@*"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "*"), ElementsAre("eval", "train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "*", "sub"), ElementsAre("sub/cairn.yaml:prep"));
  EXPECT_THAT(targeted(graph, "sub/cairn.yaml:pr*"), ElementsAre("sub/cairn.yaml:prep"));
  EXPECT_THAT(targeted(graph, "pr*"), ElementsAre("sub/cairn.yaml:prep"));
  EXPECT_THAT(targeted(graph, "m/*.bin"), ElementsAre("train@a", "train@b"));
  EXPECT_THAT(targeted(graph, "z*"), ElementsAre("no stage or out 'z*'"));
}

}  // namespace
}  // namespace cairn::pipeline
