// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::os {

/// A control group of this process, or one above it.
struct Cgroup {
  std::string folder;     ///< with the controller's files
  bool version2 = false;  ///< of the hierarchy; see cgroups(7)
};

/// Calls `visit` for every group that rules `controller` ("cpu", "memory") for this process, from its own up.
/// `membership` is the text of /proc/self/cgroup, `mount` is /sys/fs/cgroup. Groups need not exist: a
/// container sees its own group as the top, whatever the path says. Internal to os/.
void each_cgroup(const std::string& membership, const std::string& mount, std::string_view controller,
                 const std::function<void(const Cgroup&)>& visit);

/// The text of a group's file; nothing if there is none. Internal to os/.
std::optional<std::string> cgroup_text(const Cgroup& group, std::string_view file);

/// The number at the start of `text`; 0 for "max", "-1" and whatever else means no limit. Internal to os/.
std::uint64_t cgroup_number(std::string_view text);

}  // namespace cairn::os
