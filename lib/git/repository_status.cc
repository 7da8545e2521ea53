// SPDX-License-Identifier: Apache-2.0
// What differs between HEAD, index and work tree, by the `git` program: libgit2 compares each ignored file
// with all lines of its .gitignore for this, runs no filters that a user has set, and reads neither split nor
// sparse indexes.
#include "git/program.h"
#include "git/repository.h"

namespace cairn::git {
namespace {

/// "XY PATH" of `git status --porcelain`: X is the index against HEAD, Y the work tree against the index.
/// Nothing for a file that was added to the index and is gone again.
std::optional<WorkChange> read_change(std::string_view line) {
  constexpr std::size_t kPathAt = 3;
  const char index = line[0];
  const char work_tree = line[1];
  if (index == 'A' && work_tree == 'D') {
    return std::nullopt;
  }
  // 'U' is a side of a conflict, whose file is there.
  const bool gone = (index == 'D' && work_tree != 'U') || (work_tree == 'D' && index != 'U');
  return WorkChange{std::string(line.substr(kPathAt)), gone};
}

}  // namespace

Result<std::vector<WorkChange>> Repository::uncommitted() {
  CAIRN_TRY_ASSIGN(const std::string lines,
                   run_git(layout(), {"--no-optional-locks", "status", "--porcelain", "-z", "--no-renames",
                                      "--untracked-files=no", "--ignore-submodules"}));
  std::vector<WorkChange> changes;
  std::string_view rest = lines;
  for (std::size_t end = rest.find('\0'); end != std::string_view::npos; end = rest.find('\0')) {
    if (auto change = read_change(rest.substr(0, end))) {
      changes.push_back(std::move(*change));
    }
    rest.remove_prefix(end + 1);
  }
  return changes;
}

}  // namespace cairn::git
