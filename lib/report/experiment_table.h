// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/value_tables.h"

namespace cairn::report {

/// One line of the table of experiments: the workspace, a commit, or an experiment.
struct ExperimentRow {
  std::string name;
  std::string base;  ///< "" for what is no experiment
  std::string status;
  std::string created;
  std::vector<Document> params;
  std::vector<Document> metrics;
};

/// Name, base, status, created, then a column for each metric and for each param whose value is not the same
/// in all rows. A key that several files have is written "FILE:KEY".
Table experiments_table(const std::vector<ExperimentRow>& rows, const TableStyle& style);

/// The value of a metric, else of a param, named "KEY" or "FILE:KEY"; null pointer when the row has none.
const text::Value* find_value(const ExperimentRow& row, const std::string& name);

/// Whether `a` comes before `b`: numbers by size, before all else; other values by their text; nothing last.
bool sorts_before(const text::Value* a, const text::Value* b);

}  // namespace cairn::report
