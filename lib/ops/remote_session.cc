// SPDX-License-Identifier: Apache-2.0
#include "ops/remote_session.h"

namespace cairn::ops {

RemoteSession::RemoteSession(remote::Remote remote, store::Store& store, os::FileLock lock,
                             os::TempFolder folder, remote::RemoteIndex index, const Context& context)
    : remote_(std::move(remote)),
      lock_(std::move(lock)),
      folder_(std::move(folder)),
      index_(std::move(index)),
      context_(context),
      stage_(remote_.transport(), folder_.path(), context),
      entries_(store, index_, stage_) {}

Result<std::unique_ptr<RemoteSession>> RemoteSession::open(remote::Remote remote, store::Store& store,
                                                           const Context& context) {
  CAIRN_TRY_ASSIGN(os::FileLock lock, store.lock_for_writing());
  CAIRN_TRY_ASSIGN(os::TempFolder folder, os::TempFolder::make(store.paths().temporary(), "check-"));
  CAIRN_TRY_ASSIGN(remote::RemoteIndex index, remote::RemoteIndex::load(remote, context));
  return std::unique_ptr<RemoteSession>(new RemoteSession(std::move(remote), store, std::move(lock),
                                                          std::move(folder), std::move(index), context));
}

Result<remote::Difference> RemoteSession::compare(std::span<const store::Object> objects,
                                                  const remote::TreeVisitor& visit) {
  return index_.lacks_packs() ? remote::compare_closures(entries_, objects, context_, visit)
                              : remote::compare_heads(entries_, objects, context_, visit);
}

}  // namespace cairn::ops
