// SPDX-License-Identifier: Apache-2.0
#include "verdict_output.h"

#include "base/escape.h"
#include "exit_status.h"
#include "os/file.h"
#include "os/path.h"
#include "parser.h"
#include "pipeline/quantity.h"
#include "render.h"
#include "report/verdict_report.h"
#include "version/run_record.h"

namespace cairn::cmd {
namespace {

/// The user's path, absolute.
std::string absolute(const std::string& path, const Invocation& invocation) {
  return os::normalized(path.starts_with('/') ? path : os::join(invocation.folder, path));
}

Json difference_json(const version::Difference& difference) {
  Json json = {{"text", difference.text}};
  if (!difference.file.empty()) {
    put_path(json, "file", difference.file);
  }
  if (difference.offset) {
    json["offset"] = *difference.offset;
  }
  if (difference.line) {
    json["line"] = *difference.line;
  }
  const std::pair<const char*, const std::string&> texts[] = {{"column", difference.column},
                                                              {"key", difference.key},
                                                              {"before", difference.before},
                                                              {"after", difference.after}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) {
      json[name] = text;
    }
  }
  return json;
}

Json out_json(const version::OutResult& out) {
  Json json = Json::object();
  put_path(json, "path", out.path);
  json["verdict"] = version::verdict_name(out.verdict);
  json["rule"] = out.rule;
  if (!out.extent.empty()) {
    json["extent"] = out.extent;
  }
  if (out.first) {
    json["first"] = difference_json(*out.first);
  }
  if (out.recorded) {
    json["recorded"] = out.recorded->id.text();
  }
  if (out.found) {
    json["found"] = out.found->id.text();
  }
  return json;
}

Json stage_json(const version::StageResult& stage) {
  Json json = {{"stage", stage.stage}, {"verdict", version::verdict_name(stage.verdict)}};
  if (!stage.reason.empty()) {
    json["reason"] = stage.reason;
  }
  json["outs"] = Json::array();
  for (const version::OutResult& out : stage.outs) {
    json["outs"].push_back(out_json(out));
  }
  json["causes"] = Json::array();
  for (const version::Cause& cause : stage.causes) {
    json["causes"].push_back(
        {{"factor", cause.factor}, {"text", cause.text}, {"evidence", cause.evidence}, {"outs", cause.outs}});
  }
  if (!stage.cause_note.empty()) {
    json["cause_note"] = stage.cause_note;
  }
  json["environment"] = stage.environment;
  json["wall_us"] = stage.wall_us;
  return json;
}

Status write_report(const std::string& path, const std::string& text, const Invocation& invocation) {
  return path.empty() ? Status() : os::write_atomic(absolute(path, invocation), as_bytes(text));
}

}  // namespace

void add_verdict_options(Parser& app, VerdictOptions& options) {
  app.add_option("--in", options.in, "Make the work tree in this folder, which is empty or missing")
      .type_name("DIR");
  app.add_flag("--keep", options.keep, "Keep the work tree, as one that Git lists");
  app.add_flag("--from-remote", options.from_remote, "Use data of the remote alone, none of the local store");
  app.add_option("--cause-time", options.cause_time,
                 "How long to look for causes of differences (default: 10m; 0: not at all)")
      .type_name("TIME");
  app.add_flag("--no-record", options.no_record, "Do not keep the verdict with the commit");
  app.add_option("--md", options.markdown, "Write the report as Markdown, too").type_name("FILE");
  app.add_option("--html", options.html, "Write the report as one HTML file, too").type_name("FILE");
}

Result<ops::ReproductionOptions> reproduction_options(const VerdictOptions& options,
                                                      const Invocation& invocation) {
  ops::ReproductionOptions run;
  CAIRN_TRY_ASSIGN(run.folder, invocation.workspace->to_project_path(".", invocation.folder));
  run.in = options.in.empty() ? "" : absolute(options.in, invocation);
  run.keep = options.keep;
  run.from_remote = options.from_remote;
  const auto time = pipeline::parse_duration(options.cause_time);
  if (!time) {
    return Error(Code::usage, quoted(options.cause_time) + " is no time", "--cause-time 10m");
  }
  run.cause_time = *time;
  return run;
}

Json verdict_json(const version::Verdict& verdict) {
  Json json = {{"kind", verdict.kind == version::VerdictKind::verify ? "verify" : "reproduce"}};
  if (!verdict.version.empty()) {
    json["version"] = verdict.version;
  }
  json["commit"] = verdict.commit;
  json["good"] = verdict.good();
  json["runs"] = verdict.runs;
  json["time"] = version::utc_text(verdict.time_ms);
  json["from_remote"] = verdict.from_remote;
  json["stages"] = Json::array();
  for (const version::StageResult& stage : verdict.stages) {
    json["stages"].push_back(stage_json(stage));
  }
  return json;
}

Result<Outcome> outcome_of(const ops::ReproduceReport& report, const VerdictOptions& options,
                           const Invocation& invocation) {
  CAIRN_TRY(write_report(options.markdown, report::verdict_markdown(report.verdict), invocation));
  CAIRN_TRY(write_report(options.html, report::verdict_html(report.verdict), invocation));
  Outcome outcome;
  outcome.text = report::verdict_text(report.verdict);
  outcome.json["verdict"] = verdict_json(report.verdict);
  outcome.json["recorded"] = report.recorded;
  if (!report.kept.empty()) {
    put_path(outcome.json, "work_tree", report.kept);
    outcome.text += "the work tree stays in " + escaped(report.kept) +
                    "; to remove it: git worktree remove --force " + escaped(report.kept) + "\n";
  }
  outcome.status = report.verdict.good() ? kExitOk : kExitNo;
  return outcome;
}

}  // namespace cairn::cmd
