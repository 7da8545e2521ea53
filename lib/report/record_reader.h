// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "report/record_parts.h"

namespace cairn::report {

/// What a format says of a cell's type. CSV and TSV say nothing: it is what it looks like.
enum class CellKind : std::uint8_t { plain, string, null, boolean, nested };

/// One cell of a record.
struct Cell {
  std::uint32_t column = 0;  ///< place in RecordReader::columns()
  CellKind kind = CellKind::plain;
  std::string_view text;  ///< without quotes and escapes; valid until the next record
};

/// Reads the records of a part, one after the other, without allocating for a cell. Not thread-safe.
class RecordReader {
 public:
  static constexpr std::size_t kMostColumns = 2048;

  virtual ~RecordReader() = default;
  /// Cells of the next record, in any order, a column at most once; those that are missing are empty. False
  /// at the end. Errors: `malformed`, a message without its place, for a quoted cell that is not closed,
  /// a line that is no JSON object; `unsupported` for more than kMostColumns columns.
  virtual Result<bool> next() = 0;
  [[nodiscard]] std::span<const Cell> cells() const { return cells_; }
  /// Names of the columns that were met.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// Line feeds that were read: at an error, lines before the one it is in.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 protected:
  /// The place of a column of that name, at the end if it is new.
  Result<std::uint32_t> column(std::string_view name);

  std::vector<Cell> cells_;
  std::vector<std::string> columns_;
  std::uint64_t lines_ = 0;

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };
  std::unordered_map<std::string, std::uint32_t, NameHash, std::equal_to<>> places_;
};

/// The first line of CSV or TSV.
struct Header {
  std::vector<std::string> columns;  ///< unique: "a", "a (2)"; one without a name is named by its number
  std::size_t size = 0;              ///< bytes that it takes, with empty lines before it
  std::uint64_t lines = 0;
};
/// Errors as RecordReader::next(). No columns where there is no line.
Result<Header> read_header(std::string_view text, char separator);

/// A reader of a part of CSV or TSV; both must outlive it. `columns`: those of the file's first line. CRLF is
/// accepted, empty lines are passed over, cells beyond the names are named by their number.
std::unique_ptr<RecordReader> delimited_reader(std::string_view part, char separator,
                                               const std::vector<std::string>& columns);
/// A reader of a part of JSON lines. Keys are columns; lists and objects inside are texts as they stand.
std::unique_ptr<RecordReader> json_lines_reader(std::string_view part);

}  // namespace cairn::report
