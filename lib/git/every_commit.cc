// SPDX-License-Identifier: Apache-2.0
#include "git/every_commit.h"

#include <sstream>

#include "base/escape.h"
#include "git/program.h"
#include "git/remotes.h"

namespace cairn::git {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

Result<std::string> ask(const Layout& layout, const std::string& remote,
                        const std::vector<std::string>& arguments) {
  auto answer = run_git_on_terminal(layout, arguments);
  return answer.ok() ? std::move(answer)
                     : Error(Code::remote, answer.error().message(),
                             "git fetch " + escaped(remote) + ", to see what is wrong");
}

/// Brings what the branches, tags and cairn's refs of a remote lead to, one object each, and returns these.
/// What only a server makes (refs/pull/ …) is not among them. No ref changes here.
Result<std::vector<std::string>> fetch_tips(const Layout& layout, const std::string& remote) {
  CAIRN_TRY_ASSIGN(const std::string listed, ask(layout, remote,
                                                 {"ls-remote", "--quiet", "--refs", "--", remote,
                                                  "refs/heads/*", "refs/tags/*", "refs/cairn/*"}));
  std::set<std::string> tips;
  for (const std::string& line : lines_of(listed)) {
    tips.insert(line.substr(0, line.find('\t')));
  }
  std::vector<std::string> fetch = {
      "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--", remote};
  fetch.insert(fetch.end(), tips.begin(), tips.end());
  if (!tips.empty()) {
    CAIRN_TRY(ask(layout, remote, fetch));
  }
  return std::vector<std::string>(tips.begin(), tips.end());
}

}  // namespace

Result<std::set<std::string>> every_commit(Repository& git) {
  const Layout& layout = git.layout();
  CAIRN_TRY_ASSIGN(const std::string shallow, run_git(layout, {"rev-parse", "--is-shallow-repository"}));
  if (!shallow.starts_with("false")) {
    return Error(Code::unsupported, "this clone is shallow: it does not have all commits",
                 "git fetch --unshallow");
  }
  CAIRN_TRY_ASSIGN(const auto remotes, remote_names(layout));
  if (remotes.empty()) {
    return Error(Code::unsupported, "Git knows no remote here, so commits of others would be missed",
                 "git remote add origin URL");
  }
  std::string tips;
  for (const std::string& remote : remotes) {
    CAIRN_TRY_ASSIGN(const auto of_remote, fetch_tips(layout, remote));
    for (const std::string& tip : of_remote) {
      tips += tip + "\n";
    }
  }
  CAIRN_TRY_ASSIGN(
      const std::string listed,
      run_git_with_input(layout, {"--no-replace-objects", "rev-list", "--all", "--reflog", "--stdin"}, tips));
  const auto commits = lines_of(listed);
  return std::set<std::string>(commits.begin(), commits.end());
}

}  // namespace cairn::git
