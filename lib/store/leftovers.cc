// SPDX-License-Identifier: Apache-2.0
#include "store/leftovers.h"

#include "os/file.h"

namespace cairn::store {

Status remove_leftovers(const StorePaths& paths) {
  CAIRN_TRY_ASSIGN(const auto names, os::list_folder(paths.temporary()));
  for (const os::DirEntry& entry : names) {
    CAIRN_TRY(os::remove_tree(paths.temporary() + "/" + entry.name));
  }
  return {};
}

}  // namespace cairn::store
