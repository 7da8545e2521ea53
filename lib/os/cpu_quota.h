// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace cairn::os {

/// Processors that the cgroup of this process and those above it grant, rounded up; nothing without a limit.
/// `membership` is the text of /proc/self/cgroup, `mount` is /sys/fs/cgroup. Versions 2 (cpu.max) and 1
/// (cpu.cfs_quota_us); see cgroups(7).
std::optional<unsigned> cpu_quota(const std::string& membership, const std::string& mount);

}  // namespace cairn::os
