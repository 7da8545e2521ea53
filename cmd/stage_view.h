// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/watcher.h"
#include "terminal.h"

namespace cairn::cmd {

/// What shows a run of stages on this terminal, live where it can be drawn on. `terminal` outlives it.
std::unique_ptr<pipeline::Watcher> stage_view(Terminal& terminal);

}  // namespace cairn::cmd
