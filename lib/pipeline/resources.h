// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace cairn::pipeline {

/// What a stage takes while it runs, and what a machine has. In thousandths of a CPU and bytes, so that sums
/// are exact.
struct Resources {
  std::uint64_t milli_cpus = 0;  ///< a stage that names none takes 1000
  std::uint64_t memory = 0;
  std::uint64_t gpus = 0;
  std::map<std::string, std::uint64_t> tokens;  ///< "licences: 2", "db: 1"
  bool operator==(const Resources&) const = default;
};

/// How often a command that failed is tried again.
struct Retries {
  unsigned count = 0;                     ///< tries after the first
  std::chrono::milliseconds delay{1000};  ///< before the first of them; doubles each time
  bool operator==(const Retries&) const = default;
};

}  // namespace cairn::pipeline
