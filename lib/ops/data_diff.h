// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "project/workspace.h"
#include "report/content_change.h"
#include "report/table_diff.h"

namespace cairn::ops {

struct DataDiffRequest {
  std::string path;    ///< project path of a file: tracked data, a file in it, an out, or one that Git has
  std::string before;  ///< a revision or experiment; "" is HEAD
  std::string after;   ///< "" is the workspace
  report::TableDiffOptions table;
};

/// What changed inside one file: of a table its rows and columns; of another text its lines; of anything
/// else, and of texts above 16 MiB, how much.
struct DataDiff {
  std::string before;  ///< names of the states
  std::string after;
  bool same = false;  ///< the content is the same; nothing below is set
  std::uint64_t size_before = 0;
  std::optional<report::TableDiff> table;
  std::optional<std::string> lines;  ///< text::unified_diff
  report::ContentChange content;     ///< where it is neither of them
};

/// Reads only. Errors: unknown revisions; `not_found` for a file that a state does not have, or whose content
/// is not in the local store; those of report::diff_tables.
Result<DataDiff> diff_data(project::Workspace& workspace, const DataDiffRequest& request);

}  // namespace cairn::ops
