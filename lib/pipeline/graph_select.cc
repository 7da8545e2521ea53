// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/graph.h"

namespace cairn::pipeline {
namespace {

/// Number of bytes to insert, delete or replace to make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

Error not_found(const Graph& graph, std::string_view target) {
  std::size_t best = target.size() / 2 + 1;
  std::optional<StageIndex> nearest;
  for (StageIndex i = 0; i < graph.size(); ++i) {
    const std::size_t distance =
        std::min(edit_distance(target, graph.address(i)), edit_distance(target, graph.stage(i).name));
    if (distance < best) {
      best = distance;
      nearest = i;
    }
  }
  return Error(Code::not_found, fmt::format("no stage or out {}", quoted(target)))
      .with_hint(nearest ? fmt::format("did you mean {}? See all with: cairn stage list",
                                       quoted(graph.address(*nearest)))
                         : "see all with: cairn stage list");
}

std::optional<StageIndex> find_address(const Graph& graph, std::string_view target, std::string_view folder) {
  const std::size_t colon = target.rfind(':');
  if (colon == std::string_view::npos) {
    const std::string beside = os::join(folder, kPipelineFile);
    const std::optional<StageIndex> here = graph.find(stage_address(beside, target));
    return here ? here : graph.find(target);
  }
  const std::string file = os::normalized(os::join(folder, target.substr(0, colon)));
  const std::optional<StageIndex> here = graph.find(stage_address(file, target.substr(colon + 1)));
  return here ? here : graph.find(target);
}

std::vector<StageIndex> named(const Graph& graph, std::string_view name) {
  std::vector<StageIndex> stages;
  for (StageIndex i = 0; i < graph.size(); ++i) {
    if (graph.stage(i).name == name) {
      stages.push_back(i);
    }
  }
  return stages;
}

std::vector<StageIndex> stages_of_path(const Graph& graph, const std::string& path) {
  std::vector<StageIndex> stages;
  for (StageIndex i = 0; i < graph.size(); ++i) {
    if (graph.stage(i).file == path) {
      stages.push_back(i);
    }
  }
  if (!stages.empty()) {
    return stages;
  }
  if (const std::optional<StageIndex> maker = graph.maker_of(path); maker.has_value()) {
    return {*maker};
  }
  return graph.makers_inside(path);
}

/// Marks what is reached from `stages` along `next`, which lists the neighbours to go on with.
template <class Next>
std::vector<char> reach_from(const Graph& graph, std::vector<StageIndex> stages, Next next) {
  std::vector<char> reached(graph.size(), 0);
  for (StageIndex stage : stages) {
    reached[stage] = 1;
  }
  while (!stages.empty()) {
    const StageIndex stage = stages.back();
    stages.pop_back();
    next(stage, [&](StageIndex neighbour) {
      if (reached[neighbour] == 0) {
        reached[neighbour] = 1;
        stages.push_back(neighbour);
      }
    });
  }
  return reached;
}

std::vector<char> mark(const Graph& graph, const std::vector<StageIndex>& targets, Reach reach) {
  return reach_from(graph, targets, [&graph, reach](StageIndex stage, const auto& go_on) {
    if (reach == Reach::upstream && !graph.stage(stage).frozen) {
      for (StageIndex up : graph.upstream(stage)) {
        go_on(up);
      }
    } else if (reach == Reach::downstream) {
      for (StageIndex down : graph.downstream(stage)) {
        if (!graph.stage(down).frozen) {
          go_on(down);
        }
      }
    }
  });
}

}  // namespace

Result<std::vector<StageIndex>> resolve_target(const Graph& graph, std::string_view target,
                                               std::string_view folder) {
  if (const std::optional<StageIndex> stage = find_address(graph, target, folder); stage.has_value()) {
    return std::vector<StageIndex>{*stage};
  }
  std::vector<StageIndex> stages = named(graph, target);
  if (stages.size() > 1) {
    std::vector<std::string> addresses;
    for (StageIndex stage : stages) {
      addresses.push_back(quoted(graph.address(stage)));
    }
    return Error(Code::usage, fmt::format("{} stages are called {}", stages.size(), quoted(target)))
        .with_hint(fmt::format("say which: {}", fmt::join(addresses, ", ")));
  }
  if (stages.empty()) {
    stages = stages_of_path(graph, os::normalized(os::join(folder, target)));
  }
  if (stages.empty()) {
    return not_found(graph, target);
  }
  return stages;
}

Result<std::vector<StageIndex>> select_stages(const Graph& graph, const std::vector<std::string>& targets,
                                              std::string_view folder, Reach reach) {
  if (targets.empty()) {
    return std::vector<StageIndex>(graph.order().begin(), graph.order().end());
  }
  std::vector<StageIndex> chosen;
  for (const std::string& target : targets) {
    CAIRN_TRY_ASSIGN(const std::vector<StageIndex> stages, resolve_target(graph, target, folder));
    chosen.insert(chosen.end(), stages.begin(), stages.end());
  }
  const std::vector<char> marked = mark(graph, chosen, reach);
  std::vector<StageIndex> selection;
  for (StageIndex stage : graph.order()) {
    if (marked[stage] != 0) {
      selection.push_back(stage);
    }
  }
  return selection;
}

}  // namespace cairn::pipeline
