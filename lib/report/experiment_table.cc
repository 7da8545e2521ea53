// SPDX-License-Identifier: Apache-2.0
#include "report/experiment_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "report/flatten.h"
#include "report/format.h"

namespace cairn::report {
namespace {

using text::Kind;
using text::Value;

using Key = std::pair<std::string, std::string>;  // file and dotted key
using Cells = std::map<Key, Value>;

Cells cells_of(const std::vector<Document>& documents) {
  Cells cells;
  for (const Document& document : documents) {
    for (FlatValue& value : flatten(document.value)) {
      cells.emplace(Key(document.path, std::move(value.key)), std::move(value.value));
    }
  }
  return cells;
}

/// Values of all rows by column, columns in the order of files and keys.
struct Column {
  Key key;
  std::vector<std::optional<Value>> values;  // one for each row
};

std::vector<Column> columns_of(const std::vector<Cells>& rows) {
  std::set<Key> keys;
  for (const Cells& row : rows) {
    for (const auto& [key, value] : row) {
      keys.insert(key);
    }
  }
  std::vector<Column> columns;
  for (const Key& key : keys) {
    Column column{key, {}};
    for (const Cells& row : rows) {
      auto found = row.find(key);
      column.values.push_back(found == row.end() ? std::nullopt : std::optional(found->second));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

bool differs(const Column& column) {
  return std::any_of(column.values.begin(), column.values.end(),
                     [&column](const auto& value) { return !(value == column.values.front()); });
}

/// Adds the columns to header and rows.
void append(const std::vector<Column>& columns, const TableStyle& style, Table& table) {
  std::map<std::string, int> count;
  for (const Column& column : columns) {
    ++count[column.key.second];
  }
  for (const Column& column : columns) {
    const auto& [file, key] = column.key;
    table.header.push_back(key.empty() ? file : count[key] > 1 ? file + ":" + key : key);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      table.rows[i].push_back(column.values[i] ? format(*column.values[i], style.digits) : "");
    }
  }
}

std::optional<double> number(const Value& value) {
  return value.is(Kind::integer)    ? std::optional(static_cast<double>(value.int_value()))
         : value.is(Kind::floating) ? std::optional(value.float_value())
                                    : std::nullopt;
}

}  // namespace

Table experiments_table(const std::vector<ExperimentRow>& rows, const TableStyle& style) {
  Table table{{"Experiment", "Base", "Status", "Created"}, {}};
  std::vector<Cells> metrics;
  std::vector<Cells> params;
  for (const ExperimentRow& row : rows) {
    table.rows.push_back({row.name, row.base, row.status, row.created});
    metrics.push_back(cells_of(row.metrics));
    params.push_back(cells_of(row.params));
  }
  append(columns_of(metrics), style, table);
  std::vector<Column> changed = columns_of(params);
  std::erase_if(changed, [](const Column& column) { return !differs(column); });
  append(changed, style, table);
  return table;
}

const Value* find_value(const ExperimentRow& row, const std::string& name) {
  for (const std::vector<Document>* documents : {&row.metrics, &row.params}) {
    for (const Document& document : *documents) {
      std::string key = name;
      if (key.starts_with(document.path + ":")) {
        key.erase(0, document.path.size() + 1);
      } else if (key == document.path) {
        key.clear();
      }
      const Value* at = &document.value;
      while (at != nullptr && !key.empty() && at->find(key) == nullptr) {
        std::size_t dot = key.find('.');
        at = dot == std::string::npos ? nullptr : at->find(key.substr(0, dot));
        key.erase(0, dot == std::string::npos ? key.size() : dot + 1);
      }
      at = at == nullptr || key.empty() ? at : at->find(key);
      if (at != nullptr && !at->is(Kind::map)) {
        return at;
      }
    }
  }
  return nullptr;
}

bool sorts_before(const Value* a, const Value* b) {
  if (a == nullptr || b == nullptr) {
    return a != nullptr;
  }
  std::optional<double> x = number(*a);
  std::optional<double> y = number(*b);
  if (x && y) {
    return *x < *y;
  }
  return x.has_value() != y.has_value() ? x.has_value() : text::canonical(*a) < text::canonical(*b);
}

}  // namespace cairn::report
