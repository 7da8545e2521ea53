// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/result.h"

namespace cairn::git {

/// The commit that a tag, a branch or a saved version of another repository names, or its own branch for "",
/// as `git ls-remote` in the folder `from` tells: one request, nothing is cloned. Nothing where none of them
/// has that name. Git may ask for passwords on the terminal. Errors: `remote` when Git fails; `interrupted`
/// once `stop` is set.
Result<std::optional<std::string>> find_remote_commit(const std::string& url, const std::string& revision,
                                                      const std::string& from, const std::atomic<bool>& stop);

}  // namespace cairn::git
