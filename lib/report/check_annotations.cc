// SPDX-License-Identifier: Apache-2.0
// What programs that run checks read: GitHub, GitLab, and all that know JUnit XML.
#include <algorithm>

#include "base/escape.h"
#include "codec/hash.h"
#include "os/path.h"
#include "report/check_report.h"
#include "report/html.h"

namespace cairn::report {
namespace {

using text::Value;

/// In every project; for problems that no file stands for, where a place is needed.
constexpr std::string_view kAnyFile = ".cairn/config";

/// The message with what to type.
std::string whole_message(const CheckProblem& problem) {
  const std::string& hint = problem.error.hint();
  return problem.error.message() + (hint.empty() ? "" : "; try: " + hint);
}

enum class CommandPart { message, property };

/// As the runner of GitHub Actions decodes it.
std::string command_text(std::string_view text, CommandPart part) {
  std::string out;
  for (const char c : text) {
    const bool property = part == CommandPart::property && (c == ':' || c == ',');
    if (c == '%' || c == '\r' || c == '\n' || property) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out += {'%', kHex[static_cast<unsigned char>(c) >> 4U], kHex[static_cast<unsigned char>(c) & 0xFU]};
    } else {
      out += c;
    }
  }
  return out;
}

Value gitlab_problem(const CheckReport& report, const Check& check, const CheckProblem& problem) {
  const std::string path =
      os::join(report.folder, problem.path.empty() ? std::string(kAnyFile) : problem.path);
  const std::string name = "cairn " + check.name;
  const std::string message = escaped(whole_message(problem));
  // The place is not in it: a problem that only moves is the same one.
  const std::string identity = name + '\0' + path + '\0' + message;
  Value lines = Value::map();
  lines.set("begin", Value::integer(problem.line == 0 ? 1 : problem.line));
  Value location = Value::map();
  location.set("path", Value::string(escaped(path)));
  location.set("lines", std::move(lines));
  Value item = Value::map();
  item.set("description", Value::string(message));
  item.set("check_name", Value::string(name));
  item.set("fingerprint", Value::string(codec::hash(as_bytes(identity)).hex()));
  item.set("severity", Value::string(problem.state == CheckState::failed ? "major" : "minor"));
  item.set("location", std::move(location));
  return item;
}

std::string junit_case(const Check& check) {
  std::string text = "    <testcase classname=\"cairn\" name=\"" + html_text(check.name) + "\"";
  if (check.problems.empty()) {
    return text + "/>\n";
  }
  const bool failed = check.state() == CheckState::failed;
  const std::string element = failed ? "failure" : "error";
  text += ">\n      <" + element + " message=\"" + html_text(check.problems.front().error.message()) + "\">";
  for (const CheckProblem& problem : check.problems) {
    const std::string line = problem.line == 0 ? "" : ":" + std::to_string(problem.line);
    text += (problem.path.empty() ? "" : html_text(problem.path) + line + ": ") +
            html_text(whole_message(problem)) + "\n";
  }
  return text + "</" + element + ">\n    </testcase>\n";
}

std::string count(const CheckReport& report, CheckState state) {
  return std::to_string(
      std::ranges::count_if(report.checks, [state](const Check& check) { return check.state() == state; }));
}

}  // namespace

std::string check_github(const CheckReport& report) {
  std::string text;
  for (const Check& check : report.checks) {
    for (const CheckProblem& problem : check.problems) {
      text += problem.state == CheckState::failed ? "::error " : "::warning ";
      if (!problem.path.empty()) {
        text +=
            "file=" + command_text(escaped(os::join(report.folder, problem.path)), CommandPart::property) +
            ",";
      }
      if (problem.line != 0) {
        text += "line=" + std::to_string(problem.line) + ",";
      }
      text += "title=" + command_text("cairn " + check.name, CommandPart::property) +
              "::" + command_text(whole_message(problem), CommandPart::message) + "\n";
    }
  }
  return text;
}

Value check_gitlab(const CheckReport& report) {
  Value list = Value::list();
  for (const Check& check : report.checks) {
    for (const CheckProblem& problem : check.problems) {
      list.append(gitlab_problem(report, check, problem));
    }
  }
  return list;
}

std::string check_junit(const CheckReport& report) {
  const std::string counts = " tests=\"" + std::to_string(report.checks.size()) + "\" failures=\"" +
                             count(report, CheckState::failed) + "\" errors=\"" +
                             count(report, CheckState::unknown) + "\"";
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
                     ">\n  <testsuite name=\"cairn ci check\"" + counts + ">\n";
  for (const Check& check : report.checks) {
    text += junit_case(check);
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace cairn::report
