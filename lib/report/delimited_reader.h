// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/byte_source.h"

namespace cairn::report {

/// What a quote at the start of a cell means.
enum class Quotes : std::uint8_t { around_cells, ordinary };

/// Reads CSV (`separator` ',') or TSV ('\t') row by row. Quoting as in RFC 4180; CRLF and a byte order mark
/// are accepted; lines without a character are passed over. Memory: one row. `source` must outlive it.
class DelimitedReader {
 public:
  /// `path` is for messages.
  DelimitedReader(ByteSource& source, char separator, std::string path, Quotes quotes = Quotes::around_cells)
      : cursor_(source), separator_(separator), path_(std::move(path)), quotes_(quotes) {}

  /// The next row's cells, the header's first; false at the end. Errors: those of the source; `malformed`
  /// with the line for a quote that is not closed, and a row of more than 16 MiB.
  Result<bool> next(std::vector<std::string>& cells);
  /// Line in which the last row began, from 1.
  [[nodiscard]] std::uint64_t line() const { return row_line_; }

 private:
  enum class State : std::uint8_t { cell_start, plain, quoted, quote_in_quoted };

  Status skip_mark();
  Result<bool> read_row(std::vector<std::string>& cells);
  bool feed(std::string_view text, std::vector<std::string>& cells, std::size_t& taken);
  void end_cell(std::vector<std::string>& cells);
  [[nodiscard]] Error problem(std::uint64_t line, std::string_view what) const;

  ByteCursor cursor_;
  char separator_;
  std::string path_;
  Quotes quotes_;
  std::string cell_;
  std::size_t row_size_ = 0;
  State state_ = State::cell_start;
  std::uint64_t line_ = 0;  ///< line breaks passed
  std::uint64_t row_line_ = 0;
  std::uint64_t quote_line_ = 0;
};

}  // namespace cairn::report
