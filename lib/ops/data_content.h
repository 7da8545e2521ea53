// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/values.h"
#include "report/byte_source.h"
#include "store/recipe.h"

/// The content of one file in one state of a project, wherever it is kept.
namespace cairn::ops {

struct DataContent {
  std::uint64_t size = 0;
  report::OpenSource open;
  std::optional<store::Id> blob;  ///< where it is in the store
};

/// The file at `path` in a state that `reader` looks at: of the workspace the file itself, of a commit what
/// Git has or what its pointers and locks name. Symlinks are not followed. `workspace` must outlive the
/// content. Errors: `not_found` for what is not there or not in the local store, with what to type.
Result<DataContent> find_data_content(project::Workspace& workspace, ValueReader& reader,
                                      const ChosenRevision& revision, const std::string& path);

/// Its content-defined chunks: of a blob from its recipe, else by reading the content and cutting it.
Result<std::vector<store::Piece>> content_pieces(project::Workspace& workspace, const DataContent& content);

}  // namespace cairn::ops
