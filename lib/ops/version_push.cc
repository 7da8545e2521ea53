// SPDX-License-Identifier: Apache-2.0
#include "ops/version_push.h"

#include <set>

#include "git/remotes.h"
#include "git/shared_push.h"
#include "ops/push.h"
#include "pipeline/lock_outputs.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

using git::SharedKind;
using git::SharedRef;

/// Refs of here that belong to these versions; to all when there are none.
Result<std::vector<SharedRef>> chosen_refs(git::Repository& git,
                                           const std::vector<version::Version>& versions) {
  std::set<std::string> names;
  std::set<git::Oid> commits;
  for (const version::Version& version : versions) {
    names.insert(version.name);
    commits.insert(version.commit);
  }
  std::vector<SharedRef> out;
  for (SharedKind kind : {SharedKind::version, SharedKind::alias, SharedKind::verdict}) {
    CAIRN_TRY_ASSIGN(auto refs, git::shared_refs(git, kind));
    for (SharedRef& shared : refs) {
      const bool chosen =
          kind == SharedKind::version ? names.contains(shared.name) : commits.contains(shared.commit);
      if (versions.empty() || chosen) {
        out.push_back(std::move(shared));
      }
    }
  }
  return out;
}

}  // namespace

Result<VersionPushReport> push_versions(project::Workspace& workspace, const VersionPushOptions& options,
                                        const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto remote, git::default_remote(*git));
  if (!remote) {
    return Error(Code::not_found, "Git knows no remote to push to", "git remote add origin URL");
  }
  std::vector<version::Version> versions;
  for (const std::string& name : options.names) {
    CAIRN_TRY_ASSIGN(auto version, version::find_version(workspace, name));
    versions.push_back(std::move(version));
  }
  CAIRN_TRY_ASSIGN(auto refs, chosen_refs(*git, versions));
  if (options.data) {
    TransferRequest request;
    for (const SharedRef& shared : refs) {
      if (shared.kind == SharedKind::version) {
        request.revisions.push_back(shared.commit.hex());
      }
    }
    if (!request.revisions.empty()) {
      CAIRN_TRY(push(workspace, pipeline::read_lock_outputs, request, context));
    }
  }
  CAIRN_TRY_ASSIGN(git::SharedPush pushed, git::push_shared(*git, *remote, refs));
  return VersionPushReport{*remote, std::move(pushed.sent), pushed.already_there};
}

}  // namespace cairn::ops
