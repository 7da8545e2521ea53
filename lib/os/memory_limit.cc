// SPDX-License-Identifier: Apache-2.0
#include "os/memory_limit.h"

#include <unistd.h>

#include <algorithm>

#include "os/cgroup.h"
#include "os/file.h"

namespace cairn::os {

std::optional<std::uint64_t> memory_limit(const std::string& membership, const std::string& mount) {
  std::optional<std::uint64_t> least;
  each_cgroup(membership, mount, "memory", [&least](const Cgroup& group) {
    const char* file = group.version2 ? "memory.max" : "memory.limit_in_bytes";
    const std::uint64_t limit = cgroup_number(cgroup_text(group, file).value_or(""));
    if (limit > 0) {
      least = std::min(least.value_or(limit), limit);
    }
  });
  return least;
}

std::uint64_t available_memory() {
  const std::uint64_t machine = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  auto membership = find_file("/proc/self/cgroup");
  if (!membership.ok() || !membership->has_value()) {
    return machine;
  }
  // Version 1 writes a number above any machine's memory for no limit.
  return std::min(machine,
                  memory_limit(std::string(as_text(**membership)), "/sys/fs/cgroup").value_or(machine));
}

}  // namespace cairn::os
