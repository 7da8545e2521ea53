// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_edit.h"

#include <array>

#include "base/escape.h"
#include "pipeline/lock_outputs.h"
#include "project/tracked.h"
#include "remote/open.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kDefaultRemote = "core.remote";
constexpr std::array kLevels = {project::ConfigLevel::user, project::ConfigLevel::project,
                                project::ConfigLevel::local};

std::string prefix_of(const std::string& name) {
  return "remote." + name + ".";
}

Status check_there(project::Workspace& workspace, const std::string& name) {
  if (!workspace.config().find(prefix_of(name) + "url")) {
    return Error(Code::not_found, "there is no remote " + quoted(name), "cairn remote list");
  }
  return {};
}

/// What the backend itself says of the change, as far as that shows without opening anything.
Status check_place(project::Workspace& workspace, const RemoteChange& change) {
  const project::Config& config = workspace.config();
  transport::Place place{change.name, config.get_or(prefix_of(change.name) + "url", ""),
                         config.settings_of_remote(change.name), workspace.paths().root};
  if (change.setting == "url") {
    place.url = change.value.value_or("");
  } else if (change.value) {
    place.settings[change.setting] = *change.value;
  }
  CAIRN_TRY(remote::open_transport(place));
  return {};
}

/// Pointers and locks name remotes too; they are the user's, and Git's.
Status check_unnamed(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  for (const project::Tracked& one : tracked) {
    if (one.remote == name) {
      return Error(Code::conflict, quoted(one.path) + " goes to remote " + quoted(name) + " only",
                   "take 'remote: " + name + "' out of " + escaped(one.declared_in) +
                       ", then rename, then put the new name in");
    }
  }
  return {};
}

Status move_setting(project::Config& config, const std::string& from, const std::string& to) {
  for (const project::ConfigLevel level : kLevels) {
    if (const auto value = config.find_at(level, from)) {
      CAIRN_TRY(config.set(level, to, *value));
      CAIRN_TRY(config.unset(level, from));
    }
  }
  return {};
}

}  // namespace

Status modify_remote(project::Workspace& workspace, const RemoteChange& change) {
  CAIRN_TRY(check_there(workspace, change.name));
  const std::string setting = prefix_of(change.name) + change.setting;
  if (!change.value && change.setting == "url") {
    return Error(Code::usage, "a remote without an address is none",
                 "cairn remote remove " + escaped(change.name));
  }
  CAIRN_TRY(check_place(workspace, change));
  return change.value ? workspace.config().set(change.level, setting, *change.value)
                      : workspace.config().unset(change.level, setting);
}

Status rename_remote(project::Workspace& workspace, const std::string& from, const std::string& to) {
  CAIRN_TRY(check_there(workspace, from));
  project::Config& config = workspace.config();
  if (config.find(prefix_of(to) + "url")) {
    return Error(Code::exists, "there is a remote " + quoted(to) + " already", "cairn remote list");
  }
  CAIRN_TRY(check_unnamed(workspace, from));
  for (const auto& [name, value] : config.list()) {
    if (name.starts_with(prefix_of(from))) {
      CAIRN_TRY(move_setting(config, name, prefix_of(to) + name.substr(prefix_of(from).size())));
    }
  }
  for (const project::ConfigLevel level : kLevels) {
    if (config.find_at(level, kDefaultRemote) == from) {
      CAIRN_TRY(config.set(level, kDefaultRemote, to));
    }
  }
  return {};
}

}  // namespace cairn::ops
