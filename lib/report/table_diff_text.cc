// SPDX-License-Identifier: Apache-2.0
#include "report/table_diff_text.h"

#include <fmt/format.h>

#include "report/table.h"

namespace cairn::report {
namespace {

/// A heading with a table below it; `more` rows are not shown.
struct Section {
  std::string title;
  Table table;
  std::uint64_t more = 0;
};

Section column_section(const TableDiff& diff) {
  Section section{"columns", {{"Column", "Before", "After"}, {}}};
  for (const ColumnChange& column : diff.columns) {
    section.table.rows.push_back({column.name, column.before, column.after});
  }
  return section;
}

Section count_section(const TableDiff& diff) {
  Section section{"changed columns", {{"Column", "Rows"}, {}}};
  for (const auto& [name, count] : diff.changed_columns) {
    section.table.rows.push_back({name, std::to_string(count)});
  }
  return section;
}

Section changed_section(const TableDiff& diff) {
  Section section{"changed rows", {diff.key, {}}, diff.changed - diff.changed_rows.size()};
  section.table.header.insert(section.table.header.end(), {"Column", "Before", "After"});
  for (const ChangedRow& row : diff.changed_rows) {
    for (const CellChange& cell : row.cells) {
      Row& cells = section.table.rows.emplace_back();
      for (const TableCell& key : row.key) {
        cells.push_back(key.value);
      }
      cells.insert(cells.end(), {cell.column, cell.before, cell.after});
    }
  }
  return section;
}

Section row_section(std::string title, const std::vector<TableRow>& rows, std::uint64_t count) {
  Section section{std::move(title), {{"Line"}, {}}, count - rows.size()};
  for (const TableRow& row : rows) {
    Row& cells = section.table.rows.emplace_back();
    cells.push_back(std::to_string(row.line));
    for (const TableCell& cell : row.cells) {
      if (section.table.rows.size() == 1) {
        section.table.header.push_back(cell.column);
      }
      cells.push_back(cell.value);
    }
  }
  return section;
}

std::vector<Section> sections_of(const TableDiff& diff) {
  return {column_section(diff), count_section(diff), changed_section(diff),
          row_section("added rows", diff.added_rows, diff.added),
          row_section("removed rows", diff.removed_rows, diff.removed)};
}

std::string totals(const TableDiff& diff) {
  const std::string matched =
      diff.key.empty() ? "as a whole" : fmt::format("by {}", fmt::join(diff.key, ", "));
  return fmt::format("{} rows became {}, matched {}: {} added, {} removed, {} changed", diff.rows_before,
                     diff.rows_after, matched, diff.added, diff.removed, diff.changed);
}

std::string more_words(const Section& section) {
  return section.more == 0 ? "" : fmt::format("… and {} more\n", section.more);
}

}  // namespace

std::string table_diff_text(const TableDiff& diff) {
  std::string text;
  for (const Section& section : sections_of(diff)) {
    if (!section.table.rows.empty() || section.more > 0) {
      text += fmt::format("\n{}\n{}{}", section.title, as_text(section.table), more_words(section));
    }
  }
  return text.empty() ? text : totals(diff) + "\n" + text;
}

std::string table_diff_markdown(const TableDiff& diff) {
  std::string text;
  for (const Section& section : sections_of(diff)) {
    if (!section.table.rows.empty()) {
      text += fmt::format("\n**{}**\n\n{}{}", section.title, as_markdown(section.table),
                          section.more > 0 ? "\n" + more_words(section) : "");
    }
  }
  return text.empty() ? text : totals(diff) + "\n" + text;
}

}  // namespace cairn::report
