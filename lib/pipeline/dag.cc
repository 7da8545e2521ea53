// SPDX-License-Identifier: Apache-2.0
#include "pipeline/dag.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cairn::pipeline {
namespace {

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

std::string dot_escaped(std::string_view text) {
  return replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}});
}

std::string mermaid_escaped(std::string_view text) {
  return replaced(text, {{'"', "#quot;"}, {'#', "#35;"}, {'<', "#lt;"}, {'>', "#gt;"}, {'&', "#amp;"}});
}

/// The name of a tone, and how it is drawn: good on white and on black.
struct ToneStyle {
  std::string_view name;
  std::string_view color;
};

ToneStyle style_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return {"good", "#2e7d32"};
    case Tone::changed:
      return {"changed", "#b26a00"};
    case Tone::bad:
      return {"bad", "#c62828"};
    case Tone::still:
      return {"still", "#1565c0"};
    case Tone::plain:
      break;
  }
  return {"", ""};
}

std::string dot_attributes(const DrawnNode& node) {
  if (node.note.empty()) {
    return "";
  }
  const std::string_view color = style_of(node.tone).color;
  return fmt::format(" [label=\"{}\\n{}\"{}]", dot_escaped(node.label), dot_escaped(node.note),
                     color.empty() ? "" : fmt::format(", color=\"{}\"", color));
}

}  // namespace

std::string dot_text(const Drawing& drawing) {
  if (drawing.nodes.empty()) {
    return "";
  }
  std::string text = "digraph pipeline {\n  node [shape=box];\n";
  for (const DrawnNode& node : drawing.nodes) {
    text += fmt::format("  \"{}\"{};\n", dot_escaped(node.label), dot_attributes(node));
  }
  for (const auto& edge : drawing.edges) {
    text += fmt::format("  \"{}\" -> \"{}\";\n", dot_escaped(drawing.nodes[edge.first].label),
                        dot_escaped(drawing.nodes[edge.second].label));
  }
  return text + "}\n";
}

std::string mermaid_text(const Drawing& drawing) {
  if (drawing.nodes.empty()) {
    return "";
  }
  std::string text = "flowchart TD\n";
  std::set<Tone> tones;
  for (std::size_t i = 0; i < drawing.nodes.size(); ++i) {
    const DrawnNode& node = drawing.nodes[i];
    const std::string note = node.note.empty() ? "" : "<br/>" + mermaid_escaped(node.note);
    const std::string_view name = style_of(node.tone).name;
    text += fmt::format("  s{}[\"{}{}\"]{}{}\n", i, mermaid_escaped(node.label), note,
                        name.empty() ? "" : ":::", name);
    tones.insert(node.tone);
  }
  for (const auto& edge : drawing.edges) {
    text += fmt::format("  s{} --> s{}\n", edge.first, edge.second);
  }
  for (const Tone tone : tones) {
    if (tone != Tone::plain) {
      text += fmt::format("  classDef {} stroke:{}\n", style_of(tone).name, style_of(tone).color);
    }
  }
  return text;
}

}  // namespace cairn::pipeline
