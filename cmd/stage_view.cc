// SPDX-License-Identifier: Apache-2.0
#include "stage_view.h"

#include "live_view.h"
#include "plain_view.h"

namespace cairn::cmd {

std::unique_ptr<pipeline::Watcher> stage_view(Terminal& terminal) {
  if (terminal.can_draw()) {
    return std::make_unique<LiveView>(terminal);
  }
  return std::make_unique<PlainView>(terminal);
}

}  // namespace cairn::cmd
