// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"

struct sock_fprog;

/// The kernel's side of a trace. Internal to runner/.
namespace cairn::runner {

/// False where this build knows no system call numbers.
bool trace_is_built();

/// A filter that asks its listener about each system call that a trace wants to see. Lives for ever.
const sock_fprog& trace_filter();

/// Puts the filter on the calling process, for ever: its listener, or minus an errno. Async-signal-safe.
int install_trace_filter(const sock_fprog& filter);

/// Lets a call that the listener received go on as it is. False when it no longer waits: its caller was
/// killed. Async-signal-safe.
bool let_go(int listener, std::uint64_t call);

/// Tries it all on a child. Error `unsupported` with the reason.
Status probe_trace();

}  // namespace cairn::runner
