// SPDX-License-Identifier: Apache-2.0
#include "transfer_report.h"

#include <fmt/format.h>

#include "path_report.h"
#include "render.h"

namespace cairn::cmd {
namespace {

Json fetched_json(const remote::FetchReport& report) {
  return {{"objects", report.objects},
          {"packs", report.packs},
          {"bytes", report.bytes},
          {"already_here", report.already_here}};
}

std::string fetched_line(const remote::FetchReport& report) {
  return report.objects == 0
             ? "everything is here already\n"
             : fmt::format("fetched {} ({})\n", counted(report.objects, "object"), human_size(report.bytes));
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

Outcome outcome_of(const ops::FetchResult& fetched) {
  Outcome outcome;
  outcome.text = fetched_line(fetched.report) + runs_line("fetched", fetched.runs);
  outcome.json = fetched_json(fetched.report);
  outcome.json["runs"] = fetched.runs;
  add_refused(fetched.refused_runs, outcome);
  return outcome;
}

Outcome outcome_of(const Invocation& invocation, const ops::PullReport& pulled) {
  Outcome outcome = outcome_of(invocation, pulled.checkout.paths);
  outcome.text = fetched_line(pulled.fetched) + runs_line("fetched", pulled.runs) + outcome.text;
  outcome.json["fetched"] = fetched_json(pulled.fetched);
  outcome.json["runs"] = pulled.runs;
  add_refused(pulled.refused_runs, outcome);
  return outcome;
}

}  // namespace cairn::cmd
