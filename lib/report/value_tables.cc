// SPDX-License-Identifier: Apache-2.0
#include "report/value_tables.h"

#include <algorithm>
#include <map>

#include "report/flatten.h"
#include "report/format.h"

namespace cairn::report {
namespace {

std::string cell(const std::optional<text::Value>& value, const TableStyle& style) {
  return value ? format(*value, style.digits) : "";
}

/// Numbers things in the order in which they are first met.
class Columns {
 public:
  std::size_t of(const std::string& name) {
    auto [at, is_new] = numbers_.emplace(name, names_.size());
    if (is_new) {
      names_.push_back(name);
    }
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

void put(Row& row, std::size_t column, std::string text) {
  row.resize(std::max(row.size(), column + 1));
  row[column] = std::move(text);
}

/// With its key, or the file's own name where the document is one value.
std::string name_of(const FlatValue& value, const std::string& path) {
  return value.key.empty() ? path : value.key;
}

}  // namespace

Table diff_table(const std::vector<DocumentDiff>& diffs, const DiffLabels& labels, const TableStyle& style) {
  Table table;
  if (style.paths) {
    table.header.emplace_back("Path");
  }
  for (const std::string& label : {labels.value, labels.before, labels.after, labels.difference}) {
    if (!label.empty()) {
      table.header.push_back(label);
    }
  }
  for (const DocumentDiff& file : diffs) {
    for (const ValueDiff& diff : file.values) {
      Row row;
      if (style.paths) {
        row.push_back(file.path);
      }
      row.push_back(diff.key);
      row.push_back(cell(diff.before, style));
      row.push_back(cell(diff.after, style));
      if (!labels.difference.empty()) {
        row.push_back(cell(diff.difference, style));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Table metrics_table(const std::vector<Revision>& revisions, const TableStyle& style) {
  bool named = revisions.size() > 1 || (revisions.size() == 1 && !revisions.front().name.empty());
  Table table;
  if (named) {
    table.header.emplace_back("Revision");
  }
  if (style.paths) {
    table.header.emplace_back("Path");
  }
  std::size_t first = table.header.size();
  Columns columns;
  for (const Revision& revision : revisions) {
    for (const Document& document : revision.documents) {
      Row row;
      if (named) {
        row.push_back(revision.name);
      }
      if (style.paths) {
        row.push_back(document.path);
      }
      for (const FlatValue& value : flatten(document.value)) {
        put(row, first + columns.of(name_of(value, document.path)), format(value.value, style.digits));
      }
      table.rows.push_back(std::move(row));
    }
  }
  table.header.insert(table.header.end(), columns.names().begin(), columns.names().end());
  return table;
}

Table params_table(const std::vector<Revision>& revisions, const TableStyle& style) {
  Table table;
  if (style.paths) {
    table.header.emplace_back("Path");
  }
  table.header.emplace_back("Param");
  std::size_t first = table.header.size();
  std::map<std::pair<std::string, std::string>, Row> rows;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    table.header.push_back(revisions[i].name.empty() ? "Value" : revisions[i].name);
    for (const Document& document : revisions[i].documents) {
      for (const FlatValue& value : flatten(document.value)) {
        Row& row = rows[{document.path, value.key}];
        put(row, first + i, format(value.value, style.digits));
      }
    }
  }
  for (auto& [name, row] : rows) {
    if (style.paths) {
      row[0] = name.first;
    }
    row[first - 1] = name.second;
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace cairn::report
