// SPDX-License-Identifier: Apache-2.0
#include "pipeline/dag.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

std::vector<StageIndex> all(const Graph& graph) {
  return {graph.order().begin(), graph.order().end()};
}

std::string draw_boxes(const Graph& graph, const std::vector<StageIndex>& stages) {
  return boxes_text(draw_stages(graph, stages),
                    [](std::string_view note, Tone) { return std::string(note); });
}

std::string draw_dot(const Graph& graph, const std::vector<StageIndex>& stages) {
  return dot_text(draw_stages(graph, stages));
}

std::string draw_mermaid(const Graph& graph, const std::vector<StageIndex>& stages) {
  return mermaid_text(draw_stages(graph, stages));
}

Graph diamond() {
  return graph_of(
      "stages:\n"
      "  prepare: {cmd: x, outs: [a]}\n"
      "  left: {cmd: x, deps: [a], outs: [b]}\n"
      "  right: {cmd: x, deps: [a], outs: [c]}\n"
      "  join: {cmd: x, deps: [a, b, c], outs: [d]}\n");
}

TEST(DrawDot, ListsStagesAndEdges) {
  const Graph graph = diamond();
  EXPECT_EQ(draw_dot(graph, all(graph)),
            "digraph pipeline {\n"
            "  node [shape=box];\n"
            "  \"prepare\";\n  \"left\";\n  \"right\";\n  \"join\";\n"
            "  \"prepare\" -> \"left\";\n"
            "  \"prepare\" -> \"right\";\n"
            "  \"left\" -> \"join\";\n"
            "  \"prepare\" -> \"join\";\n"
            "  \"right\" -> \"join\";\n"
            "}\n");
}

TEST(DrawMermaid, ListsStagesAndEdges) {
  const Graph graph = graph_of("stages:\n  'a\"b': {cmd: x, outs: [a]}\n  c: {cmd: x, deps: [a]}\n");
  EXPECT_EQ(draw_mermaid(graph, all(graph)),
            "flowchart TD\n"
            "  s0[\"a#quot;b\"]\n"
            "  s1[\"c\"]\n"
            "  s0 --> s1\n");
}

TEST(DrawBoxes, JoinsAChainByStraightLines) {
  const Graph graph = graph_of("stages:\n  a: {cmd: x, outs: [a]}\n  b: {cmd: x, deps: [a]}\n");
  EXPECT_EQ(draw_boxes(graph, all(graph)),
            "+---+\n"
            "| a |\n"
            "+---+\n"
            "  |\n"
            "  v\n"
            "+---+\n"
            "| b |\n"
            "+---+\n");
}

TEST(DrawBoxes, ForksAndJoins) {
  const Graph graph = diamond();
  EXPECT_EQ(draw_boxes(graph, all(graph)),
            "        +---------+\n"
            "        | prepare |\n"
            "        +---------+\n"
            "             |\n"
            "    +--------++------+\n"
            "    v         v      |\n"
            "+------+  +-------+  |\n"
            "| left |  | right |  |\n"
            "+------+  +-------+  |\n"
            "    |         |      |\n"
            "    +---------+------+\n"
            "              v\n"
            "          +------+\n"
            "          | join |\n"
            "          +------+\n");
}

TEST(DrawBoxes, KeepsLinesOfTwentyStagesApart) {
  std::string text = "stages:\n  get: {cmd: x, outs: [raw]}\n";
  for (int i = 0; i < 3; ++i) {
    text += fmt::format("  clean{0}: {{cmd: x, deps: [raw], outs: [c{0}]}}\n", i);
    text += fmt::format("  features{0}: {{cmd: x, deps: [c{0}], outs: [f{0}]}}\n", i);
    text += fmt::format("  train{0}: {{cmd: x, deps: [f{0}, f{1}], outs: [m{0}]}}\n", i, (i + 1) % 3);
  }
  text += "  report: {cmd: x, deps: [m0, m1, m2, raw], outs: [r]}\n";
  const Graph graph = graph_of(text);
  EXPECT_EQ(draw_boxes(graph, all(graph)),
            "                       +-----+\n"
            "                       | get |\n"
            "                       +-----+\n"
            "                          |\n"
            "          +-----------+---+-------+------+\n"
            "          v           v           v      |\n"
            "     +--------+  +--------+  +--------+  |\n"
            "     | clean0 |  | clean1 |  | clean2 |  |\n"
            "     +--------+  +--------+  +--------+  |\n"
            "          |           |           |      |\n"
            "      +---+          ++           +-+    +---+\n"
            "      v              v              v        |\n"
            "+-----------+  +-----------+  +-----------+  |\n"
            "| features0 |  | features1 |  | features2 |  |\n"
            "+-----------+  +-----------+  +-----------+  |\n"
            "      |              |              |        |\n"
            "      +-+-----------+|              |        |\n"
            "        +-----------|+----------+   |        |\n"
            "        |           +-----------+---+        |\n"
            "        v           v           v            |\n"
            "   +--------+  +--------+  +--------+        |\n"
            "   | train0 |  | train2 |  | train1 |        |\n"
            "   +--------+  +--------+  +--------+        |\n"
            "        |           |           |            |\n"
            "        +-----------+-----+-----+------------+\n"
            "                          v\n"
            "                     +--------+\n"
            "                     | report |\n"
            "                     +--------+\n");
}

