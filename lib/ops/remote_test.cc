// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_test.h"

#include "ops/remote_way.h"

namespace cairn::ops {

Result<RemoteTest> test_remote(project::Workspace& workspace, const std::string& name,
                               const Context& context) {
  CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, name, context));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(remote::ProbeReport report,
                   remote::probe(*way.transport, way.name, store->paths(), context));
  return RemoteTest{std::move(way.name), way.transport->describe(), way.transport->login_source(),
                    std::move(report)};
}

}  // namespace cairn::ops
