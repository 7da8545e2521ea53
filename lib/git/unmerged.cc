// SPDX-License-Identifier: Apache-2.0
#include "git/unmerged.h"

#include "git/program.h"

namespace cairn::git {
namespace {

/// "MODE OID STAGE\tPATH".
Status take_entry(std::string_view entry, std::vector<Unmerged>& paths) {
  const std::size_t first = entry.find(' ');
  const std::size_t tab = entry.find('\t');
  const std::size_t second = entry.find(' ', first + 1);
  const std::optional<Oid> blob =
      second < tab ? Oid::parse(entry.substr(first + 1, second - first - 1)) : std::nullopt;
  if (!blob || second + 2 != tab) {
    return Error(Code::unsupported, "cannot read what Git's index holds of a merge");
  }
  const std::string_view path = entry.substr(tab + 1);
  if (paths.empty() || paths.back().path != path) {
    paths.push_back({std::string(path), {}, {}, {}});
  }
  Unmerged& last = paths.back();
  const char stage = entry[second + 1];
  (stage == '1' ? last.base : stage == '2' ? last.ours : last.theirs) = blob;
  return {};
}

}  // namespace

Result<std::vector<Unmerged>> unmerged_paths(const Layout& layout) {
  CAIRN_TRY_ASSIGN(const std::string listed, run_git(layout, {"ls-files", "--unmerged", "-z"}));
  std::vector<Unmerged> paths;
  std::string_view rest = listed;
  for (std::size_t end = rest.find('\0'); end != std::string_view::npos; end = rest.find('\0')) {
    CAIRN_TRY(take_entry(rest.substr(0, end), paths));
    rest.remove_prefix(end + 1);
  }
  return paths;
}

Status mark_merged(const Layout& layout, std::span<const std::string> paths) {
  std::string input;
  for (const std::string& path : paths) {
    input += path + '\0';
  }
  CAIRN_TRY_ASSIGN(const std::string said,
                   run_git_with_input(layout, {"update-index", "--add", "--remove", "-z", "--stdin"}, input));
  static_cast<void>(said);
  return {};
}

}  // namespace cairn::git
