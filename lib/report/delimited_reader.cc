// SPDX-License-Identifier: Apache-2.0
#include "report/delimited_reader.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace cairn::report {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kLongestRow = 16u << 20;

}  // namespace

Error DelimitedReader::problem(std::uint64_t line, std::string_view what) const {
  return {Code::malformed, fmt::format("{}:{}: {}", escaped(path_), line, what)};
}

Status DelimitedReader::skip_mark() {
  CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
  if (as_text(bytes).starts_with(kMark)) {
    cursor_.take(kMark.size());
  }
  return {};
}

void DelimitedReader::end_cell(std::vector<std::string>& cells) {
  cells.push_back(std::exchange(cell_, {}));
  state_ = State::cell_start;
}

/// Takes bytes up to the end of the row; true when it ended.
bool DelimitedReader::feed(std::string_view text, std::vector<std::string>& cells, std::size_t& taken) {
  const char stops[] = {separator_, '\n', '\0'};
  while (taken < text.size()) {
    if (state_ == State::plain) {
      const std::size_t end = std::min(text.find_first_of(stops, taken, 2), text.size());
      cell_ += text.substr(taken, end - taken);
      taken = end;
      if (taken == text.size()) {
        break;
      }
    } else if (state_ == State::quoted) {
      const std::size_t end = std::min(text.find('"', taken), text.size());
      const std::string_view part = text.substr(taken, end - taken);
      line_ += static_cast<std::uint64_t>(std::count(part.begin(), part.end(), '\n'));
      cell_ += part;
      taken = end;
      if (taken < text.size()) {
        ++taken;
        state_ = State::quote_in_quoted;
      }
      continue;
    }
    const char c = text[taken];
    if (c == '"' && state_ != State::plain && quotes_ == Quotes::around_cells) {
      cell_ += state_ == State::quote_in_quoted ? "\"" : "";
      quote_line_ = state_ == State::cell_start ? line_ + 1 : quote_line_;
      state_ = State::quoted;
      ++taken;
    } else if (c == separator_) {
      end_cell(cells);
      ++taken;
    } else if (c == '\n') {
      ++line_;
      ++taken;
      return true;
    } else {
      state_ = State::plain;
    }
  }
  return false;
}

Result<bool> DelimitedReader::read_row(std::vector<std::string>& cells) {
  row_line_ = line_ + 1;
  row_size_ = 0;
  while (true) {
    CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
    if (bytes.empty() && state_ == State::quoted) {
      return problem(quote_line_, "a quoted cell is not closed");
    }
    std::size_t taken = 0;
    const bool whole = bytes.empty() || feed(as_text(bytes), cells, taken);
    cursor_.take(taken);
    row_size_ += taken;
    if (row_size_ > kLongestRow) {
      return problem(row_line_, "a row is longer than 16 MiB");
    }
    if (whole) {
      if (state_ != State::quote_in_quoted && cell_.ends_with('\r')) {
        cell_.pop_back();
      }
      const bool any = row_size_ > 0;
      end_cell(cells);
      return any;
    }
  }
}

Result<bool> DelimitedReader::next(std::vector<std::string>& cells) {
  if (row_line_ == 0) {
    CAIRN_TRY(skip_mark());
  }
  while (true) {
    cells.clear();
    CAIRN_TRY_ASSIGN(const bool found, read_row(cells));
    if (!found) {
      cells.clear();
      return false;
    }
    if (cells.size() > 1 || !cells.front().empty()) {
      return true;
    }
  }
}

}  // namespace cairn::report
