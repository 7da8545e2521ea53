// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/dag.h"

namespace cairn::pipeline {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Whether a stage reads what an out holds. A glob may: it is drawn as if it did.
bool reads(const Stage& stage, const Out& out) {
  const auto touches = [&out](std::string_view path) {
    return os::is_within(path, out.path) || os::is_within(out.path, path);
  };
  return std::any_of(stage.deps.begin(), stage.deps.end(),
                     [&](const Dep& dep) { return dep.glob || out.glob || touches(dep.path); }) ||
         std::any_of(stage.params.begin(), stage.params.end(),
                     [&](const ParamFile& params) { return out.glob || touches(params.file); });
}

/// Nodes of a drawing put together: a number of a new node for each.
struct Merge {
  std::vector<std::size_t> node_of;
  std::vector<std::vector<std::size_t>> members;
};

Merge merge_groups(const Drawing& drawing, const std::vector<std::string>& groups,
                   const std::set<std::string>& apart) {
  Merge merge;
  std::map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < drawing.nodes.size(); ++i) {
    const bool whole = !groups[i].empty() && !apart.contains(groups[i]);
    const std::size_t fresh = merge.members.size();
    const std::size_t node = whole ? known.try_emplace(groups[i], fresh).first->second : fresh;
    if (node == fresh) {
      merge.members.emplace_back();
    }
    merge.members[node].push_back(i);
    merge.node_of.push_back(node);
  }
  return merge;
}

/// Edges between merged nodes, each once, sorted.
std::set<std::pair<std::size_t, std::size_t>> edges_of(const Drawing& drawing, const Merge& merge) {
  std::set<std::pair<std::size_t, std::size_t>> edges;
  for (const auto& edge : drawing.edges) {
    const std::size_t from = merge.node_of[edge.first];
    const std::size_t to = merge.node_of[edge.second];
    if (from != to) {
      edges.emplace(from, to);
    }
  }
  return edges;
}

/// A topological order, lower numbers first; shorter than the nodes when there is a circle.
std::vector<std::size_t> ordered(std::size_t nodes,
                                 const std::set<std::pair<std::size_t, std::size_t>>& edges) {
  std::vector<std::size_t> waits(nodes, 0);
  for (const auto& edge : edges) {
    ++waits[edge.second];
  }
  std::set<std::size_t> free;
  for (std::size_t node = 0; node < nodes; ++node) {
    if (waits[node] == 0) {
      free.insert(node);
    }
  }
  std::vector<std::size_t> order;
  while (!free.empty()) {
    const std::size_t node = *free.begin();
    free.erase(free.begin());
    order.push_back(node);
    for (auto edge = edges.lower_bound({node, 0}); edge != edges.end() && edge->first == node; ++edge) {
      if (--waits[edge->second] == 0) {
        free.insert(edge->second);
      }
    }
  }
  return order;
}

}  // namespace

Drawing draw_stages(const Graph& graph, const std::vector<StageIndex>& stages) {
  Drawing drawing;
  std::vector<std::size_t> node_of(graph.size(), kNone);
  for (const StageIndex stage : stages) {
    node_of[stage] = drawing.nodes.size();
    drawing.nodes.push_back({escaped(graph.address(stage)), "", Tone::plain});
  }
  for (const StageIndex stage : stages) {
    for (const StageIndex up : graph.upstream(stage)) {
      if (node_of[up] != kNone) {
        drawing.edges.emplace_back(node_of[up], node_of[stage]);
      }
    }
  }
  return drawing;
}

OutsDrawing draw_outs(const Graph& graph, const std::vector<StageIndex>& stages) {
  OutsDrawing outs;
  std::vector<std::vector<std::size_t>> nodes_of(graph.size());
  for (const StageIndex stage : stages) {
    for (const Out& out : graph.stage(stage).outs) {
      nodes_of[stage].push_back(outs.drawing.nodes.size());
      outs.drawing.nodes.push_back({escaped(out.path), "", Tone::plain});
      outs.maker.push_back(stage);
    }
  }
  for (const StageIndex stage : stages) {
    for (const StageIndex up : graph.upstream(stage)) {
      for (std::size_t i = 0; i < nodes_of[up].size(); ++i) {
        if (reads(graph.stage(stage), graph.stage(up).outs[i])) {
          for (const std::size_t node : nodes_of[stage]) {
            outs.drawing.edges.emplace_back(nodes_of[up][i], node);
          }
        }
      }
    }
  }
  return outs;
}

CollapsedDrawing collapse(const Drawing& drawing, const std::vector<std::string>& groups) {
  std::set<std::string> apart;  // groups that are not collapsed
  while (true) {
    const Merge merge = merge_groups(drawing, groups, apart);
    const auto edges = edges_of(drawing, merge);
    const std::vector<std::size_t> order = ordered(merge.members.size(), edges);
    if (order.size() < merge.members.size()) {
      std::vector<char> placed(merge.members.size(), 0);
      for (const std::size_t node : order) {
        placed[node] = 1;
      }
      for (std::size_t node = 0; node < placed.size(); ++node) {
        if (placed[node] == 0 && merge.members[node].size() > 1) {
          apart.insert(groups[merge.members[node].front()]);
        }
      }
      continue;
    }
    CollapsedDrawing collapsed;
    std::vector<std::size_t> place(order.size());
    for (const std::size_t node : order) {
      place[node] = collapsed.members.size();
      const std::size_t first = merge.members[node].front();
      const bool whole = merge.members[node].size() > 1;
      collapsed.drawing.nodes.push_back(whole ? DrawnNode{escaped(groups[first]), "", Tone::plain}
                                              : drawing.nodes[first]);
      collapsed.members.push_back(merge.members[node]);
    }
    for (const auto& edge : edges) {
      collapsed.drawing.edges.emplace_back(place[edge.first], place[edge.second]);
    }
    return collapsed;
  }
}

}  // namespace cairn::pipeline
