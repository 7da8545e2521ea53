// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <algorithm>
#include <string_view>

#include "base/escape.h"

namespace cairn::report {
namespace {

/// Columns that UTF-8 text takes, one a code point.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Every row as long as the header, each cell changed by `change`.
template <class Change>
std::vector<Row> full_rows(const Table& table, const Change& change) {
  std::vector<Row> rows;
  for (const Row& row : table.rows) {
    Row full;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      full.push_back(change(i < row.size() ? row[i] : std::string()));
    }
    rows.push_back(std::move(full));
  }
  return rows;
}

std::string markdown_cell(const std::string& cell) {
  std::string out;
  for (char c : cell) {
    if (c == '|') {
      out += "\\|";
    } else {
      out += c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return out;
}

std::string markdown_row(const Row& row) {
  std::string out = "|";
  for (const std::string& cell : row) {
    out += " " + cell + " |";
  }
  return out + "\n";
}

std::string csv_row(const Row& row) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    out += i == 0 ? "" : ",";
    if (row[i].find_first_of("\",\n\r") == std::string::npos) {
      out += row[i];
      continue;
    }
    out += '"';
    for (char c : row[i]) {
      out += c == '"' ? "\"\"" : std::string(1, c);
    }
    out += '"';
  }
  return out + "\n";
}

}  // namespace

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(i + 1 < row.size() ? widths[i] - width_of(row[i]) + 2 : 0, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string as_text(const Table& table) {
  if (table.rows.empty()) {
    return "";
  }
  auto shown = [](const std::string& cell) { return cell.empty() ? "-" : escaped(cell); };
  std::vector<Row> rows = full_rows(table, shown);
  Row header;
  std::transform(table.header.begin(), table.header.end(), std::back_inserter(header),
                 [](const std::string& cell) { return escaped(cell); });
  rows.insert(rows.begin(), std::move(header));
  return aligned(rows);
}

std::string as_markdown(const Table& table) {
  Row header;
  for (const std::string& cell : table.header) {
    header.push_back(markdown_cell(cell));
  }
  std::string out = markdown_row(header) + "|";
  for (std::size_t i = 0; i < header.size(); ++i) {
    out += "---|";
  }
  out += "\n";
  for (const Row& row : full_rows(table, markdown_cell)) {
    out += markdown_row(row);
  }
  return out;
}

std::string as_csv(const Table& table) {
  std::string out = csv_row(table.header);
  for (const Row& row : full_rows(table, [](const std::string& cell) { return cell; })) {
    out += csv_row(row);
  }
  return out;
}

}  // namespace cairn::report
