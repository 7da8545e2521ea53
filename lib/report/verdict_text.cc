// SPDX-License-Identifier: Apache-2.0
#include "base/escape.h"
#include "report/table.h"
#include "report/verdict_outline.h"
#include "report/verdict_report.h"

namespace cairn::report {

std::string verdict_text(const version::Verdict& verdict) {
  constexpr std::string_view kIndent = "    ";
  VerdictOutline outline = outline_of(verdict);
  std::vector<Row> rows;
  for (const StageOutline& stage : outline.stages) {
    rows.push_back({stage.verdict, escaped(stage.stage), escaped(stage.outputs)});
  }
  std::string lines = aligned(rows);
  std::string out;
  std::size_t begin = 0;
  for (const StageOutline& stage : outline.stages) {
    std::size_t end = lines.find('\n', begin) + 1;
    out += lines.substr(begin, end - begin);
    begin = end;
    for (const VerdictNote& note : stage.notes) {
      out += std::string(kIndent) + escaped(note.subject) + ": " + escaped(note.text) + "\n";
    }
  }
  return out + escaped(outline.summary) + "\n";
}

}  // namespace cairn::report
