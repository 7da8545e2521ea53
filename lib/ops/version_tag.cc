// SPDX-License-Identifier: Apache-2.0
#include "ops/version_tag.h"

#include "base/escape.h"
#include "git/shared_refs.h"
#include "ops/version_checks.h"
#include "version/version_refs.h"

namespace cairn::ops {

Status tag_version(project::Workspace& workspace, const std::string& name, const std::string& alias) {
  CAIRN_TRY(version::check_alias_name(alias));
  CAIRN_TRY_ASSIGN(auto version, version::find_version(workspace, name));
  CAIRN_TRY_ASSIGN(auto refused, unverified_aliases(workspace, {alias}, version.commit,
                                                    "cairn pipeline reproduce --version " + version.name));
  return refused.empty() ? version::set_alias(workspace, alias, version) : Status(refused.front());
}

Result<RemovedVersion> remove_named_version(project::Workspace& workspace, const std::string& name,
                                            Force force) {
  CAIRN_TRY(version::check_version_name(name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto aliases, version::list_aliases(workspace));
  for (const version::AliasMove& move : aliases) {
    if (move.version == name && force == Force::no) {
      return Error(Code::conflict, "alias " + quoted(move.alias) + " stands for version " + quoted(name),
                   "cairn pipeline tag --remove " + move.alias + ", or say --force");
    }
  }
  CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(*git, git::SharedKind::version, name));
  CAIRN_TRY(version::remove_version(workspace, name));
  RemovedVersion removed;
  for (const git::SharedRef& shared : refs) {
    removed.commit = shared.commit.hex();
    removed.remote = shared.remote.empty() ? removed.remote : shared.remote;
  }
  return removed;
}

}  // namespace cairn::ops
