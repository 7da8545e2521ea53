// SPDX-License-Identifier: Apache-2.0
#include "ops/follow_links.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// A symlink's target from the project root.
Result<std::string> target_in_project(project::Workspace& workspace, const std::string& path,
                                      const std::string& folder, const std::string& target) {
  const std::string& root = workspace.paths().root;
  const bool absolute = target.starts_with('/');
  std::string whole = os::normalized(absolute ? target : os::join(root, os::join(folder, target)));
  if (!os::is_within(whole, root)) {
    return Error(Code::conflict,
                 fmt::format("{} is a symlink to {}, outside the project", quoted(path), quoted(target)),
                 "put the data itself there");
  }
  return whole.size() == root.size() ? std::string() : whole.substr(root.size() + 1);
}

/// What `path` is when its first symlink is followed; itself if it has none.
Result<std::string> follow_one(project::Workspace& workspace, const std::string& shown,
                               const std::string& path) {
  const os::Root& root = workspace.files();
  std::string above;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string at = os::join(above, rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, root.find_stat(at));
    if (!stat.has_value()) {
      return path;
    }
    if (stat->kind == os::Kind::symlink) {
      CAIRN_TRY_ASSIGN(const os::Fd folder, root.open_folder(above));
      const Result<std::string> target = os::read_link_at(folder.get(), std::string(os::name_of(at)));
      if (!target.ok()) {
        return target.error();
      }
      CAIRN_TRY_ASSIGN(const std::string inside, target_in_project(workspace, shown, above, *target));
      return os::normalized(os::join(inside, rest));
    }
    above = at;
  }
  return path;
}

}  // namespace

Result<std::string> follow_links(project::Workspace& workspace, const std::string& path) {
  constexpr int kMaxLinks = 40;
  std::string current = path;
  for (int links = 0; links < kMaxLinks; ++links) {
    CAIRN_TRY_ASSIGN(std::string next, follow_one(workspace, path, current));
    if (next == current) {
      return current;
    }
    current = std::move(next);
  }
  return Error(Code::conflict, quoted(path) + " leads through too many symlinks",
               "put the data itself there");
}

}  // namespace cairn::ops
