// SPDX-License-Identifier: Apache-2.0
#include "report/markdown.h"
#include "report/table.h"
#include "report/verdict_outline.h"
#include "report/verdict_report.h"

namespace cairn::report {
std::string verdict_markdown(const version::Verdict& verdict) {
  VerdictOutline outline = outline_of(verdict);
  Table stages{{"Stage", "Verdict", "Outputs"}, {}};
  std::string notes;
  for (const StageOutline& stage : outline.stages) {
    stages.rows.push_back({markdown_text(stage.stage), stage.verdict, markdown_text(stage.outputs)});
    for (const VerdictNote& note : stage.notes) {
      notes += "- **" + markdown_text(stage.stage) + "** " + markdown_text(note.subject) + ": " +
               markdown_text(note.text) + "\n";
    }
  }
  return "## " + markdown_text(outline.summary) + "\n\n" + as_markdown(stages) +
         (notes.empty() ? "" : "\n" + notes);
}

}  // namespace cairn::report
