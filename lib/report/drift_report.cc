// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "report/drift.h"
#include "report/html.h"
#include "report/table.h"

namespace cairn::report {
namespace {

std::string type_words(const ColumnDrift& column) {
  switch (column.change) {
    case ColumnChange::added:
      return std::string(type_name(column.type_after));
    case ColumnChange::removed:
      return std::string(type_name(column.type_before));
    case ColumnChange::type:
      return fmt::format("{} -> {}", type_name(column.type_before), type_name(column.type_after));
    case ColumnChange::none:
      break;
  }
  return std::string(
      type_name(column.type_after == ValueType::empty ? column.type_before : column.type_after));
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "";
}

/// "1.0 % -> 7.2 %", one of them where they are alike; nothing where no cell is missing.
std::string missing_words(const ColumnDrift& column) {
  const auto percent = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
  const std::string before = percent(column.nulls_before);
  const std::string after = percent(column.nulls_after);
  if (column.change == ColumnChange::added || column.change == ColumnChange::removed) {
    return "";
  }
  return before != after ? before + " -> " + after : column.nulls_after > 0 ? after : "";
}

std::string mean_words(const ColumnDrift& column) {
  return column.mean_before && column.mean_after
             ? fmt::format("{:.5g} -> {:.5g}", *column.mean_before, *column.mean_after)
             : "";
}

std::string unseen_words(const ColumnDrift& column) {
  if (column.unseen.empty()) {
    return "";
  }
  std::string words;
  for (const std::string& value : column.unseen) {
    words += (words.empty() ? "" : ", ") + value;
  }
  return fmt::format("{} ({:.1f} %)", words, 100 * column.unseen_share);
}

Row row_of(const ColumnDrift& column) {
  return {column.column,     std::string(column.verdict()), type_words(column), number(column.psi),
          number(column.ks), missing_words(column),         mean_words(column), unseen_words(column)};
}

const Row& header() {
  static const Row names = {"Column", "Verdict", "Type", "PSI", "KS", "Missing", "Mean", "Unseen values"};
  return names;
}

}  // namespace

std::string drift_text(const TableDrift& drift) {
  Table table{header(), {}};
  for (const ColumnDrift& column : drift.columns) {
    table.rows.push_back(row_of(column));
  }
  return as_text(table);
}

std::string drift_html(const TableDrift& drift) {
  Row head = header();
  head.emplace_back("Before and after");
  std::vector<Row> rows;
  for (const ColumnDrift& column : drift.columns) {
    Row row;
    for (const std::string& cell : row_of(column)) {
      row.push_back(html_text(cell));
    }
    row[1] = html_mark(row[1], column.score() <= 1);
    row.push_back(
        column.bins.names.empty() ? "" : html_bars(column.bins.names, column.bins.before, column.bins.after));
    rows.push_back(std::move(row));
  }
  return html_table(head, rows);
}

}  // namespace cairn::report
