// SPDX-License-Identifier: Apache-2.0
#include "ops/pull.h"

#include "base/escape.h"
#include "ops/fetch.h"

namespace cairn::ops {

Result<PullReport> pull(project::Workspace& workspace, project::LockReader read_lock,
                        const PullOptions& options, const Context& context) {
  TransferRequest request;
  static_cast<TransferChoice&>(request) = options;
  request.parts = true;
  CAIRN_TRY_ASSIGN(FetchResult fetched, fetch(workspace, read_lock, request, context));
  PullReport report;
  report.fetched = fetched.report;
  report.runs = fetched.runs;
  report.refused_runs = fetched.refused_runs;
  CAIRN_TRY_ASSIGN(os::FileLock lock, workspace.lock());
  // Pointers may have changed during the transfer: what is written is what they say now.
  CAIRN_TRY_ASSIGN(TransferSet now, find_transfer_set(workspace, read_lock, request));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  std::erase_if(now.tracked, [&](const project::Tracked& one) {
    const bool nowhere = !one.push && !store->has(one.object);
    if (nowhere) {
      context.log.info(escaped(one.path) + " is not here and never pushed ('push: false')");
    }
    return nowhere;
  });
  CAIRN_TRY(check_parts(fetched.parts, now.parts));
  project::CheckoutOptions checkout;
  checkout.force = options.force;
  CAIRN_TRY_ASSIGN(report.checkout, checkout_with_parts(workspace, std::move(now.tracked), fetched.parts,
                                                        std::move(checkout), context));
  return report;
}

}  // namespace cairn::ops
