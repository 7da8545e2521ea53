// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "report/byte_source.h"
#include "report/delimited_reader.h"

namespace cairn::report {

enum class TableFormat : std::uint8_t { csv, tsv, json_lines };

/// A file that holds a table.
struct TableFile {
  std::string name;  ///< for messages
  OpenSource open;
  TableFormat format = TableFormat::csv;
};

/// By the suffix (.csv, .tsv, .jsonl, .ndjson).
std::optional<TableFormat> table_format_of_name(std::string_view name);
/// By a file's first bytes: a line that is a JSON object; or two lines with the same number of tabs, or of
/// commas, at least one. Nothing for anything else.
std::optional<TableFormat> sniff_table_format(std::string_view start);

/// The rows of a table. Memory: one row.
class TableRows {
 public:
  /// Opens the file and reads its header. `malformed` for a column that stands twice.
  static Result<TableRows> open(const TableFile& file);

  /// False at the end. `malformed` with the line for a row that is longer than the header, or no JSON object.
  Result<bool> next();
  /// Of JSON lines those met so far; more come behind them.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// The cell of a column of this row; "" where there is none. Values of JSON lines are text::canonical().
  [[nodiscard]] std::string_view cell(std::size_t column) const {
    return column < cells_.size() ? std::string_view(cells_[column]) : std::string_view();
  }
  /// Line in which this row begins, from 1.
  [[nodiscard]] std::uint64_t line() const { return reader_->line(); }

 private:
  TableRows(std::string name, TableFormat format, std::unique_ptr<ByteSource> source);
  Status read_header();
  Status take_object(std::string_view line);

  std::string name_;
  TableFormat format_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<DelimitedReader> reader_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> places_;  ///< of columns
  std::vector<std::string> cells_;
};

}  // namespace cairn::report
