// SPDX-License-Identifier: Apache-2.0
#include "git/remotes.h"

#include <algorithm>
#include <sstream>

#include "git/program.h"

namespace cairn::git {

Result<std::vector<std::string>> remote_names(const Layout& layout) {
  CAIRN_TRY_ASSIGN(const std::string listed, run_git(layout, {"remote"}));
  std::vector<std::string> names;
  std::istringstream lines(listed);
  for (std::string line; std::getline(lines, line);) {
    names.push_back(line);
  }
  std::ranges::sort(names);
  return names;
}

Result<std::optional<std::string>> default_remote(Repository& git) {
  CAIRN_TRY_ASSIGN(std::vector<std::string> names, remote_names(git.layout()));
  CAIRN_TRY_ASSIGN(std::optional<std::string> branch, git.current_branch());
  std::vector<std::string> wanted;
  if (branch) {
    CAIRN_TRY_ASSIGN(std::optional<std::string> of_branch, git.config("branch." + *branch + ".remote"));
    wanted.push_back(of_branch.value_or(""));
  }
  wanted.emplace_back("origin");
  for (const std::string& name : wanted) {
    if (std::ranges::find(names, name) != names.end()) {
      return std::optional(name);
    }
  }
  return names.size() == 1 ? std::optional(names.front()) : std::nullopt;
}

}  // namespace cairn::git
