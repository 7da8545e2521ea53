// SPDX-License-Identifier: Apache-2.0
#include "pipeline/box_layout.h"

#include <algorithm>

namespace cairn::pipeline {
namespace {

constexpr long kGap = 2;  ///< columns between neighbours
constexpr int kSweeps = 4;

class LayoutMaker {
 public:
  explicit LayoutMaker(const Drawing& drawing) : drawing_(drawing) {
    for (const DrawnNode& drawn : drawing.nodes) {
      LayoutNode node;
      node.label = drawn.label;
      node.note = drawn.note;
      node.tone = drawn.tone;
      node.width = std::max(columns_of(node.label), columns_of(node.note)) + 4;
      layout_.nodes.push_back(std::move(node));
    }
  }

  Layout make() {
    assign_layers();
    add_edges();
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      order_layers();
    }
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      place_layers();
    }
    shift_to_zero();
    return std::move(layout_);
  }

 private:
  using Neighbours = std::vector<std::size_t> LayoutNode::*;

  void assign_layers() {
    layer_of_.assign(layout_.nodes.size(), 0);
    std::vector<std::vector<std::size_t>> down(layout_.nodes.size());
    for (const auto& edge : drawing_.edges) {
      down[edge.first].push_back(edge.second);
    }
    for (std::size_t node = 0; node < down.size(); ++node) {  // all that it needs stands before it
      for (const std::size_t next : down[node]) {
        layer_of_[next] = std::max(layer_of_[next], layer_of_[node] + 1);
      }
    }
    const auto deepest = std::max_element(layer_of_.begin(), layer_of_.end());
    layout_.layers.resize(deepest == layer_of_.end() ? 0 : *deepest + 1);
    for (std::size_t node = 0; node < layer_of_.size(); ++node) {
      layout_.layers[layer_of_[node]].push_back(node);
    }
  }

  void add_edges() {
    for (const auto& edge : drawing_.edges) {
      add_edge(edge.first, edge.second);
    }
  }

  /// An edge over several layers passes through a point in each between.
  void add_edge(std::size_t from, std::size_t to) {
    for (std::size_t layer = layer_of_[from] + 1; layer < layer_of_[to]; ++layer) {
      const std::size_t point = layout_.nodes.size();
      layout_.nodes.emplace_back();
      layout_.layers[layer].push_back(point);
      join(from, point);
      from = point;
    }
    join(from, to);
  }

  void join(std::size_t upper, std::size_t lower) {
    layout_.nodes[upper].down.push_back(lower);
    layout_.nodes[lower].up.push_back(upper);
  }

  /// Sorts each layer by the mean place of its neighbours, downwards and then upwards.
  void order_layers() {
    rank_.resize(layout_.nodes.size());
    for (const auto& layer : layout_.layers) {
      rank(layer);
    }
    for (auto& layer : layout_.layers) {
      order_layer(layer, &LayoutNode::up);
    }
    for (auto layer = layout_.layers.rbegin(); layer != layout_.layers.rend(); ++layer) {
      order_layer(*layer, &LayoutNode::down);
    }
  }

  void rank(const std::vector<std::size_t>& layer) {
    for (std::size_t i = 0; i < layer.size(); ++i) {
      rank_[layer[i]] = static_cast<double>(i);
    }
  }

  void order_layer(std::vector<std::size_t>& layer, Neighbours side) {
    std::vector<std::pair<double, std::size_t>> sorted;
    for (std::size_t node : layer) {
      const std::vector<std::size_t>& neighbours = layout_.nodes[node].*side;
      double sum = 0;
      for (std::size_t neighbour : neighbours) {
        sum += rank_[neighbour];
      }
      sorted.emplace_back(neighbours.empty() ? rank_[node] : sum / static_cast<double>(neighbours.size()),
                          node);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::transform(sorted.begin(), sorted.end(), layer.begin(), [](const auto& item) { return item.second; });
    rank(layer);
  }

  void place_layers() {
    for (auto layer = layout_.layers.rbegin(); layer != layout_.layers.rend(); ++layer) {
      place_layer(*layer, &LayoutNode::down);
    }
    for (const auto& layer : layout_.layers) {
      place_layer(layer, &LayoutNode::up);
    }
  }

  /// Columns between the centres of two neighbours.
  [[nodiscard]] long distance(std::size_t left, std::size_t right) const {
    const LayoutNode& a = layout_.nodes[left];
    const LayoutNode& b = layout_.nodes[right];
    return a.width - a.width / 2 + kGap + b.width / 2;
  }

  [[nodiscard]] long wanted_centre(std::size_t node, Neighbours side) const {
    const std::vector<std::size_t>& neighbours = layout_.nodes[node].*side;
    if (neighbours.empty()) {
      return layout_.nodes[node].centre;
    }
    // The median, so that one of several lines is straight.
    std::vector<long> centres;
    for (std::size_t neighbour : neighbours) {
      centres.push_back(layout_.nodes[neighbour].centre);
    }
    std::sort(centres.begin(), centres.end());
    return (centres[(centres.size() - 1) / 2] + centres[centres.size() / 2]) / 2;
  }

  /// Between pushing all to the right and pushing all to the left: both keep the distances, so their mean
  /// does.
  void place_layer(const std::vector<std::size_t>& layer, Neighbours side) {
    std::vector<long> right(layer.size());
    std::vector<long> left(layer.size());
    for (std::size_t i = 0; i < layer.size(); ++i) {
      right[i] = wanted_centre(layer[i], side);
      left[i] = right[i];
      if (i > 0) {
        right[i] = std::max(right[i], right[i - 1] + distance(layer[i - 1], layer[i]));
      }
    }
    for (std::size_t i = layer.size(); i-- > 1;) {
      left[i - 1] = std::min(left[i - 1], left[i] - distance(layer[i - 1], layer[i]));
    }
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const long sum = left[i] + right[i];
      layout_.nodes[layer[i]].centre = (sum - (sum < 0 ? 1 : 0)) / 2;  // rounded down
    }
  }

  void shift_to_zero() {
    long least = 0;
    for (const LayoutNode& node : layout_.nodes) {
      least = &node == layout_.nodes.data() ? node.left() : std::min(least, node.left());
    }
    for (LayoutNode& node : layout_.nodes) {
      node.centre -= least;
    }
  }

  const Drawing& drawing_;
  Layout layout_;
  std::vector<std::size_t> layer_of_;  ///< of boxes
  std::vector<double> rank_;           ///< place in its layer
};

}  // namespace

long columns_of(std::string_view utf8) {
  return static_cast<long>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Layout lay_out(const Drawing& drawing) {
  return LayoutMaker(drawing).make();
}

}  // namespace cairn::pipeline
