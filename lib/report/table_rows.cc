// SPDX-License-Identifier: Apache-2.0
#include "report/table_rows.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "text/json.h"

namespace cairn::report {
namespace {

Error problem(const std::string& name, std::uint64_t line, std::string_view what) {
  return {Code::malformed, fmt::format("{}:{}: {}", escaped(name), line, what)};
}

/// No line of JSON holds this byte unescaped, and no text at all: so each line is one cell.
constexpr char kNoSeparator = '\0';

char separator_of(TableFormat format) {
  return format == TableFormat::csv ? ',' : format == TableFormat::tsv ? '\t' : kNoSeparator;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

std::optional<TableFormat> table_format_of_name(std::string_view name) {
  return name.ends_with(".csv")                                  ? std::optional(TableFormat::csv)
         : name.ends_with(".tsv")                                ? std::optional(TableFormat::tsv)
         : name.ends_with(".jsonl") || name.ends_with(".ndjson") ? std::optional(TableFormat::json_lines)
                                                                 : std::nullopt;
}

std::optional<TableFormat> sniff_table_format(std::string_view start) {
  const std::string_view first = take_line(start);
  const std::string_view second = take_line(start);
  if (first.starts_with('{')) {
    const auto object = text::parse_json(first, "");
    return object.ok() && object->is(text::Kind::map) ? std::optional(TableFormat::json_lines) : std::nullopt;
  }
  for (const TableFormat format : {TableFormat::tsv, TableFormat::csv}) {
    const char separator = separator_of(format);
    const auto count = std::count(first.begin(), first.end(), separator);
    if (count > 0 && std::count(second.begin(), second.end(), separator) == count) {
      return format;
    }
  }
  return std::nullopt;
}

TableRows::TableRows(std::string name, TableFormat format, std::unique_ptr<ByteSource> source)
    : name_(std::move(name)),
      format_(format),
      source_(std::move(source)),
      reader_(std::make_unique<DelimitedReader>(
          *source_, separator_of(format), name_,
          format == TableFormat::json_lines ? Quotes::ordinary : Quotes::around_cells)) {}

Result<TableRows> TableRows::open(const TableFile& file) {
  CAIRN_TRY_ASSIGN(auto source, file.open());
  TableRows rows(file.name, file.format, std::move(source));
  if (file.format != TableFormat::json_lines) {
    CAIRN_TRY(rows.read_header());
  }
  return rows;
}

Status TableRows::read_header() {
  CAIRN_TRY(reader_->next(columns_));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!places_.emplace(columns_[i], i).second) {
      return problem(name_, reader_->line(), "the column " + quoted(columns_[i]) + " stands twice");
    }
  }
  return {};
}

Status TableRows::take_object(std::string_view line) {
  const auto object = text::parse_json(line, "");
  if (!object.ok() || !object->is(text::Kind::map)) {
    return problem(name_, reader_->line(), "this line is no JSON object");
  }
  cells_.assign(columns_.size(), "");
  for (const text::Entry& entry : object->entries()) {
    const auto [place, added] = places_.emplace(entry.key, columns_.size());
    if (added) {
      columns_.push_back(entry.key);
      cells_.emplace_back();
    }
    cells_[place->second] = text::canonical(entry.value);
  }
  return {};
}

Result<bool> TableRows::next() {
  CAIRN_TRY_ASSIGN(const bool more, reader_->next(cells_));
  if (!more) {
    return false;
  }
  if (format_ == TableFormat::json_lines) {
    const std::string line = std::move(cells_.front());
    CAIRN_TRY(take_object(line));
  } else if (cells_.size() > columns_.size()) {
    return problem(name_, reader_->line(),
                   fmt::format("{} cells in a table of {} columns", cells_.size(), columns_.size()));
  }
  return true;
}

}  // namespace cairn::report