TEST(DrawBoxes, DrawsOnlyTheGivenStages) {
  const Graph graph = diamond();
  const std::string text = draw_boxes(graph, {*graph.find("left")});
  EXPECT_EQ(text, "+------+\n| left |\n+------+\n");
  EXPECT_EQ(draw_boxes(graph, {}), "");
  EXPECT_EQ(draw_dot(graph, {}), "");
}

TEST(DrawBoxes, CountsCharactersNotBytes) {
  const Graph graph = graph_of("stages:\n  größe: {cmd: x}\n  zz: {cmd: x}\n");
  EXPECT_EQ(draw_boxes(graph, all(graph)),
            "+-------+  +----+\n"
            "| größe |  | zz |\n"
            "+-------+  +----+\n");
}

TEST(DrawBoxes, WritesNotesBelowNames) {
  const Graph graph = diamond();
  Drawing drawing = draw_stages(graph, {*graph.find("prepare"), *graph.find("left"), *graph.find("right")});
  drawing.nodes[0].note = "up to date";
  drawing.nodes[0].tone = Tone::good;
  drawing.nodes[1].note = "new";
  const PaintNote paint = [](std::string_view note, Tone tone) {
    return tone == Tone::good ? "<" + std::string(note) + ">" : std::string(note);
  };
  EXPECT_EQ(boxes_text(drawing, paint),
            "  +------------+\n"
            "  | prepare    |\n"
            "  | <up to date> |\n"
            "  +------------+\n"
            "         |\n"
            "    +----+----+\n"
            "    v         v\n"
            "+------+  +-------+\n"
            "| left |  | right |\n"
            "| new  |  |       |\n"
            "+------+  +-------+\n");
}

TEST(DrawDot, PutsNotesIntoLabels) {
  Drawing drawing;
  drawing.nodes = {{"a", "changed", Tone::changed}, {"b", "x", Tone::plain}};
  drawing.edges = {{0, 1}};
  EXPECT_EQ(dot_text(drawing),
            "digraph pipeline {\n"
            "  node [shape=box];\n"
            "  \"a\" [label=\"a\\nchanged\", color=\"#b26a00\"];\n"
            "  \"b\" [label=\"b\\nx\"];\n"
            "  \"a\" -> \"b\";\n"
            "}\n");
  EXPECT_EQ(mermaid_text(drawing),
            "flowchart TD\n"
            "  s0[\"a<br/>changed\"]:::changed\n"
            "  s1[\"b<br/>x\"]\n"
            "  s0 --> s1\n"
            "  classDef changed stroke:#b26a00\n");
}

TEST(DrawOuts, JoinsOutsThroughTheStagesThatReadThem) {
  const Graph graph = graph_of(
      "stages:\n"
      "  split: {cmd: x, outs: [train.csv, test.csv]}\n"
      "  fit: {cmd: x, deps: [train.csv], outs: [model, log]}\n"
      "  score: {cmd: x, deps: [model, test.csv], metrics: [m.json]}\n"
      "  tell: {cmd: x, deps: [m.json]}\n");
  const OutsDrawing outs = draw_outs(graph, all(graph));
  EXPECT_EQ(dot_text(outs.drawing),
            "digraph pipeline {\n"
            "  node [shape=box];\n"
            "  \"train.csv\";\n  \"test.csv\";\n  \"model\";\n  \"log\";\n  \"m.json\";\n"
            "  \"train.csv\" -> \"model\";\n"
            "  \"train.csv\" -> \"log\";\n"
            "  \"model\" -> \"m.json\";\n"
            "  \"test.csv\" -> \"m.json\";\n"
            "}\n");
  EXPECT_EQ(graph.address(outs.maker[3]), "fit");
}

TEST(Collapse, MakesOneNodeOfAGroup) {
  Drawing drawing;
  drawing.nodes = {{"get", "", Tone::plain},
                   {"fit@a", "", Tone::plain},
                   {"fit@b", "", Tone::plain},
                   {"end", "", Tone::plain}};
  drawing.edges = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
  const CollapsedDrawing collapsed = collapse(drawing, {"", "fit", "fit", ""});
  EXPECT_EQ(dot_text(collapsed.drawing),
            "digraph pipeline {\n  node [shape=box];\n  \"get\";\n  \"fit\";\n  \"end\";\n"
            "  \"get\" -> \"fit\";\n  \"fit\" -> \"end\";\n}\n");
  EXPECT_EQ(collapsed.members, (std::vector<std::vector<std::size_t>>{{0}, {1, 2}, {3}}));
}

TEST(Collapse, LeavesGroupsApartThatWouldGoInACircle) {
  Drawing drawing;
  drawing.nodes = {{"a@1", "", Tone::plain}, {"b@1", "", Tone::plain}, {"a@2", "", Tone::plain},
                   {"b@2", "", Tone::plain}, {"c@1", "", Tone::plain}, {"c@2", "", Tone::plain}};
  drawing.edges = {{0, 1}, {1, 2}, {2, 3}};
  const CollapsedDrawing collapsed = collapse(drawing, {"a", "b", "a", "b", "c", "c"});
  EXPECT_EQ(collapsed.drawing.nodes.size(), 5U);
  EXPECT_EQ(collapsed.drawing.edges.size(), 3U);
  EXPECT_EQ(collapsed.members.back(), (std::vector<std::size_t>{4, 5}));
}

}  // namespace
}  // namespace cairn::pipeline
