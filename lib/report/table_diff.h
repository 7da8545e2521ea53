// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/table_schema.h"

namespace cairn::report {

struct TableDiffOptions {
  std::vector<std::string> key;  ///< columns that name a row; none: see find_key
  bool find_key = true;          ///< without a key: find_table_key(); else, or without one, whole rows count
  std::size_t rows = 10;         ///< of each kind that are told cell by cell
};

/// A column that was added ("" before), removed ("" after), or whose cells have other types.
struct ColumnChange {
  std::string name;
  std::string before;
  std::string after;
};

struct TableCell {
  std::string column;
  std::string value;
};
struct TableRow {
  std::uint64_t line = 0;
  std::vector<TableCell> cells;
};

struct CellChange {
  std::string column;
  std::string before;
  std::string after;
};
struct ChangedRow {
  std::vector<TableCell> key;
  std::uint64_t line_before = 0;
  std::uint64_t line_after = 0;
  std::vector<CellChange> cells;
};

/// What changed inside a table.
struct TableDiff {
  std::vector<std::string> key;  ///< by which rows were matched; none: whole rows, which are never `changed`
  std::uint64_t rows_before = 0;
  std::uint64_t rows_after = 0;
  std::vector<ColumnChange> columns;
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;
  std::vector<std::pair<std::string, std::uint64_t>> changed_columns;  ///< in how many of the changed rows
  std::vector<TableRow> added_rows;  ///< the first ones, as all lists in order of the file
  std::vector<TableRow> removed_rows;
  std::vector<ChangedRow> changed_rows;

  /// The same columns and the same rows, in whatever order.
  [[nodiscard]] bool same_content() const;
};

/// "id=17, day=3".
std::string key_words(const std::vector<TableCell>& key);

/// Compares two tables; cells by their text, and only those of columns that both have. Reads each file two to
/// four times, and keeps 40 bytes a row of `before`, 16 an added row, 4 a cell of changed rows. Errors: those
/// of TableRows; `malformed` for a column of the key that is not there, and for a key that two rows have,
/// with their lines; `unsupported` above kMostRows rows or 250 million cells in changed rows.
Result<TableDiff> diff_tables(const TableFile& before, const TableFile& after,
                              const TableDiffOptions& options);

}  // namespace cairn::report
