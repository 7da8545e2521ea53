// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cairn::runner {

/// Closes all descriptors from 1 on, for a small process of ours that was forked and keeps what it needs as
/// descriptor 0: locks and pipes of ours must not live on in it. Async-signal-safe. Internal to runner/.
void close_all_but_first();

}  // namespace cairn::runner
