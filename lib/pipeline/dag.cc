// SPDX-License-Identifier: Apache-2.0
#include "pipeline/dag.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

/// Calls edge(from, to) for every edge between `stages`.
template <class Edge>
void each_edge(const Graph& graph, const std::vector<StageIndex>& stages, Edge edge) {
  std::vector<char> chosen(graph.size(), 0);
  for (StageIndex stage : stages) {
    chosen[stage] = 1;
  }
  for (StageIndex stage : stages) {
    for (StageIndex up : graph.upstream(stage)) {
      if (chosen[up] != 0) {
        edge(up, stage);
      }
    }
  }
}

/// `text` with each of `special` replaced.
std::string replaced(std::string_view text,
                     std::initializer_list<std::pair<char, std::string_view>> special) {
  std::string out;
  for (char c : text) {
    const auto at =
        std::find_if(special.begin(), special.end(), [c](const auto& item) { return item.first == c; });
    out += at == special.end() ? std::string_view(&c, 1) : at->second;
  }
  return out;
}

std::string dot_name(std::string_view address) {
  return fmt::format("\"{}\"", replaced(escaped(address), {{'"', "\\\""}, {'\\', "\\\\"}}));
}

std::string mermaid_name(std::string_view address) {
  return replaced(escaped(address),
                  {{'"', "#quot;"}, {'#', "#35;"}, {'<', "#lt;"}, {'>', "#gt;"}, {'&', "#amp;"}});
}

}  // namespace

std::string draw_dot(const Graph& graph, const std::vector<StageIndex>& stages) {
  if (stages.empty()) {
    return "";
  }
  std::string text = "digraph pipeline {\n  node [shape=box];\n";
  for (StageIndex stage : stages) {
    text += fmt::format("  {};\n", dot_name(graph.address(stage)));
  }
  each_edge(graph, stages, [&text, &graph](StageIndex from, StageIndex to) {
    text += fmt::format("  {} -> {};\n", dot_name(graph.address(from)), dot_name(graph.address(to)));
  });
  return text + "}\n";
}

std::string draw_mermaid(const Graph& graph, const std::vector<StageIndex>& stages) {
  if (stages.empty()) {
    return "";
  }
  std::string text = "flowchart TD\n";
  for (StageIndex stage : stages) {
    text += fmt::format("  s{}[\"{}\"]\n", stage, mermaid_name(graph.address(stage)));
  }
  each_edge(graph, stages,
            [&text](StageIndex from, StageIndex to) { text += fmt::format("  s{} --> s{}\n", from, to); });
  return text;
}

}  // namespace cairn::pipeline
