// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "git/repository.h"

namespace cairn::git {

/// What was changed in the local configuration.
struct ConfigChanges {
  bool drivers = false;          ///< how Git merges and shows pointers and locks
  bool fetch = false;            ///< what `git fetch` brings
  bool untracked_cache = false;  ///< where `git status` looks
};

/// Sets all that cairn sets there, but the path of its program (own_program.h), where it is not there yet.
Result<ConfigChanges> install_config(Repository& repository);
/// Takes it out again.
Result<ConfigChanges> uninstall_config(Repository& repository);

}  // namespace cairn::git
