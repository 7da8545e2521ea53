// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "store/store.h"
#include "transport/transport.h"

namespace cairn::remote {

/// One thing that was tried with a remote.
struct ProbeStep {
  std::string name;  ///< reach, list, write, read, remove
  std::chrono::microseconds took{0};
  std::optional<Error> error;  ///< as the transport gave it
};

struct ProbeReport {
  bool used = false;             ///< something was pushed there before
  bool writable = true;          ///< false: the backend can only read, and nothing was written
  std::vector<ProbeStep> steps;  ///< in the order in which they were tried; a failure ends them

  [[nodiscard]] const ProbeStep* failed() const;
};

/// Tries what push and pull do: reads `format`, lists, and where the backend can write, writes an object of 4
/// KiB below `probes/`, reads it whole and in part, compares, and removes it. A place that was never used is
/// made first. What was written is removed also when reading it failed.
/// `remote` is its name, for messages.
Result<ProbeReport> probe(transport::Transport& transport, const std::string& remote,
                          const store::StorePaths& store, const Context& context);

}  // namespace cairn::remote
