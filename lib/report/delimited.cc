// SPDX-License-Identifier: Apache-2.0
#include "report/delimited.h"

#include <string>
#include <vector>

#include "base/escape.h"
#include "report/delimited_reader.h"
#include "report/number_text.h"
#include "text/params.h"

namespace cairn::report {
namespace {

using text::Value;

Value cell_value(const std::string& cell) {
  if (auto integer = whole_number<std::int64_t>(cell)) {
    return Value::integer(*integer);
  }
  auto floating = whole_number<double>(cell);
  return floating ? Value::floating(*floating) : Value::string(cell);
}

/// The first list of maps in a document, and the document itself where it is one.
const Value* find_points(const Value& value) {
  if (value.is(text::Kind::list) && !value.items().empty() && value.items().front().is(text::Kind::map)) {
    return &value;
  }
  for (const text::Entry& entry : value.entries()) {
    if (const Value* found = find_points(entry.value)) {
      return found;
    }
  }
  return nullptr;
}

}  // namespace

Result<Value> parse_delimited(std::string_view text, std::string_view path, char separator) {
  MemorySource source(text);
  DelimitedReader reader(source, separator, std::string(path));
  Value rows = Value::list();
  std::vector<std::string> header;
  std::vector<std::string> cells;
  while (true) {
    CAIRN_TRY_ASSIGN(const bool more, reader.next(cells));
    if (!more) {
      return rows;
    }
    if (header.empty()) {
      header = std::move(cells);
      continue;
    }
    Value row = Value::map();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row.set(i < header.size() ? header[i] : std::to_string(i + 1), cell_value(cells[i]));
    }
    rows.append(std::move(row));
  }
}

Result<Value> parse_points(std::string_view text, std::string_view path) {
  if (path.ends_with(".csv") || path.ends_with(".tsv")) {
    return parse_delimited(text, path, path.ends_with(".tsv") ? '\t' : ',');
  }
  bool document = false;
  for (std::string_view suffix : {".json", ".yaml", ".yml", ".toml"}) {
    document = document || path.ends_with(suffix);
  }
  if (!document) {
    return Error(Code::unsupported, quoted(path) + " holds no points that cairn can read",
                 "points come from .csv, .tsv, .json, .yaml and .toml files");
  }
  CAIRN_TRY_ASSIGN(Value value, text::parse_params(text, path));
  const Value* points = find_points(value);
  if (points == nullptr) {
    return Error(Code::malformed, quoted(path) + " holds no list of points");
  }
  return *points;
}

}  // namespace cairn::report
