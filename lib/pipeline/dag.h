// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/graph.h"

/// Drawings of a graph, or of a part of it. Deterministic.
namespace cairn::pipeline {

/// What a note means, for those who colour it.
enum class Tone : std::uint8_t { plain, good, changed, bad, still };

/// A box: its name, and a word on how it stands.
struct DrawnNode {
  std::string label;  ///< as it is shown: escaped
  std::string note;   ///< "" for none
  Tone tone = Tone::plain;
};

/// What is drawn. Each node stands after all that it needs.
struct Drawing {
  std::vector<DrawnNode> nodes;
  std::vector<std::pair<std::size_t, std::size_t>>
      edges;  ///< from what is needed to what needs it; none twice
};

/// One node a stage, in the same order. REQUIRES: a topological order (select_stages).
Drawing draw_stages(const Graph& graph, const std::vector<StageIndex>& stages);

/// One node an out of these stages; `maker` of each. An out needs the outs that its stage reads.
struct OutsDrawing {
  Drawing drawing;
  std::vector<StageIndex> maker;  ///< by node
};
OutsDrawing draw_outs(const Graph& graph, const std::vector<StageIndex>& stages);

/// The drawing with all nodes of one group, that is with equal names other than "", as one node. A group
/// whose members need each other through others stays as it is, since the picture would run in a circle.
struct CollapsedDrawing {
  Drawing drawing;
  std::vector<std::vector<std::size_t>> members;  ///< by node: of the given drawing, ascending
};
CollapsedDrawing collapse(const Drawing& drawing, const std::vector<std::string>& groups);

/// Puts a colour around a note; the columns it takes do not change.
using PaintNote = std::function<std::string(std::string_view note, Tone tone)>;

/// Each ends with a line break, or is empty for no nodes.
/// Boxes in layers from top to bottom, joined by lines, in ASCII.
std::string boxes_text(const Drawing& drawing, const PaintNote& paint);
/// The DOT language of Graphviz.
std::string dot_text(const Drawing& drawing);
/// A Mermaid flowchart.
std::string mermaid_text(const Drawing& drawing);

}  // namespace cairn::pipeline
