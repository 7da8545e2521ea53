// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/table.h"
#include "report/value_diff.h"

namespace cairn::report {

/// Params or metrics of one state of the project.
struct Revision {
  std::string name;
  std::vector<Document> documents;
};

/// How values become cells.
struct TableStyle {
  std::optional<unsigned> digits;  ///< significant digits of numbers; nothing: all
  bool paths = true;               ///< with a column for the file
};

/// What a difference is called in the header: "Param" or "Metric", the names of both sides, and of the column
/// for the differences of numbers ("" for none).
struct DiffLabels {
  std::string value;
  std::string before;
  std::string after;
  std::string difference;
};

/// One row a value: path, key, before, after, difference.
Table diff_table(const std::vector<DocumentDiff>& diffs, const DiffLabels& labels, const TableStyle& style);

/// One row a revision and file, one column a key, in the order in which keys are first met.
Table metrics_table(const std::vector<Revision>& revisions, const TableStyle& style);

/// One row a file and key, one column a revision.
Table params_table(const std::vector<Revision>& revisions, const TableStyle& style);

}  // namespace cairn::report
