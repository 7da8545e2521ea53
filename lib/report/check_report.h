// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "text/value.h"

/// What `ci check` found, for people and for the programs that run it.
namespace cairn::report {

enum class CheckState : std::uint8_t {
  passed,
  failed,
  unknown,  ///< something could not be checked, and nothing failed
};
/// "ok", "failed", "not checked".
std::string_view state_words(CheckState state);

struct CheckProblem {
  CheckState state = CheckState::failed;
  std::string path;   ///< of the file to look at, from the project root; "" for none
  unsigned line = 0;  ///< in it, from 1; 0 for none
  Error error;        ///< what is wrong, and what to type
};

struct Check {
  std::string name;   ///< "stages", "data", …
  std::string about;  ///< what was looked at: "3 stages"
  std::vector<CheckProblem> problems;

  [[nodiscard]] CheckState state() const;
};

struct CheckReport {
  std::string folder;  ///< of the project in its Git repository; "" at the top
  std::string commit;
  std::vector<Check> checks;
  std::uint64_t bytes_read = 0;  ///< from remotes
  std::uint64_t data_bytes = 0;  ///< of what the commit tracks

  [[nodiscard]] CheckState state() const;
};

/// One line a check that is well, and one a problem; a summary at the end.
std::string check_text(const CheckReport& report);
std::string check_markdown(const CheckReport& report);
/// Workflow commands of GitHub Actions, one line a problem:
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string check_github(const CheckReport& report);
/// A Code Quality report of GitLab, to be written as JSON: https://docs.gitlab.com/ci/testing/code_quality/
text::Value check_gitlab(const CheckReport& report);
/// JUnit XML with one test case a check.
std::string check_junit(const CheckReport& report);

}  // namespace cairn::report
