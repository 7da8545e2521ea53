// SPDX-License-Identifier: Apache-2.0
#include "project/new_path.h"

#include "base/escape.h"
#include "git/ignore_file.h"
#include "os/path.h"
#include "project/apply_hints.h"

namespace cairn::project {
namespace {

Status check_name(const std::string& path) {
  CAIRN_TRY(os::check_relative(path));
  for (const std::string_view part : os::parts_of(path)) {
    if (part == ".cairn") {
      return Error(Code::usage, quoted(path) + " belongs to cairn itself");
    }
  }
  return is_pointer_path(path)
             ? Status(Error(Code::usage, quoted(path) + " is a name for a pointer, not for data"))
             : Status();
}

Status check_tracked(const std::vector<Tracked>& tracked, const std::string& path) {
  for (const Tracked& one : tracked) {
    if (one.path == path) {
      return Error(Code::exists, quoted(path) + " is tracked already");
    }
    if (os::is_within(path, one.path)) {
      return Error(Code::conflict,
                   quoted(path) + " is inside " + quoted(one.path) + ", which is tracked as a whole");
    }
    if (os::is_within(one.path, path)) {
      return Error(Code::conflict,
                   quoted(path) + " holds " + quoted(one.path) + ", which is tracked by itself");
    }
  }
  return {};
}

}  // namespace

Status check_new_path(Workspace& workspace, const std::vector<Tracked>& tracked, const std::string& path) {
  CAIRN_TRY(check_name(path));
  CAIRN_TRY(check_tracked(tracked, path));
  if (!workspace.git_layout()) {
    return {};
  }
  CAIRN_TRY(git::ignore_line(os::name_of(path)));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  const std::string full = os::join(workspace.git_prefix(), path);
  CAIRN_TRY_ASSIGN(const bool in_git, git->is_tracked(full));
  CAIRN_TRY_ASSIGN(const auto inside, git->find_tracked_within(full));
  if (!in_git && !inside) {
    return {};
  }
  return Error(Code::conflict,
               in_git ? quoted(path) + " is tracked by Git"
                      : quoted(*inside) + ", inside " + quoted(path) + ", is tracked by Git",
               "git rm --cached " + std::string(in_git ? "" : "-r ") + shell_quoted(path));
}

}  // namespace cairn::project
