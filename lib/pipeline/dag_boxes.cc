// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "pipeline/box_layout.h"
#include "pipeline/dag.h"

namespace cairn::pipeline {
namespace {

/// The horizontal line that joins nodes with those below them. Nodes that lead to the same ones share it.
struct Track {
  std::vector<std::size_t> nodes;
  const std::vector<std::size_t>* down = nullptr;
  long begin = 0;
  long end = 0;  ///< inclusive
  std::size_t row = 0;
  bool placed = false;
};

/// Draws a layout line by line.
class BoxDrawer {
 public:
  BoxDrawer(const Layout& layout, const PaintNote& paint) : layout_(layout), paint_(paint) {
    for (const LayoutNode& node : layout.nodes) {
      columns_ = std::max(columns_, static_cast<std::size_t>(node.left() + node.width));
    }
  }

  std::string draw() {
    for (std::size_t i = 0; i < layout_.layers.size(); ++i) {
      draw_layer(layout_.layers[i]);
      if (i + 1 < layout_.layers.size()) {
        draw_gap(layout_.layers[i], layout_.layers[i + 1]);
      }
    }
    return std::move(text_);
  }

 private:
  [[nodiscard]] std::string blank() const { return std::string(columns_, ' '); }
  [[nodiscard]] const LayoutNode& node(std::size_t index) const { return layout_.nodes[index]; }

  static char& at(std::string& line, long column) { return line[static_cast<std::size_t>(column)]; }

  void emit(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    text_ += line + "\n";
  }

  void draw_layer(const std::vector<std::size_t>& layer) {
    std::string frame = blank();
    bool notes = false;
    for (std::size_t index : layer) {
      const LayoutNode& box = node(index);
      notes = notes || !box.note.empty();
      if (!box.is_box()) {
        at(frame, box.centre) = '|';
        continue;
      }
      const std::string edge = fmt::format("+{}+", std::string(static_cast<std::size_t>(box.width) - 2, '-'));
      frame.replace(static_cast<std::size_t>(box.left()), edge.size(), edge);
    }
    emit(frame);
    emit(text_row(layer, &LayoutNode::label));
    if (notes) {
      emit(text_row(layer, &LayoutNode::note));
    }
    emit(std::move(frame));
  }

  /// The line of a layer that holds the labels or the notes of its boxes; these may have more bytes than
  /// columns.
  [[nodiscard]] std::string text_row(const std::vector<std::size_t>& layer,
                                     std::string LayoutNode::*part) const {
    std::string line;
    long column = 0;
    for (std::size_t index : layer) {
      const LayoutNode& box = node(index);
      line += std::string(static_cast<std::size_t>(box.left() - column), ' ');
      column = box.left() + box.width;
      if (!box.is_box()) {
        line += '|';
        continue;
      }
      const std::string& text = box.*part;
      const auto spaces = static_cast<std::size_t>(box.width - 4 - columns_of(text));
      const bool is_note = part == &LayoutNode::note;
      line += fmt::format("| {}{} |", is_note ? paint_(text, box.tone) : text, std::string(spaces, ' '));
    }
    return line;
  }

  /// Lines from one layer to the next: down, along one horizontal line a node where needed, and down.
  void draw_gap(const std::vector<std::size_t>& upper, const std::vector<std::size_t>& lower) {
    const std::vector<Track> tracks = make_tracks(upper);
    std::size_t rows = 0;
    for (const Track& track : tracks) {
      rows = std::max(rows, track.row + 1);
    }
    std::string first = blank();
    for (std::size_t index : upper) {
      if (!node(index).down.empty()) {
        at(first, node(index).centre) = '|';
      }
    }
    emit(std::move(first));
    for (std::size_t row = 0; row < rows; ++row) {
      emit(track_row(upper, tracks, row));
    }
    std::string last = blank();
    for (std::size_t index : lower) {
      if (!node(index).up.empty()) {
        at(last, node(index).centre) = node(index).is_box() ? 'v' : '|';
      }
    }
    emit(std::move(last));
  }

