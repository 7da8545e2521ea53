// SPDX-License-Identifier: Apache-2.0
#include "report/check_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "base/human_size.h"
#include "report/markdown.h"
#include "report/table.h"

namespace cairn::report {
namespace {

/// "cairn.yaml:3: " of a problem with a place, for people.
std::string place_of(const CheckProblem& problem) {
  if (problem.path.empty()) {
    return "";
  }
  const std::string line = problem.line == 0 ? "" : ":" + std::to_string(problem.line);
  return escaped(problem.path) + line + ": ";
}

std::string_view label(CheckState state) {
  return state == CheckState::passed ? "ok" : state == CheckState::failed ? "FAILED" : "UNKNOWN";
}

std::string traffic(const CheckReport& report) {
  std::string text = human_size(report.bytes_read) + " read from the remote";
  if (report.data_bytes > 0) {
    const double share =
        100.0 * static_cast<double>(report.bytes_read) / static_cast<double>(report.data_bytes);
    text += fmt::format(", {:.2f} % of {} of data", share, human_size(report.data_bytes));
  }
  return text;
}

std::string summary(const CheckReport& report) {
  const auto with = [&report](CheckState state) {
    return std::ranges::count_if(report.checks, [state](const Check& one) { return one.state() == state; });
  };
  std::string text = fmt::format("{} of {} checks passed", with(CheckState::passed), report.checks.size());
  for (const CheckState state : {CheckState::failed, CheckState::unknown}) {
    if (with(state) > 0) {
      text += fmt::format(", {} {}", with(state), state_words(state));
    }
  }
  return text;
}

}  // namespace

std::string_view state_words(CheckState state) {
  switch (state) {
    case CheckState::passed:
      return "ok";
    case CheckState::failed:
      return "failed";
    case CheckState::unknown:
      return "not checked";
  }
  return "";
}

CheckState Check::state() const {
  const auto has = [this](CheckState state) {
    return std::ranges::any_of(problems, [state](const CheckProblem& one) { return one.state == state; });
  };
  return has(CheckState::failed)    ? CheckState::failed
         : has(CheckState::unknown) ? CheckState::unknown
                                    : CheckState::passed;
}

CheckState CheckReport::state() const {
  const auto has = [this](CheckState state) {
    return std::ranges::any_of(checks, [state](const Check& one) { return one.state() == state; });
  };
  return has(CheckState::failed)    ? CheckState::failed
         : has(CheckState::unknown) ? CheckState::unknown
                                    : CheckState::passed;
}

std::string check_text(const CheckReport& report) {
  std::vector<Row> rows;
  for (const Check& check : report.checks) {
    if (check.problems.empty()) {
      rows.push_back({"ok", check.name, escaped(check.about)});
    }
    for (const CheckProblem& problem : check.problems) {
      const std::string& hint = problem.error.hint();
      rows.push_back({std::string(label(problem.state)), check.name,
                      place_of(problem) + problem.error.message() + (hint.empty() ? "" : "; try: " + hint)});
    }
  }
  return aligned(rows) + summary(report) + "; " + traffic(report) + "\n";
}

std::string check_markdown(const CheckReport& report) {
  Table table{{"Check", "Result", "What"}, {}};
  std::string notes;
  for (const Check& check : report.checks) {
    table.rows.push_back({check.name, std::string(state_words(check.state())), markdown_text(check.about)});
    for (const CheckProblem& problem : check.problems) {
      const std::string& hint = problem.error.hint();
      notes += "- **" + check.name + "** " + markdown_text(place_of(problem) + problem.error.message()) +
               (hint.empty() ? "" : "; try: " + markdown_text(hint)) + "\n";
    }
  }
  return "## cairn ci check: " + summary(report) + "\n\n" + as_markdown(table) +
         (notes.empty() ? "" : "\n" + notes) + "\n" + traffic(report) + ".\n";
}

}  // namespace cairn::report
