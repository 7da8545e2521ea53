// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>
#include <sched.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "runner/hold.h"

namespace cairn::runner {

/// What a process needs to become a held one, made before the fork. Internal to runner/.
struct HoldSetup {
  Hold hold;
  std::vector<sock_filter> filter;
  std::optional<cpu_set_t> cpus;  ///< the processors to stay on
  std::string user_map;           ///< of a user namespace in which we are who we are
  std::string group_map;
  std::atomic<bool>* threads_seen = nullptr;  ///< in memory that is shared with children
};

/// Forks the calling process, which is a fork itself: returns in the child, which is the held one: 0, or an
/// errno. The caller becomes its tracer, and ends as the held one does; it returns only where nothing can be
/// held, with an errno. `data` is a HoldSetup. Allocates memory, which glibc allows in the fork of a process
/// with threads.
int become_held(void* data);

}  // namespace cairn::runner
