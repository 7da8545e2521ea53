// SPDX-License-Identifier: Apache-2.0
#include "os/cpu_quota.h"

#include <algorithm>
#include <string_view>

#include "os/cgroup.h"

namespace cairn::os {
namespace {

std::optional<unsigned> rounded_up(std::uint64_t quota, std::uint64_t period) {
  if (quota == 0 || period == 0) {
    return std::nullopt;
  }
  return static_cast<unsigned>(
      std::clamp<std::uint64_t>(quota / period + (quota % period != 0), 1, 1u << 16));
}

std::optional<unsigned> limit_of(const Cgroup& group) {
  if (group.version2) {
    std::string text = cgroup_text(group, "cpu.max").value_or("max");
    std::size_t space = text.find(' ');
    return space == std::string::npos
               ? std::nullopt
               : rounded_up(cgroup_number(text), cgroup_number(std::string_view(text).substr(space + 1)));
  }
  std::string quota = cgroup_text(group, "cpu.cfs_quota_us").value_or("");
  std::string period = cgroup_text(group, "cpu.cfs_period_us").value_or("");
  return rounded_up(cgroup_number(quota), cgroup_number(period));
}

}  // namespace

std::optional<unsigned> cpu_quota(const std::string& membership, const std::string& mount) {
  std::optional<unsigned> least;
  each_cgroup(membership, mount, "cpu", [&least](const Cgroup& group) {
    std::optional<unsigned> limit = limit_of(group);
    if (limit.has_value()) {
      least = std::min(least.value_or(*limit), *limit);
    }
  });
  return least;
}

}  // namespace cairn::os
