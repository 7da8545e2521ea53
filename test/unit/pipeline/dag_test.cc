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

}  // namespace
}  // namespace cairn::pipeline
