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

/// A symlink, and what a path is when it is followed.
struct Step {
  std::string link;
  std::string next;
};

/// The first symlink on the way to `path`; nothing if there is none.
Result<std::optional<Step>> first_link(project::Workspace& workspace, const std::string& shown,
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
      return std::optional<Step>();
    }
    if (stat->kind == os::Kind::symlink) {
      CAIRN_TRY_ASSIGN(const os::Fd folder, root.open_folder(above));
      const Result<std::string> target = os::read_link_at(folder.get(), std::string(os::name_of(at)));
      if (!target.ok()) {
        return target.error();
      }
      CAIRN_TRY_ASSIGN(const std::string inside, target_in_project(workspace, shown, above, *target));
      return std::optional(Step{at, os::normalized(os::join(inside, rest))});
    }
    above = at;
  }
  return std::optional<Step>();
}

/// Follows all symlinks, and notes them where `links` is given.
Result<std::string> follow(project::Workspace& workspace, const std::string& path,
                           std::vector<std::string>* links) {
  constexpr int kMaxLinks = 40;
  std::string current = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    CAIRN_TRY_ASSIGN(std::optional<Step> step, first_link(workspace, path, current));
    if (!step) {
      return current;
    }
    if (links != nullptr) {
      links->push_back(std::move(step->link));
    }
    current = std::move(step->next);
  }
  return Error(Code::conflict, quoted(path) + " leads through too many symlinks",
               "put the data itself there");
}

}  // namespace

Result<std::string> follow_links(project::Workspace& workspace, const std::string& path) {
  return follow(workspace, path, nullptr);
}

Result<std::vector<std::string>> with_links(project::Workspace& workspace, const std::string& path) {
  std::vector<std::string> paths;
  auto end = follow(workspace, path, &paths);
  if (!end.ok() && end.error().code() != Code::conflict) {
    return end.error();
  }
  paths.push_back(end.ok() ? std::move(*end) : path);
  return paths;
}

}  // namespace cairn::ops
