// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "report/value_tables.h"

namespace cairn::cmd {

/// How tables of values are printed.
struct TableOptions {
  bool markdown = false;
  bool csv = false;
  unsigned precision = 0;  ///< significant digits; 0 is the default of the form
  bool no_path = false;

  /// CSV has all digits unless it is told otherwise.
  [[nodiscard]] report::TableStyle style() const;
};
std::shared_ptr<TableOptions> add_table_options(Parser& app);

/// The table in the form that was asked for; `none` where the text has no rows.
std::string table_text(const report::Table& table, const TableOptions& options, const std::string& none);

/// Numbers keep all digits; those that JSON lacks are the strings "NaN", "Infinity" and "-Infinity".
Json value_json(const text::Value& value);
/// {"FILE": {"data": …}}
Json documents_json(const std::vector<report::Document>& documents);
/// {"FILE": {"KEY": {"old": …, "new": …, "diff": …}}}; null where a side lacks it, "diff" of numbers only.
Json diffs_json(const std::vector<report::DocumentDiff>& diffs);

}  // namespace cairn::cmd
