// SPDX-License-Identifier: Apache-2.0
#include "data_diff_output.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "base/human_size.h"
#include "report/table_diff_text.h"

namespace cairn::cmd {
namespace {

std::string content_words(const ops::DataDiff& diff) {
  return fmt::format("{} became {}; changed: {}\n", human_size(diff.size_before),
                     human_size(diff.content.total), report::words(diff.content));
}

std::string heading(const ops::DataDiff& diff, const std::string& path) {
  return fmt::format("{} ({} -> {})", path, escaped(diff.before), escaped(diff.after));
}

std::string no_differences(const ops::DataDiff& diff) {
  return diff.same ? "no differences\n"
                   : "no differences in columns and rows; the files are written differently\n";
}

Json cells_json(const std::vector<report::TableCell>& cells) {
  Json object = Json::object();
  for (const report::TableCell& cell : cells) {
    object[escaped(cell.column)] = escaped(cell.value);
  }
  return object;
}

Json rows_json(const std::vector<report::TableRow>& rows) {
  Json list = Json::array();
  for (const report::TableRow& row : rows) {
    list.push_back({{"line", row.line}, {"cells", cells_json(row.cells)}});
  }
  return list;
}

Json changed_json(const std::vector<report::ChangedRow>& rows) {
  Json list = Json::array();
  for (const report::ChangedRow& row : rows) {
    Json cells = Json::object();
    for (const report::CellChange& cell : row.cells) {
      cells[escaped(cell.column)] = {{"before", escaped(cell.before)}, {"after", escaped(cell.after)}};
    }
    list.push_back({{"key", cells_json(row.key)},
                    {"line_before", row.line_before},
                    {"line_after", row.line_after},
                    {"cells", std::move(cells)}});
  }
  return list;
}

Json columns_json(const std::vector<report::ColumnChange>& columns) {
  const auto type = [](const std::string& words) { return words.empty() ? Json() : Json(words); };
  Json list = Json::array();
  for (const report::ColumnChange& column : columns) {
    list.push_back(
        {{"name", escaped(column.name)}, {"before", type(column.before)}, {"after", type(column.after)}});
  }
  return list;
}

Json table_json(const report::TableDiff& table) {
  Json key = Json::array();
  for (const std::string& name : table.key) {
    key.push_back(escaped(name));
  }
  Json changed_columns = Json::object();
  for (const auto& [name, count] : table.changed_columns) {
    changed_columns[escaped(name)] = count;
  }
  return {{"key", std::move(key)},
          {"rows",
           {{"before", table.rows_before},
            {"after", table.rows_after},
            {"added", table.added},
            {"removed", table.removed},
            {"changed", table.changed}}},
          {"columns", columns_json(table.columns)},
          {"changed_columns", std::move(changed_columns)},
          {"changed", changed_json(table.changed_rows)},
          {"added", rows_json(table.added_rows)},
          {"removed", rows_json(table.removed_rows)}};
}

}  // namespace

std::string data_diff_text(const ops::DataDiff& diff, const std::string& path) {
  if (diff.lines) {
    return *diff.lines;
  }
  const std::string body = diff.same    ? ""
                           : diff.table ? report::table_diff_text(*diff.table)
                                        : content_words(diff);
  return body.empty() ? no_differences(diff) : heading(diff, path) + "\n" + body;
}

std::string data_diff_markdown(const ops::DataDiff& diff, const std::string& path) {
  const std::string title = fmt::format("### {}\n\n", heading(diff, path));
  if (diff.lines) {
    return fmt::format("{}```diff\n{}```\n", title, *diff.lines);
  }
  const std::string body = diff.same    ? ""
                           : diff.table ? report::table_diff_markdown(*diff.table)
                                        : content_words(diff);
  return title + (body.empty() ? no_differences(diff) : body);
}

Json data_diff_json(const ops::DataDiff& diff) {
  Json json = {{"before", escaped(diff.before)}, {"after", escaped(diff.after)}, {"same", diff.same}};
  if (diff.table) {
    json["table"] = table_json(*diff.table);
  } else if (diff.lines) {
    json["lines"] = *diff.lines;
  } else if (!diff.same) {
    json["content"] = {{"size_before", diff.size_before},
                       {"size_after", diff.content.total},
                       {"changed_bytes", diff.content.changed}};
  }
  return json;
}

}  // namespace cairn::cmd
