// SPDX-License-Identifier: Apache-2.0
#include "git/index_paths.h"

#include <algorithm>

#include "base/escape.h"
#include "git/program.h"

namespace cairn::git {
namespace {

std::string with_zeros(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    text.append(path).push_back('\0');
  }
  return text;
}

std::vector<std::string> split_at_zeros(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\0', begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Paths in the index that HEAD holds otherwise or not at all; all of the index before the first commit.
Result<std::vector<std::string>> staged_paths(const Layout& layout) {
  const bool born = run_git(layout, {"rev-parse", "--quiet", "--verify", "HEAD"}).ok();
  CAIRN_TRY_ASSIGN(const std::string text, born ? run_git(layout, {"diff-index", "--cached", "--name-only",
                                                                   "--no-renames", "-z", "HEAD"})
                                                : run_git(layout, {"ls-files", "--cached", "-z"}));
  std::vector<std::string> staged = split_at_zeros(text);
  std::sort(staged.begin(), staged.end());
  return staged;
}

}  // namespace

Result<std::vector<std::string>> stage_paths(const Layout& layout, const std::vector<std::string>& paths) {
  CAIRN_TRY(
      run_git_with_input(layout, {"update-index", "--add", "--remove", "-z", "--stdin"}, with_zeros(paths)));
  CAIRN_TRY_ASSIGN(const std::vector<std::string> staged, staged_paths(layout));
  std::vector<std::string> wanted = paths;
  std::sort(wanted.begin(), wanted.end());
  std::vector<std::string> both;
  std::set_intersection(wanted.begin(), wanted.end(), staged.begin(), staged.end(), std::back_inserter(both));
  return both;
}

Result<Oid> commit_paths(const Layout& layout, const std::vector<std::string>& paths,
                         const std::string& message) {
  auto done = run_git_with_input(layout,
                                 {"--literal-pathspecs", "commit", "--quiet", "--only", "-m", message,
                                  "--pathspec-from-file=-", "--pathspec-file-nul"},
                                 with_zeros(paths));
  if (!done.ok()) {
    return Error(Code::conflict, done.error().message(), "what was written is staged; git commit");
  }
  CAIRN_TRY_ASSIGN(std::string hex, run_git(layout, {"rev-parse", "HEAD"}));
  hex.resize(hex.find_last_not_of('\n') + 1);
  const std::optional<Oid> commit = Oid::parse(hex);
  return commit ? Result<Oid>(*commit)
                : Error(Code::unsupported, quoted(hex) + " is not the name of a commit");
}

}  // namespace cairn::git
