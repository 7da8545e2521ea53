// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::os {

/// Bytes that the cgroup of this process and those above it grant; nothing without a limit. `membership` is
/// the text of /proc/self/cgroup, `mount` is /sys/fs/cgroup. Versions 2 (memory.max) and 1
/// (memory.limit_in_bytes); see cgroups(7).
std::optional<std::uint64_t> memory_limit(const std::string& membership, const std::string& mount);

/// Bytes of memory that this process and its children may use in all: the machine's, or the cgroup's.
std::uint64_t available_memory();

}  // namespace cairn::os
