// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "git/repository.h"

/// Git's untracked cache (core.untrackedCache): `git status` looks only into folders that changed since it
/// looked last. Without it Git compares each data file with the lines of its folder's .gitignore, and a
/// project that tracks thousands of files one by one has as many lines.
namespace cairn::git {

/// Switches it on in the local configuration, where nothing is set that speaks of it and the file system
/// keeps the times of folders (os::folder_times_follow_entries). True if it did.
Result<bool> enable_untracked_cache(Repository& repository);
/// Takes the setting out if cairn made it and it is still the same. True if it was.
Result<bool> disable_untracked_cache(Repository& repository);

}  // namespace cairn::git
