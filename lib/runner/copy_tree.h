// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>

#include "os/root.h"

namespace cairn::runner {

/// Copies a file, a folder with all that is in it, or a symlink as it is, from one root into another, where
/// the name must be free; missing parents are made. Contents are shared where the file system can (FICLONE),
/// never by a hard link. Permission bits and modification times of files are kept. Nothing is synced. Errors:
/// `not_found` for a missing source, `unsupported` for what is neither file, folder nor symlink,
/// `interrupted` once `stop` is set.
Status copy_tree(const os::Root& from, const std::string& source, const os::Root& to,
                 const std::string& target, const std::atomic<bool>& stop);

}  // namespace cairn::runner
