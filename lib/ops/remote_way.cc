// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_way.h"

#include "base/escape.h"
#include "remote/open.h"

namespace cairn::ops {

Result<RemoteWay> find_way(project::Workspace& workspace, const std::string& name,
                           const Context& /*context*/) {
  std::string chosen = name.empty() ? workspace.config().get_or("core.remote", "") : name;
  if (chosen.empty()) {
    auto remotes = workspace.config().remotes();
    return Error(Code::not_found, "no default remote is set",
                 remotes.empty() ? "cairn remote add NAME URL" : "cairn remote default " + remotes.front());
  }
  auto url = workspace.config().find("remote." + chosen + ".url");
  if (!url) {
    return Error(Code::not_found, "there is no remote " + quoted(chosen),
                 "cairn remote add " + chosen + " URL");
  }
  CAIRN_TRY_ASSIGN(auto transport, remote::open_transport(url->value, workspace.paths().root));
  return RemoteWay{std::move(chosen), std::move(transport)};
}

}  // namespace cairn::ops