  [[nodiscard]] std::vector<Track> make_tracks(const std::vector<std::size_t>& upper) const {
    std::map<std::vector<std::size_t>, std::size_t> track_of;
    std::vector<Track> tracks;
    for (std::size_t index : upper) {
      std::vector<std::size_t> down = node(index).down;
      std::sort(down.begin(), down.end());
      const auto [at, is_new] = track_of.try_emplace(std::move(down), tracks.size());
      if (is_new) {
        Track track;
        track.down = &node(index).down;
        track.begin = track.end = node(index).centre;
        tracks.push_back(std::move(track));
      }
      tracks[at->second].nodes.push_back(index);
    }
    for (Track& track : tracks) {
      stretch(track, track.nodes);
      stretch(track, *track.down);
    }
    tracks.erase(std::remove_if(tracks.begin(), tracks.end(),
                                [](const Track& track) { return track.begin == track.end; }),
                 tracks.end());
    place_tracks(tracks);
    return tracks;
  }

  void stretch(Track& track, const std::vector<std::size_t>& nodes) const {
    for (std::size_t index : nodes) {
      track.begin = std::min(track.begin, node(index).centre);
      track.end = std::max(track.end, node(index).centre);
    }
  }

  /// Gives each track a row below those that leave from above one of its ends; where that is a circle, the
  /// first one goes first and two lines run over each other.
  void place_tracks(std::vector<Track>& tracks) const {
    for (std::size_t placed = 0; placed < tracks.size(); ++placed) {
      const auto free = [this, &tracks](const Track& track) {
        return !track.placed &&
               std::none_of(tracks.begin(), tracks.end(), [this, &track](const Track& other) {
                 return !other.placed && &other != &track && leaves_above(other, track);
               });
      };
      auto next = std::find_if(tracks.begin(), tracks.end(), free);
      if (next == tracks.end()) {
        next = std::find_if(tracks.begin(), tracks.end(), [](const Track& track) { return !track.placed; });
      }
      place_track(tracks, *next);
    }
  }

  void place_track(const std::vector<Track>& tracks, Track& track) const {
    for (const Track& other : tracks) {
      if (other.placed && leaves_above(other, track)) {
        track.row = std::max(track.row, other.row + 1);
      }
    }
    const auto taken = [&tracks, &track] {
      return std::any_of(tracks.begin(), tracks.end(), [&track](const Track& other) {
        return other.placed && other.row == track.row && other.begin <= track.end && track.begin <= other.end;
      });
    };
    while (taken()) {
      ++track.row;
    }
    track.placed = true;
  }

  /// Whether a line comes down to `upper` in a column where one goes down from `lower`.
  [[nodiscard]] bool leaves_above(const Track& upper, const Track& lower) const {
    return std::any_of(upper.nodes.begin(), upper.nodes.end(), [this, &lower](std::size_t source) {
      return std::any_of(lower.down->begin(), lower.down->end(),
                         [this, source](std::size_t end) { return node(end).centre == node(source).centre; });
    });
  }

  [[nodiscard]] std::string track_row(const std::vector<std::size_t>& upper, const std::vector<Track>& tracks,
                                      std::size_t row) const {
    std::string line = blank();
    for (const Track& track : tracks) {
      if (track.row == row) {
        std::fill(line.begin() + track.begin, line.begin() + track.end + 1, '-');
      }
    }
    // Lines that pass: of nodes without a track, down to a track, down from one. Then the corners, over all
    // else.
    for (std::size_t index : upper) {
      if (!node(index).down.empty() &&
          std::none_of(tracks.begin(), tracks.end(),
                       [index](const Track& track) { return holds(track.nodes, index); })) {
        mark(line, {index}, '|');
      }
    }
    for (const Track& track : tracks) {
      if (row != track.row) {
        mark(line, row < track.row ? track.nodes : *track.down, '|');
      }
    }
    for (const Track& track : tracks) {
      if (row == track.row) {
        mark(line, track.nodes, '+');
        mark(line, *track.down, '+');
      }
    }
    return line;
  }

  static bool holds(const std::vector<std::size_t>& nodes, std::size_t index) {
    return std::find(nodes.begin(), nodes.end(), index) != nodes.end();
  }

  void mark(std::string& line, const std::vector<std::size_t>& nodes, char c) const {
    for (std::size_t index : nodes) {
      at(line, node(index).centre) = c;
    }
  }

  const Layout& layout_;
  const PaintNote& paint_;
  std::size_t columns_ = 0;
  std::string text_;
};

}  // namespace

std::string boxes_text(const Drawing& drawing, const PaintNote& paint) {
  const Layout layout = lay_out(drawing);
  return BoxDrawer(layout, paint).draw();
}

}  // namespace cairn::pipeline
