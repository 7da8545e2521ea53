// SPDX-License-Identifier: Apache-2.0
#include "report/delimited.h"

#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "base/escape.h"
#include "text/params.h"

namespace cairn::report {
namespace {

using text::Value;

class Scanner {
 public:
  Scanner(std::string_view text, std::string_view path, char separator)
      : text_(text), path_(path), separator_(separator) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

  /// The cells of the next line.
  Result<std::vector<std::string>> row() {
    std::vector<std::string> cells;
    ++line_;
    while (true) {
      CAIRN_TRY_ASSIGN(std::string cell, next_cell());
      cells.push_back(std::move(cell));
      if (at_end() || text_[at_] == '\n') {
        ++at_;
        return cells;
      }
      ++at_;  // the separator
    }
  }

 private:
  Result<std::string> next_cell() {
    if (at_end() || text_[at_] != '"') {
      std::size_t end = text_.find_first_of(separator_ == '\t' ? "\t\n" : ",\n", at_);
      std::string_view cell = text_.substr(at_, end - at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
      if (cell.ends_with('\r') && (at_end() || text_[at_] == '\n')) {
        cell.remove_suffix(1);
      }
      return std::string(cell);
    }
    CAIRN_TRY_ASSIGN(std::string cell, quoted_cell());
    CAIRN_TRY_ASSIGN(std::string rest, next_cell());  // up to the separator
    return cell + rest;
  }

  Result<std::string> quoted_cell() {
    unsigned begin = line_;
    std::string cell;
    for (++at_; !at_end(); ++at_) {
      if (text_[at_] != '"') {
        line_ += text_[at_] == '\n' ? 1U : 0U;
        cell += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += text_[++at_];
      } else {
        ++at_;
        return cell;
      }
    }
    return Error(Code::malformed,
                 escaped(path_) + ":" + std::to_string(begin) + ": a quoted cell is not closed");
  }

  std::string_view text_;
  std::string_view path_;
  char separator_;
  std::size_t at_ = 0;
  unsigned line_ = 0;
};

template <class Number>
std::optional<Number> whole_number(std::string_view cell) {
  Number number{};
  auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && end == cell.data() + cell.size() ? std::optional(number) : std::nullopt;
}

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
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  Scanner scanner(text.starts_with(kMark) ? text.substr(kMark.size()) : text, path, separator);
  Value rows = Value::list();
  std::vector<std::string> header;
  while (!scanner.at_end()) {
    CAIRN_TRY_ASSIGN(std::vector<std::string> cells, scanner.row());
    if (cells.size() == 1 && cells.front().empty()) {
      continue;
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
  return rows;
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
