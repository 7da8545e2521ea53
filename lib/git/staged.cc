// SPDX-License-Identifier: Apache-2.0
#include "git/staged.h"

#include "git/program.h"

namespace cairn::git {
namespace {

PathSet split_at_nul(std::string_view text) {
  PathSet paths;
  for (std::size_t end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
    paths.emplace(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return paths;
}

}  // namespace

Result<PathSet> staged_paths(Repository& repository) {
  CAIRN_TRY_ASSIGN(const auto head, repository.head());
  std::vector<std::string> words = {"ls-files", "-z", "--cached"};
  if (head) {
    words = {"diff-index", "-z", "--cached", "--name-only", "--no-renames", head->hex(), "--"};
  }
  CAIRN_TRY_ASSIGN(const std::string list, run_git(repository.layout(), words));
  return split_at_nul(list);
}

Result<PathSet> unstaged_among(const Layout& layout, const PathSet& paths) {
  if (paths.empty()) {
    return PathSet();
  }
  std::vector<std::string> words = {"--literal-pathspecs", "diff-files", "-z", "--name-only", "--"};
  words.insert(words.end(), paths.begin(), paths.end());
  CAIRN_TRY_ASSIGN(const std::string list, run_git(layout, words));
  return split_at_nul(list);
}

}  // namespace cairn::git
