// SPDX-License-Identifier: Apache-2.0
#include "ops/checkout.h"

#include "ops/folder_part.h"

namespace cairn::ops {

Result<project::CheckoutReport> checkout(project::Workspace& workspace, project::LockReader read_lock,
                                         const CheckoutRequest& request, const Context& context) {
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, read_lock));
  CAIRN_TRY_ASSIGN(tracked, project::select_tracked(std::move(tracked), request.targets));
  std::vector<project::Tracked> whole;
  std::vector<FoundPart> parts;
  const InnerTargets targets(request.targets);
  for (project::Tracked& one : tracked) {
    std::vector<std::string> inner = targets.of(one);
    if (inner.empty()) {
      whole.push_back(std::move(one));
    } else {
      CAIRN_TRY_ASSIGN(FoundPart part, find_local_part(workspace, {std::move(one), "", std::move(inner)}));
      parts.push_back(std::move(part));
    }
  }
  project::CheckoutOptions options;
  options.force = request.force;
  options.complete = request.targets.empty();
  options.dry_run = request.dry_run;
  return checkout_with_parts(workspace, std::move(whole), parts, std::move(options), context);
}

}  // namespace cairn::ops
