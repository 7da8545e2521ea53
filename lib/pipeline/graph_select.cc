// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/escape.h"
#include "git/glob.h"
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

/// The cairn.yaml that a target means, and the name in it; without a file it is the folder's own.
std::pair<std::string, std::string_view> split_target(std::string_view target, std::string_view folder) {
  const std::size_t colon = target.rfind(':');
  if (colon == std::string_view::npos) {
    return {os::join(folder, kPipelineFile), target};
  }
  return {os::normalized(os::join(folder, target.substr(0, colon))), target.substr(colon + 1)};
}

std::optional<StageIndex> find_address(const Graph& graph, std::string_view target, std::string_view folder) {
  const auto [file, name] = split_target(target, folder);
  const std::optional<StageIndex> here = graph.find(stage_address(file, name));
  return here ? here : graph.find(target);
}

template <class Fits>
std::vector<StageIndex> stages_that(const Graph& graph, Fits fits) {
  std::vector<StageIndex> stages;
  for (StageIndex i = 0; i < graph.size(); ++i) {
    if (fits(graph.stage(i))) {
      stages.push_back(i);
    }
  }
  return stages;
}

/// Those of the file that the target names, else those of all files if it names none.
template <class Fits>
std::vector<StageIndex> stages_here_or_anywhere(const Graph& graph, std::string_view target,
                                                std::string_view folder, Fits fits) {
  const auto [named_file, named] = split_target(target, folder);
  const std::string& file = named_file;
  const std::string_view name = named;
  std::vector<StageIndex> stages =
      stages_that(graph, [&](const Stage& stage) { return stage.file == file && fits(stage, name); });
  if (stages.empty() && name.size() == target.size()) {
    stages = stages_that(graph, [&](const Stage& stage) { return fits(stage, name); });
  }
  return stages;
}

bool has_wildcard(std::string_view target) {
  return target.find_first_of("*?[") != std::string_view::npos;
}

std::vector<StageIndex> stages_of_glob(const Graph& graph, std::string_view target, std::string_view folder) {
  const auto fits = [](const Stage& stage, std::string_view name) {
    const std::optional<git::Glob> glob = git::Glob::compile(name);
    return glob.has_value() && (glob->matches(stage.name) || glob->matches(stage.group));
  };
  std::vector<StageIndex> stages = stages_here_or_anywhere(graph, target, folder, fits);
  if (stages.empty()) {
    const PathPattern paths = PathPattern::glob(os::normalized(os::join(folder, target)));
    stages = stages_that(graph, [&paths](const Stage& stage) {
      return std::any_of(stage.outs.begin(), stage.outs.end(), [&paths](const Out& out) {
        return paths.can_equal(out.glob ? PathPattern::glob(out.path) : PathPattern::path(out.path));
      });
    });
  }
  return stages;
}

/// One name may stand in several files: then it says too little. A group's stages stand in one file.
Status check_one_meant(const Graph& graph, const std::vector<StageIndex>& stages, std::string_view target) {
  const bool one_file = std::all_of(stages.begin(), stages.end(), [&](StageIndex i) {
    return graph.stage(i).file == graph.stage(stages.front()).file;
  });
  if (one_file) {
    return {};
  }
  std::vector<std::string> addresses;
  for (StageIndex stage : stages) {
    addresses.push_back(quoted(graph.address(stage)));
  }
  return Error(Code::usage, fmt::format("{} stages are called {}", stages.size(), quoted(target)))
      .with_hint(fmt::format("say which: {}", fmt::join(addresses, ", ")));
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
  const auto is_called = [](const Stage& stage, std::string_view name) {
    return stage.name == name || (!stage.group.empty() && stage.group == name);
  };
  std::vector<StageIndex> stages = stages_here_or_anywhere(graph, target, folder, is_called);
  CAIRN_TRY(check_one_meant(graph, stages, target));
  if (stages.empty()) {
    stages = stages_of_path(graph, os::normalized(os::join(folder, target)));
  }
  if (stages.empty() && has_wildcard(target)) {
    stages = stages_of_glob(graph, target, folder);
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
