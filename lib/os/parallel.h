// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace cairn::os {

/// Processors that this process may use (affinity and cgroup quota, a part of one counted as one), at
/// least 1.
unsigned available_processors();

/// Runs work(0) … work(workers-1), each on a thread of its own (work(0) on the caller's), and joins them all.
/// The first error wins; the others are dropped. The workers see no cancellation here: they share their own
/// flag. Where the system has no thread left, the caller's runs those workers one after the other: a worker
/// must not wait for another to have begun.
Status run_workers(unsigned workers, const std::function<Status(unsigned worker)>& work);

/// Calls body(i) once for every i below `count`, on up to `workers` threads that take `grain` neighbours at a
/// time. Stops handing out after the first error and returns it.
Status parallel_for(std::size_t count, unsigned workers, std::size_t grain,
                    const std::function<Status(std::size_t)>& body);

}  // namespace cairn::os
