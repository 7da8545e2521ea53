// SPDX-License-Identifier: Apache-2.0
#include "git/install_config.h"

#include "git/drivers.h"
#include "git/shared_refs.h"
#include "git/untracked_cache.h"

namespace cairn::git {

Result<ConfigChanges> install_config(Repository& repository) {
  ConfigChanges changes;
  CAIRN_TRY_ASSIGN(changes.drivers, install_drivers(repository));
  CAIRN_TRY_ASSIGN(changes.fetch, add_shared_refspecs(repository));
  CAIRN_TRY_ASSIGN(changes.untracked_cache, enable_untracked_cache(repository));
  return changes;
}

Result<ConfigChanges> uninstall_config(Repository& repository) {
  ConfigChanges changes;
  CAIRN_TRY_ASSIGN(changes.drivers, uninstall_drivers(repository));
  CAIRN_TRY_ASSIGN(changes.fetch, remove_shared_refspecs(repository));
  CAIRN_TRY_ASSIGN(changes.untracked_cache, disable_untracked_cache(repository));
  return changes;
}

}  // namespace cairn::git
