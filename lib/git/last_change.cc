// SPDX-License-Identifier: Apache-2.0
#include "git/last_change.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "base/escape.h"
#include "git/program.h"
#include "os/path.h"

namespace cairn::git {
namespace {

/// Paths of one call: well below the limit for arguments.
constexpr std::size_t kPathsAtOnce = 500;
constexpr char kHeader = '\x01';
constexpr char kField = '\x1f';

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

/// "COMMIT\x1fAUTHOR\x1fTIME".
std::optional<LastChange> parse_header(std::string_view text) {
  const auto commit = Oid::parse(take_until(text, kField));
  if (!commit) {
    return std::nullopt;
  }
  LastChange change{*commit, std::string(take_until(text, kField)), 0};
  std::from_chars(text.data(), text.data() + text.size(), change.time);
  return change;
}

/// Gives the change to the path, and to folders around it, that wait for one.
void settle(std::string_view path, const LastChange& change, std::set<std::string, std::less<>>& waiting,
            std::map<std::string, LastChange>& out) {
  for (; !path.empty(); path = os::parent_of(path)) {
    if (const auto it = waiting.find(path); it != waiting.end()) {
      out.emplace(*it, change);
      waiting.erase(it);
    }
  }
}

Status add_changes(const Layout& layout, const Oid& from, std::set<std::string, std::less<>> waiting,
                   std::map<std::string, LastChange>& out) {
  std::vector<std::string> arguments = {"--literal-pathspecs",
                                        "log",
                                        "-z",
                                        "--no-renames",
                                        "--name-only",
                                        "--pretty=format:%x01%H%x1f%an <%ae>%x1f%ct",
                                        from.hex(),
                                        "--"};
  arguments.insert(arguments.end(), waiting.begin(), waiting.end());
  CAIRN_TRY_ASSIGN(std::string text, run_git(layout, arguments));
  std::string_view rest = text;
  std::optional<LastChange> change;
  while (!rest.empty() && !waiting.empty()) {
    std::string_view name = take_until(rest, '\0');
    if (name.starts_with(kHeader)) {
      name.remove_prefix(1);
      change = parse_header(take_until(name, '\n'));
    }
    if (change) {
      settle(name, *change, waiting, out);
    }
  }
  return {};
}

}  // namespace

Result<std::map<std::string, LastChange>> last_changes(const Layout& layout, const Oid& from,
                                                       const std::vector<std::string>& paths) {
  std::map<std::string, LastChange> out;
  for (std::size_t begin = 0; begin < paths.size(); begin += kPathsAtOnce) {
    const std::size_t end = std::min(paths.size(), begin + kPathsAtOnce);
    CAIRN_TRY(add_changes(layout, from,
                          {paths.begin() + static_cast<std::ptrdiff_t>(begin),
                           paths.begin() + static_cast<std::ptrdiff_t>(end)},
                          out));
  }
  return out;
}

}  // namespace cairn::git
