// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/graph.h"

/// Drawings of a graph, or of a part of it. Deterministic; each ends with a line break, or is empty for no
/// stages.
namespace cairn::pipeline {

/// Boxes in layers from top to bottom, joined by lines, in ASCII. Names are escaped.
std::string draw_boxes(const Graph& graph, const std::vector<StageIndex>& stages);
/// The DOT language of Graphviz.
std::string draw_dot(const Graph& graph, const std::vector<StageIndex>& stages);
/// A Mermaid flowchart.
std::string draw_mermaid(const Graph& graph, const std::vector<StageIndex>& stages);

}  // namespace cairn::pipeline
