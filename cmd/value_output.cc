// SPDX-License-Identifier: Apache-2.0
#include "value_output.h"

#include <cmath>

#include "base/escape.h"
#include "parser.h"
#include "report/format.h"
#include "report/table.h"

namespace cairn::cmd {

report::TableStyle TableOptions::style() const {
  report::TableStyle style;
  style.paths = !no_path;
  if (precision > 0) {
    style.digits = precision;
  } else if (!csv) {
    style.digits = report::kShownDigits;
  }
  return style;
}

std::shared_ptr<TableOptions> add_table_options(Parser& app) {
  auto options = std::make_shared<TableOptions>();
  const Option markdown = app.add_flag("--md", options->markdown, "Print a Markdown table");
  app.add_flag("--csv", options->csv, "Print CSV, with all digits").excludes(markdown);
  app.add_option("--precision", options->precision, "Significant digits of numbers (default: 5)")
      .type_name("N")
      .in_range(1, 17);
  app.add_flag("--no-path", options->no_path, "Leave the column of files out");
  return options;
}

std::string table_text(const report::Table& table, const TableOptions& options, const std::string& none) {
  if (options.csv) {
    return report::as_csv(table);
  }
  if (options.markdown) {
    return report::as_markdown(table);
  }
  return table.rows.empty() ? none : report::as_text(table);
}

Json value_json(const text::Value& value) {
  switch (value.kind()) {
    case text::Kind::null:
      return nullptr;
    case text::Kind::boolean:
      return value.bool_value();
    case text::Kind::integer:
      return value.int_value();
    case text::Kind::floating: {
      double number = value.float_value();
      return std::isfinite(number) ? Json(number)
             : std::isnan(number)  ? Json("NaN")
                                   : Json(number > 0 ? "Infinity" : "-Infinity");
    }
    case text::Kind::string:
      return value.string_value();
    case text::Kind::list: {
      Json list = Json::array();
      for (const text::Value& item : value.items()) {
        list.push_back(value_json(item));
      }
      return list;
    }
    case text::Kind::map: {
      Json object = Json::object();
      for (const text::Entry& entry : value.entries()) {
        object[entry.key] = value_json(entry.value);
      }
      return object;
    }
  }
  return nullptr;
}

Json documents_json(const std::vector<report::Document>& documents) {
  Json files = Json::object();
  for (const report::Document& document : documents) {
    files[escaped(document.path)] = {{"data", value_json(document.value)}};
  }
  return files;
}

Json diffs_json(const std::vector<report::DocumentDiff>& diffs) {
  Json files = Json::object();
  for (const report::DocumentDiff& file : diffs) {
    Json values = Json::object();
    for (const report::ValueDiff& diff : file.values) {
      Json one = {{"old", diff.before ? value_json(*diff.before) : Json()},
                  {"new", diff.after ? value_json(*diff.after) : Json()}};
      if (diff.difference) {
        one["diff"] = value_json(*diff.difference);
      }
      values[diff.key] = std::move(one);
    }
    files[escaped(file.path)] = std::move(values);
  }
  return files;
}

}  // namespace cairn::cmd
