// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace cairn::report {

using Row = std::vector<std::string>;

/// Cells as bytes; rows may be shorter than the header.
struct Table {
  Row header;
  std::vector<Row> rows;
};

/// Columns padded to their widest cell, two spaces apart, no spaces at the ends of lines; each row ends with
/// a newline. Cells are taken as they are; a code point counts as one column.
std::string aligned(const std::vector<Row>& rows);

/// Header and rows aligned, cells escaped for a terminal, "-" where one is empty. "" without rows.
std::string as_text(const Table& table);
/// A table of GitHub's Markdown; `|` and line breaks in cells are escaped.
std::string as_markdown(const Table& table);
/// RFC 4180 with "\n" as line end: cells with quotes, commas or line breaks are quoted, others are bytes.
std::string as_csv(const Table& table);

}  // namespace cairn::report
