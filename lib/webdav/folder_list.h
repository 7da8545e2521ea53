// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "webdav/propfind.h"
#include "webdav/site.h"

namespace cairn::webdav {

struct FolderList {
  std::vector<Member> members;
  std::optional<std::chrono::sys_seconds> now;  ///< the server's time; nothing where it does not tell it
};

/// Lists a folder of the site ("" or a name with a slash at its end), in one request; nothing when there is
/// no such folder. Errors: `remote`.
Result<std::optional<FolderList>> list_folder(Site& site, const std::string& folder);

}  // namespace cairn::webdav
