// SPDX-License-Identifier: Apache-2.0
#include "report/format.h"
#include "report/html.h"
#include "report/verdict_outline.h"
#include "report/verdict_report.h"
#include "version/run_record.h"

namespace cairn::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Each out of each stage, also those that are as recorded.
std::string outputs_table(const version::Verdict& verdict) {
  Rows rows;
  for (const version::StageResult& stage : verdict.stages) {
    for (const version::OutResult& out : stage.outs) {
      bool good = out.verdict == version::OutVerdict::identical || out.verdict == version::OutVerdict::equal;
      std::string words = html_text(version::verdict_name(out.verdict));
      bool compared = out.verdict != version::OutVerdict::not_compared;
      rows.push_back({html_text(stage.stage), html_text(out.path),
                      compared ? html_mark(words, good) : "not compared", html_text(out.rule),
                      html_text(out.recorded ? out.recorded->id.text() : ""),
                      html_text(out.found ? out.found->id.text() : "")});
    }
  }
  return html_table({"Stage", "Output", "Verdict", "Compared", "Recorded", "Found"}, rows);
}

/// When, where and with what the stages ran.
std::string run_table(const version::Verdict& verdict) {
  Rows rows;
  if (!verdict.commit.empty()) {
    rows.push_back({"commit", html_text(verdict.commit)});
  }
  rows.push_back({"time", html_text(version::utc_text(verdict.time_ms))});
  rows.push_back({"cairn", html_text(verdict.cairn)});
  rows.push_back({"data", verdict.from_remote ? "only from the remote" : "from the store of this project"});
  for (const text::Entry& fact : verdict.system.entries()) {
    rows.push_back({html_text(fact.key), html_text(format(fact.value, kShownDigits))});
  }
  return html_table({"Run", ""}, rows);
}

}  // namespace

std::string verdict_html(const version::Verdict& verdict) {
  VerdictOutline outline = outline_of(verdict);
  Rows rows;
  for (const StageOutline& stage : outline.stages) {
    std::string outputs = html_text(stage.outputs);
    for (const VerdictNote& note : stage.notes) {
      outputs += "<br><b>" + html_text(note.subject) + "</b> " + html_text(note.text);
    }
    bool skipped = stage.verdict == "skipped";
    rows.push_back({html_text(stage.stage), skipped ? stage.verdict : html_mark(stage.verdict, stage.good),
                    std::move(outputs)});
  }
  std::string body = "<p>" + html_mark(html_text(outline.summary), outline.good) + "</p>\n" +
                     html_table({"Stage", "Verdict", "Outputs"}, rows) + "<h2>Outputs</h2>\n" +
                     outputs_table(verdict) + "<h2>Run</h2>\n" + run_table(verdict);
  bool verify = verdict.kind == version::VerdictKind::verify;
  return html_page((verify ? "Verification of " : "Reproduction of ") +
                       (outline.subject.empty() ? "the workspace" : outline.subject),
                   body);
}

}  // namespace cairn::report
