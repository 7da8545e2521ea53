// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "codec/hash.h"
#include "pipeline/graph.h"
#include "pipeline/lock.h"
#include "support/matchers.h"

namespace cairn::pipeline {

inline PipelineFile parsed(std::string_view text, std::string_view path = "cairn.yaml") {
  Surroundings nothing;
  Result<PipelineFile> file = parse_pipeline(text, path, nothing);
  EXPECT_OK(file);
  return file.ok() ? *file : PipelineFile();
}

/// The only stage of a root cairn.yaml: `keys` are lines such as "    deps: [a]\n".
inline Stage stage_with(const std::string& keys) {
  const PipelineFile file = parsed("stages:\n  s:\n    cmd: run\n" + keys);
  EXPECT_EQ(file.stages.size(), 1U);
  return file.stages.empty() ? Stage() : file.stages.front();
}

/// Takes deps and outs with a wildcard for globs.
inline PipelineFile with_globs(PipelineFile file) {
  const auto mark = [](auto& path) { path.glob = path.path.find_first_of("*?[") != std::string::npos; };
  for (Stage& stage : file.stages) {
    std::for_each(stage.deps.begin(), stage.deps.end(), mark);
    std::for_each(stage.outs.begin(), stage.outs.end(), mark);
  }
  return file;
}

/// The problems of a stage with these lines.
inline std::string problem_with(const std::string& keys) {
  Surroundings nothing;
  const Result<PipelineFile> file =
      parse_pipeline("stages:\n  s:\n    cmd: run\n" + keys, "cairn.yaml", nothing);
  return file.ok() ? "" : file.error().message();
}

inline Graph graph_of(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<PipelineFile> list;
  for (const auto& file : files) {
    list.push_back(with_globs(parsed(file.second, file.first)));
  }
  Result<Graph> graph = Graph::build(std::move(list));
  EXPECT_OK(graph);
  return graph.ok() ? *graph : Graph();
}

inline Graph graph_of(const std::string& text) {
  return graph_of({{"cairn.yaml", text}});
}

/// A file with this content.
inline PathState file_state(std::string_view content) {
  PathState state;
  state.object = {store::Family::blob, codec::hash(as_bytes(content)), content.size()};
  return state;
}

inline PathState tree_state(std::string_view seed, std::uint64_t files) {
  PathState state;
  state.object = {store::Family::tree, codec::hash(as_bytes(seed), codec::Domain::tree), seed.size()};
  state.files = files;
  return state;
}

}  // namespace cairn::pipeline
