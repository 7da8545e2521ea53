// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <deque>
#include <map>
#include <string>

#include "runner/hold.h"
#include "runner/hold_registers.h"

namespace cairn::runner {

/// Names of a folder as the kernel writes them for getdents64 or getdents, one each.
using FolderNames = std::deque<std::string>;

/// Answers a call that reads the names of a folder, in the held order; false: it is to be made as it is.
/// `open` has what is left of folders, by descriptor. A folder is read whole at the first call; its order in
/// `telldir` and `seekdir` is the kernel's. Internal to runner/.
bool list_held_folder(pid_t thread, pid_t process, Hold::FolderOrder order, Registers& registers,
                      std::map<int, FolderNames>& open);

}  // namespace cairn::runner
