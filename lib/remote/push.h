// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "remote/gc_lock.h"
#include "remote/transfer.h"

namespace cairn::remote {

/// push(), which waits for collections as `lock_times` say: a collection on the remote is waited for at the
/// end, and what it took is sent again. `locked` when it does not end.
Result<PushReport> push_waiting(store::Store& store, const Remote& remote, std::span<const Root> roots,
                                std::string_view project, std::span<const CommitRoots> commits,
                                const Context& context, const std::function<Status()>& before_roots,
                                const LockTimes& lock_times);

}  // namespace cairn::remote
