// SPDX-License-Identifier: Apache-2.0
#include "change_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "pipeline/word_diff.h"
#include "render.h"

namespace cairn::cmd {
namespace {

using pipeline::Change;
using pipeline::DiffPiece;
using text::DiffOp;

bool is_command(const Change& change) {
  return change.kind == pipeline::ChangeKind::cmd && !change.before.empty() && !change.after.empty();
}

std::string marked(std::string_view text, DiffOp op, bool color) {
  const std::string shown = escaped(text);
  if (op == DiffOp::same || shown.empty()) {
    return shown;
  }
  if (color) {
    return painted(shown, op == DiffOp::removed ? Color::red : Color::green, true);
  }
  return op == DiffOp::removed ? "[-" + shown + "-]" : "{+" + shown + "+}";
}

/// One line of the command, as it was and is; what goes and what comes stand side by side.
struct DiffLine {
  std::string text;
  bool changed = false;
};

/// The pieces cut at line breaks. A line break that goes or comes is shown as "\n".
std::vector<DiffLine> diff_lines(const std::vector<DiffPiece>& pieces, bool color) {
  std::vector<DiffLine> lines(1);
  for (const DiffPiece& piece : pieces) {
    std::string_view rest = piece.text;
    while (!rest.empty()) {
      const std::size_t line_break = std::min(rest.find('\n'), rest.size());
      const bool ends = line_break < rest.size();
      const bool changed = piece.op != DiffOp::same;
      const std::string_view part = rest.substr(0, line_break + (ends && changed ? 1 : 0));
      lines.back().text += marked(part, piece.op, color);
      lines.back().changed = lines.back().changed || changed;
      rest.remove_prefix(line_break + (ends ? 1 : 0));
      if (ends) {
        lines.emplace_back();
      }
    }
  }
  if (lines.back().text.empty()) {
    lines.pop_back();
  }
  return lines;
}

/// Lines that changed, with one around each.
std::string command_lines(const Change& change, const ChangeDetail& detail) {
  const std::vector<DiffLine> lines =
      diff_lines(pipeline::word_diff(change.before, change.after), detail.color);
  std::string text;
  bool skipped = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool near =
        lines[i].changed || (i > 0 && lines[i - 1].changed) || (i + 1 < lines.size() && lines[i + 1].changed);
    if (near) {
      text += (skipped ? "  ...\n" : "") + std::string("  ") + lines[i].text + "\n";
    }
    skipped = !near;
  }
  return text + (skipped ? "  ...\n" : "");
}

std::string lines_of(const Change& change, const ChangeDetail& detail) {
  if (is_command(change)) {
    return "command changed:\n" + command_lines(change, detail);
  }
  std::string text = pipeline::describe(change) + "\n";
  const std::size_t shown = std::min(change.inside.size(), detail.files);
  for (std::size_t i = 0; i < shown; ++i) {
    text += "  " + change.inside[i] + "\n";
  }
  if (shown < change.inside.size()) {
    text += fmt::format("  and {} more\n", change.inside.size() - shown);
  }
  return text;
}

constexpr std::size_t kFirstReasons = 3;
constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

}  // namespace

ChangeDetail all_reasons(const Invocation& invocation) {
  ChangeDetail detail;
  detail.files = invocation.verbose ? kNoLimit : detail.files;
  detail.color = invocation.color;
  return detail;
}

ChangeDetail first_reasons(const Invocation& invocation) {
  ChangeDetail detail = all_reasons(invocation);
  detail.reasons = invocation.verbose ? kNoLimit : kFirstReasons;
  return detail;
}

std::string marked_words(std::string_view before, std::string_view after) {
  std::string text;
  for (const DiffPiece& piece : pipeline::word_diff(before, after)) {
    text += marked(piece.text, piece.op, false);
  }
  return text;
}

std::string change_lines(const std::vector<Change>& changes, const ChangeDetail& detail) {
  const std::size_t shown = std::min(changes.size(), detail.reasons);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += lines_of(changes[i], detail);
  }
  if (shown < changes.size()) {
    text += fmt::format("and {} (-v names all)\n",
                        counted(changes.size() - shown, "more reason", "more reasons"));
  }
  return text;
}

Json change_json(const Change& change) {
  Json json = {{"kind", pipeline::change_name(change.kind)}, {"text", pipeline::describe(change)}};
  if (!change.name.empty()) {
    put_path(json, "name", change.name);
  }
  if (!change.before.empty()) {
    json["before"] = change.before;
  }
  if (!change.after.empty()) {
    json["after"] = change.after;
  }
  if (!change.inside.empty()) {
    json["inside"] = change.inside;
  }
  if (is_command(change)) {
    Json pieces = Json::array();
    for (const DiffPiece& piece : pipeline::word_diff(change.before, change.after)) {
      pieces.push_back({{"op", pipeline::diff_op_name(piece.op)}, {"text", piece.text}});
    }
    json["pieces"] = std::move(pieces);
  }
  return json;
}

}  // namespace cairn::cmd
