// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sftp/session.h"

namespace cairn::sftp {

/// A file that was listed; its name begins below the folder that was asked for.
struct ListedFile {
  std::string name;
  std::uint64_t size = 0;
  std::uint32_t mtime = 0;  ///< seconds since 1970, by the server's clock
};

/// All files below some folders of `top` ("": itself), at any depth, in no order, with names relative to
/// `top`. Left out are symlinks, names that no object can have (os::check_name), and the folder `skipped` of
/// the top ("": none). `not_found` when there is no `top` and it is to be read; any other folder that is not
/// there is empty. Round trips: two for 16 folders of a depth, one more for 1,600 files of a folder.
Result<std::vector<ListedFile>> list_files(Session& session, const std::string& top,
                                           std::vector<std::string> folders, std::string_view skipped);

}  // namespace cairn::sftp
