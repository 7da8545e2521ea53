// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "report/table.h"
#include "report/verdict_outline.h"
#include "report/verdict_report.h"

namespace cairn::report {
namespace {

/// Text that Markdown takes as it is: what could start markup or HTML is escaped.
std::string plain(std::string_view text) {
  std::string out;
  for (char c : escaped(text)) {
    if (std::string_view("\\`*_[]<>#&~").find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

}  // namespace

std::string verdict_markdown(const version::Verdict& verdict) {
  VerdictOutline outline = outline_of(verdict);
  Table stages{{"Stage", "Verdict", "Outputs"}, {}};
  std::string notes;
  for (const StageOutline& stage : outline.stages) {
    stages.rows.push_back({plain(stage.stage), stage.verdict, plain(stage.outputs)});
    for (const VerdictNote& note : stage.notes) {
      notes += "- **" + plain(stage.stage) + "** " + plain(note.subject) + ": " + plain(note.text) + "\n";
    }
  }
  return "## " + plain(outline.summary) + "\n\n" + as_markdown(stages) + (notes.empty() ? "" : "\n" + notes);
}

}  // namespace cairn::report
