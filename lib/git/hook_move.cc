// SPDX-License-Identifier: Apache-2.0
#include "git/hook_move.h"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

using Kind = HookMove::Kind;

/// More than a line of the reflog has, but for a message without end.
constexpr std::uint64_t kReflogTail = 4096;

Result<std::string> read_text(const Layout& layout, std::string_view file) {
  CAIRN_TRY_ASSIGN(const auto bytes, os::find_file(os::join(layout.git_dir, file)));
  return std::string(bytes ? as_text(*bytes) : std::string_view());
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

bool is_null_name(std::string_view name) {
  return name.find_first_not_of('0') == std::string_view::npos;
}

/// The folder of the rebase that is under way; "" for none.
Result<std::string> rebase_folder(const Layout& layout) {
  for (const char* name : {"rebase-merge", "rebase-apply"}) {
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(os::join(layout.git_dir, name)));
    if (stat) {
      return std::string(name);
    }
  }
  return std::string();
}

/// True when the rebase that begins will apply no commit: its list is there, and empty.
Result<bool> applies_nothing(const Layout& layout, const std::string& rebase) {
  const std::string list = rebase + "/git-rebase-todo";
  CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(os::join(layout.git_dir, list)));
  if (!stat) {
    return false;
  }
  CAIRN_TRY_ASSIGN(const std::string text, read_text(layout, list));
  return text.empty() || text == "noop\n";
}

Result<HookMove> after_checkout(const Layout& layout, const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) {
    return HookMove{Kind::everything, "", ""};
  }
  const std::string& from = arguments[0];
  const std::string& to = arguments[1];
  CAIRN_TRY_ASSIGN(const std::string rebase, rebase_folder(layout));
  if (!rebase.empty()) {
    CAIRN_TRY_ASSIGN(const bool at_its_end, applies_nothing(layout, rebase));
    return at_its_end && from != to ? HookMove{Kind::commits, from, to} : HookMove{};
  }
  if (is_null_name(from)) {
    return HookMove{Kind::everything, "", ""};  // a new work tree
  }
  const bool is_switch = arguments[2] == "1" && from != to;
  return is_switch ? HookMove{Kind::commits, from, to} : HookMove{Kind::files, "", ""};
}

Result<HookMove> after_rewrite(const Layout& layout, const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] != "rebase") {
    return HookMove{};  // an amended commit is the user's own
  }
  CAIRN_TRY_ASSIGN(const std::string rebase, rebase_folder(layout));
  CAIRN_TRY_ASSIGN(const std::string origin, read_text(layout, rebase + "/orig-head"));
  return rebase.empty() || origin.empty() ? HookMove{Kind::everything, "", ""}
                                          : HookMove{Kind::commits, first_line(origin), "HEAD"};
}

/// What the last line of the reflog of HEAD says was done: "commit: message"; "" where there is no reflog.
Result<std::string> last_action(const Layout& layout) {
  const std::string path = os::join(layout.git_dir, "logs/HEAD");
  const os::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    return std::string();
  }
  CAIRN_TRY_ASSIGN(const os::FileStat stat, os::stat_fd(fd.get(), path));
  Buffer tail(std::min(stat.size, kReflogTail));
  CAIRN_TRY(os::read_exactly_at(fd.get(), tail, stat.size - tail.size(), path));
  std::string_view text = as_text(tail);
  text.remove_suffix(text.ends_with('\n') ? 1 : 0);
  text.remove_prefix(text.rfind('\n') + 1);  // npos + 1 is 0
  const std::size_t tab = text.find('\t');
  return std::string(tab == std::string_view::npos ? std::string_view() : text.substr(tab + 1));
}

Result<HookMove> after_commit(const Layout& layout) {
  constexpr std::array<std::string_view, 4> kByGit = {"commit (merge)", "commit (cherry-pick)", "cherry-pick",
                                                      "revert"};
  CAIRN_TRY_ASSIGN(const std::string rebase, rebase_folder(layout));
  CAIRN_TRY_ASSIGN(const std::string action, last_action(layout));
  const bool by_git = std::any_of(kByGit.begin(), kByGit.end(),
                                  [&action](std::string_view one) { return action.starts_with(one); });
  return rebase.empty() && by_git ? HookMove{Kind::commits, "HEAD^1", "HEAD"} : HookMove{};
}

}  // namespace

Result<HookMove> find_hook_move(const Layout& layout, const std::string& hook,
                                const std::vector<std::string>& arguments) {
  if (hook == "post-checkout") {
    return after_checkout(layout, arguments);
  }
  if (hook == "post-rewrite") {
    return after_rewrite(layout, arguments);
  }
  if (hook == "post-commit") {
    return after_commit(layout);
  }
  const bool squashed = !arguments.empty() && arguments[0] == "1";  // HEAD stays
  return squashed ? HookMove{Kind::everything, "", ""} : HookMove{Kind::commits, "ORIG_HEAD", "HEAD"};
}

}  // namespace cairn::git
