// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "store/reader.h"

namespace cairn::report {

/// Folders of more files are not listed file by file.
inline constexpr std::size_t kMaxFolderLines = 10'000;

/// A stored folder as lines for a comparison of texts: one for each file, symlink and empty folder with its
/// size, the start of its id, its path, and what is special about it, in name order. A line depends on
/// nothing but that file. Where there are more than `limit` of them, folders stand for what is in them, from
/// the deepest level on that is one too many; a folder with more than `limit` entries of its own is one line
/// that says so. A folder inside whose list is not in the store stands for itself too. Errors: `not_found`
/// where the folder's own list is not in the store, `corrupt`.
Result<std::string> folder_lines(store::Reader& reader, const store::Id& tree,
                                 std::size_t limit = kMaxFolderLines);

}  // namespace cairn::report
