// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cairn::os {

/// Whether the modification time of a folder changes when an entry comes or goes, and not when a file in it
/// is written or a folder in it changes, as POSIX has it and some network and shared file systems do not.
/// Tried in a temporary folder below `parent`; false where that cannot be done. Cost: about 20 system calls,
/// no wait.
bool folder_times_follow_entries(const std::string& parent);

}  // namespace cairn::os
