// SPDX-License-Identifier: Apache-2.0
#include "report/table_schema.h"

#include <array>

#include "report/number_text.h"

namespace cairn::report {
namespace {

CellType type_of_delimited(std::string_view cell) {
  if (cell.empty()) {
    return kNoType;
  }
  if (whole_number<std::int64_t>(cell)) {
    return kInteger;
  }
  if (whole_number<double>(cell)) {
    return kNumber;
  }
  for (const std::string_view word : {"true", "false", "True", "False", "TRUE", "FALSE"}) {
    if (cell == word) {
      return kBoolean;
    }
  }
  return kString;
}

/// Of a value's canonical text.
CellType type_of_json(std::string_view cell) {
  switch (cell.empty() ? 'n' : cell.front()) {
    case 'n':
      return kNoType;
    case '"':
      return kString;
    case '[':
      return kList;
    case '{':
      return kMap;
    case 't':
    case 'f':
      return kBoolean;
    default:
      return whole_number<std::int64_t>(cell) ? kInteger : kNumber;
  }
}

/// An integer is a number too, and anything may stand in a cell of strings.
unsigned settled(unsigned types, TableFormat format) {
  if (format != TableFormat::json_lines && types != kInteger && types != kNumber && types != kBoolean &&
      types != (kInteger | kNumber) && types != kNoType) {
    return kString;
  }
  return (types & kNumber) != 0 ? types & ~static_cast<unsigned>(kInteger) : types;
}

}  // namespace

std::string TableColumn::type_words() const {
  static constexpr std::array<std::string_view, 6> kNames = {"integer", "number", "boolean",
                                                             "string",  "list",   "map"};
  std::string words;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((types & (1U << i)) != 0) {
      words += words.empty() ? "" : " or ";
      words += kNames[i];
    }
  }
  return words.empty() ? "empty" : words;
}

std::optional<std::size_t> TableSchema::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

Result<TableSchema> read_table_schema(const TableFile& file) {
  CAIRN_TRY_ASSIGN(TableRows rows, TableRows::open(file));
  TableSchema schema;
  const auto take_columns = [&schema, &rows] {
    while (schema.columns.size() < rows.columns().size()) {
      TableColumn& column = schema.columns.emplace_back();
      column.name = rows.columns()[schema.columns.size() - 1];
      column.gaps = schema.rows > 0;
    }
  };
  take_columns();
  while (true) {
    CAIRN_TRY_ASSIGN(const bool more, rows.next());
    if (!more) {
      break;
    }
    take_columns();
    ++schema.rows;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const std::string_view cell = rows.cell(i);
      const CellType type =
          file.format == TableFormat::json_lines ? type_of_json(cell) : type_of_delimited(cell);
      schema.columns[i].types |= type;
      schema.columns[i].gaps = schema.columns[i].gaps || type == kNoType;
    }
  }
  for (TableColumn& column : schema.columns) {
    column.types = settled(column.types, file.format);
  }
  return schema;
}

}  // namespace cairn::report
