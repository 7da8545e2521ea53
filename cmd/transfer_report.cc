// SPDX-License-Identifier: Apache-2.0
#include "transfer_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "path_report.h"
#include "render.h"

namespace cairn::cmd {
namespace {

Json paths_json(const std::vector<remote::PathShare>& paths) {
  Json list = Json::array();
  for (const remote::PathShare& one : paths) {
    Json json = Json::object();
    put_path(json, "path", one.path);
    json["files"] = one.files;
    json["bytes"] = one.bytes;
    list.push_back(std::move(json));
  }
  return list;
}

/// A line for each path, where the user asked for more.
std::string path_lines(const Invocation& invocation, std::string_view verb,
                       const std::vector<remote::PathShare>& paths) {
  std::string lines;
  for (const remote::PathShare& one : invocation.verbose ? paths : std::vector<remote::PathShare>()) {
    lines += fmt::format("{:<8}  {}  ({}, {})\n", verb, escaped(one.path), counted(one.files, "file"),
                         human_size(one.bytes));
  }
  return lines;
}

Json fetched_json(const remote::FetchReport& report) {
  return {{"objects", report.objects},
          {"packs", report.packs},
          {"bytes", report.bytes},
          {"already_here", report.already_here},
          {"paths", paths_json(report.paths)}};
}

std::string fetched_lines(const Invocation& invocation, const remote::FetchReport& report) {
  return report.objects == 0 ? "everything is here already\n"
                             : path_lines(invocation, "fetched", report.paths) +
                                   fmt::format("fetched {} ({})\n", counted(report.objects, "object"),
                                               human_size(report.bytes));
}

void add_refused(std::size_t runs, Outcome& outcome) {
  if (runs > 0) {
    outcome.errors.emplace_back(
        Code::partial,
        fmt::format("{} on the remote {} damaged and left out",
                    counted(runs, "record of a run", "records of runs"), runs == 1 ? "is" : "are"),
        "the stages will run again where they would have been restored");
  }
}

}  // namespace

std::string runs_line(std::string_view verb, std::size_t runs) {
  return runs == 0 ? "" : fmt::format("{} {}\n", verb, counted(runs, "record of a run", "records of runs"));
}

Outcome outcome_of(const Invocation& invocation, const ops::PushResult& pushed) {
  const remote::PushReport& report = pushed.report;
  Outcome outcome;
  outcome.text = report.objects == 0
                     ? "everything is there already\n"
                     : path_lines(invocation, "pushed", report.paths) +
                           fmt::format("pushed {} in {} ({})\n", counted(report.objects, "object"),
                                       counted(report.packs, "pack"), human_size(report.bytes));
  outcome.text += runs_line("pushed", pushed.runs);
  outcome.json = {{"objects", report.objects}, {"packs", report.packs},
                  {"bytes", report.bytes},     {"already_there", report.already_there},
                  {"commits", report.commits}, {"paths", paths_json(report.paths)},
                  {"runs", pushed.runs}};
  return outcome;
}

Outcome outcome_of(const Invocation& invocation, const ops::FetchResult& fetched) {
  Outcome outcome;
  outcome.text = fetched_lines(invocation, fetched.report) + runs_line("fetched", fetched.runs);
  outcome.json = fetched_json(fetched.report);
  outcome.json["runs"] = fetched.runs;
  add_refused(fetched.refused_runs, outcome);
  return outcome;
}

Outcome outcome_of(const Invocation& invocation, const ops::PullReport& pulled) {
  Outcome outcome = outcome_of(invocation, pulled.checkout.paths);
  outcome.text = fetched_lines(invocation, pulled.fetched) + runs_line("fetched", pulled.runs) + outcome.text;
  outcome.json["fetched"] = fetched_json(pulled.fetched);
  outcome.json["runs"] = pulled.runs;
  add_refused(pulled.refused_runs, outcome);
  return outcome;
}

}  // namespace cairn::cmd
