// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/dag.h"

namespace cairn::pipeline {

/// A stage's box, or a point where an edge passes through a layer. Internal to the drawing of boxes.
struct LayoutNode {
  std::string label;              ///< empty for a point
  std::string note;               ///< second line of the box
  Tone tone = Tone::plain;        ///< of the note
  long width = 1;                 ///< columns: the longer line and its frame, or 1
  long centre = 0;                ///< column
  std::vector<std::size_t> up;    ///< neighbours in the layer above
  std::vector<std::size_t> down;  ///< in the layer below

  [[nodiscard]] bool is_box() const { return !label.empty(); }
  [[nodiscard]] long left() const { return centre - width / 2; }
};

/// Nodes in layers, each layer from left to right; every edge joins neighbouring layers.
struct Layout {
  std::vector<LayoutNode> nodes;
  std::vector<std::vector<std::size_t>> layers;
};

/// Layered drawing after Sugiyama: layers by longest path, order in a layer by barycentres, columns by the
/// mean of the neighbours. Deterministic. Cost: near linear in nodes and layers crossed by edges.
Layout lay_out(const Drawing& drawing);

/// Columns that a text takes: its characters.
long columns_of(std::string_view utf8);

}  // namespace cairn::pipeline
