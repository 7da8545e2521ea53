// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::git {

/// Name of the folder that `git clone URL` makes; "" where the URL has none.
std::string clone_folder_name(std::string_view url);

struct CloneOptions {
  bool quiet = false;    ///< Git says errors only
  bool files = true;     ///< check out the files of the repository's own branch
  bool partial = false;  ///< leave out the content of other commits' files, where the server allows that
};

/// Runs `git clone URL FOLDER` in the folder `from` (a relative URL is relative to it). What Git says goes to
/// our stderr, and it may ask for passwords on the terminal. `folder` is absolute. Errors: `remote` when Git
/// fails; it then leaves nothing behind.
Status clone_repository(const std::string& url, const std::string& folder, const std::string& from,
                        const CloneOptions& options);

}  // namespace cairn::git
