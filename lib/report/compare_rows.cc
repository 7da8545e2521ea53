// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "report/blob_source.h"
#include "report/compare_bytes.h"
#include "report/compare_rules.h"
#include "report/table_diff.h"

namespace cairn::report {
namespace {

using version::Difference;

Difference of_column(const ColumnChange& column) {
  Difference difference;
  difference.column = escaped(column.name);
  difference.before = column.before;
  difference.after = column.after;
  difference.text =
      fmt::format("column {} {}", quoted(column.name), column.before.empty() ? "was added" : "is missing");
  return difference;
}

Difference of_changed(const ChangedRow& row) {
  const CellChange& cell = row.cells.front();
  Difference difference;
  difference.line = row.line_before;
  difference.key = key_words(row.key);
  difference.column = escaped(cell.column);
  difference.before = excerpt(cell.before);
  difference.after = excerpt(cell.after);
  const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  difference.text = fmt::format("row {}, column {}: {} became {}", difference.key, quoted(cell.column),
                                shown(difference.before), shown(difference.after));
  return difference;
}

Difference of_row(const TableRow& row, const std::vector<std::string>& key, std::string_view what) {
  std::vector<TableCell> cells;
  for (const std::string& name : key) {
    const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                   [&name](const TableCell& one) { return one.column == name; });
    cells.push_back(*cell);
  }
  Difference difference;
  difference.line = row.line;
  difference.key = key_words(cells);
  difference.text = fmt::format("row {} {}", difference.key, what);
  return difference;
}

Difference first_difference(const TableDiff& diff) {
  for (const ColumnChange& column : diff.columns) {
    if (column.before.empty() || column.after.empty()) {
      return of_column(column);
    }
  }
  return diff.changed > 0   ? of_changed(diff.changed_rows.front())
         : diff.removed > 0 ? of_row(diff.removed_rows.front(), diff.key, "is missing")
                            : of_row(diff.added_rows.front(), diff.key, "was added");
}

OutputComparison comparison_of(const TableDiff& diff) {
  OutputComparison out;
  out.equal = diff.same_content();
  const std::uint64_t differing = diff.added + diff.removed + diff.changed;
  if (!out.equal) {
    out.first = first_difference(diff);
    out.extent = differing == 0 ? "" : fmt::format("{} of {} rows", differing, diff.rows_before + diff.added);
  }
  return out;
}

Result<std::string> start_of(store::Reader& reader, const store::Id& blob) {
  CAIRN_TRY_ASSIGN(BlobSource source, BlobSource::open(reader, blob));
  CAIRN_TRY_ASSIGN(const Bytes bytes, source.next());
  return std::string(as_text(bytes));
}

/// A header with a tab is TSV's; whatever is no table lacks the key's columns.
TableFormat format_of(std::string_view start) {
  const bool tabs = start.substr(0, start.find('\n')).find('\t') != std::string_view::npos;
  return start.starts_with('{') ? TableFormat::json_lines : tabs ? TableFormat::tsv : TableFormat::csv;
}

TableFile table_of(store::Reader& reader, const store::Id& blob, std::string name, TableFormat format) {
  return {std::move(name),
          [&reader, blob]() -> Result<std::unique_ptr<ByteSource>> {
            CAIRN_TRY_ASSIGN(BlobSource source, BlobSource::open(reader, blob));
            return std::unique_ptr<ByteSource>(std::make_unique<BlobSource>(std::move(source)));
          },
          format};
}

}  // namespace

Result<RuleOutcome> compare_rows(store::Reader& reader, const store::Id& before, const store::Id& after,
                                 const CompareRule& rule) {
  RuleOutcome out;
  CAIRN_TRY_ASSIGN(const std::string start, start_of(reader, before));
  const TableFormat format = format_of(start);
  TableDiffOptions options;
  options.key = rule.rows;
  options.rows = 1;
  auto diff = diff_tables(table_of(reader, before, "recorded", format),
                          table_of(reader, after, "new", format), options);
  if (diff.ok()) {
    out.comparison = comparison_of(*diff);
    return out;
  }
  if (diff.error().code() != Code::malformed && diff.error().code() != Code::unsupported) {
    return diff.error();
  }
  out.unfit = diff.error().message();
  return out;
}

}  // namespace cairn::report
