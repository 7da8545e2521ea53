// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/table_rows.h"

namespace cairn::report {

/// What a column's cells are, as bits.
enum CellType : unsigned {
  kNoType = 0,  ///< an empty cell, null
  kInteger = 1,
  kNumber = 2,
  kBoolean = 4,
  kString = 8,
  kList = 16,
  kMap = 32,
};

struct TableColumn {
  std::string name;
  unsigned types = kNoType;  ///< CellType, of all cells
  bool gaps = false;         ///< some cells are empty

  /// "integer", "number", "string", "integer or string", "empty".
  [[nodiscard]] std::string type_words() const;
};

struct TableSchema {
  std::vector<TableColumn> columns;
  std::uint64_t rows = 0;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
};

/// Reads the whole table. Cells of CSV and TSV are integers, numbers or booleans where all of a column are,
/// else strings. Errors: those of TableRows.
Result<TableSchema> read_table_schema(const TableFile& file);

}  // namespace cairn::report
