// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ops/source_clone.h"
#include "project/list.h"

namespace cairn::ops {

/// One thing in another repository.
struct SourceEntry {
  enum class Keeper : std::uint8_t {
    cairn,
    git,
    both,  ///< a folder of Git; whether it holds tracked data is seen by looking into it
  };
  store::TreeKind kind = store::TreeKind::file;
  Keeper keeper = Keeper::git;
  std::optional<store::Object> object;  ///< of what cairn keeps
};

struct SourceList {
  git::Oid commit;
  std::map<std::string, SourceEntry> entries;  ///< by path from the top of the repository
};

/// What another repository has at `path` ("": its top): data that cairn keeps, and files of Git, but for
/// pointers. Of Git only the small files of cairn are fetched (SourceClone), of the data's remote only lists
/// of files, and those where the path is inside tracked data, or with ListDepth::all. Errors: `not_found`.
Result<SourceList> list_source(const SourceRevision& source, const std::string& path,
                               project::ListDepth depth, const Context& context);

}  // namespace cairn::ops
