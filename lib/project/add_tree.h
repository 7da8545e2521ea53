// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "store/reader.h"
#include "store/writer.h"

namespace cairn::project {

/// What shall stand at paths of a folder object: an entry (its name is taken from the path), or nothing. No
/// path is inside another.
using TreeEdits = std::map<std::string, std::optional<store::TreeEntry>>;

/// The folder object `tree` (nothing: an empty one) with the edits made, as an entry without a name; missing
/// folders on the way are made. Everything else is as it was and need not be stored but for the folder
/// objects on the way. With a writer the new folder objects are stored. `not_found` for taking out a path
/// that is not there. Cost: the folders from the top to each path.
Result<store::TreeEntry> edit_tree(store::Reader& reader, const std::optional<store::Id>& tree,
                                   const TreeEdits& edits, store::Writer* writer);

/// The entry at a path of a folder object.
Result<std::optional<store::TreeEntry>> find_in_tree(store::Reader& reader, const store::Id& tree,
                                                     std::string_view path);

}  // namespace cairn::project
