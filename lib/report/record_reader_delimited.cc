// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <utility>

#include "base/bytes.h"
#include "report/record_reader.h"

namespace cairn::report {
namespace {

constexpr std::uint64_t kLowBits = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

/// The high bit of each byte that is `c`, and perhaps of bytes behind the first such one.
std::uint64_t marks(std::uint64_t word, char c) {
  const std::uint64_t x = word ^ (kLowBits * static_cast<unsigned char>(c));
  return (x - kLowBits) & ~x & kHighBits;
}

class DelimitedReader : public RecordReader {
 public:
  DelimitedReader(std::string_view part, char separator, const std::vector<std::string>& columns)
      : begin_(part.data()), at_(part.data()), end_(part.data() + part.size()), separator_(separator) {
    columns_ = columns;
  }

  Result<bool> next() override {
    cells_.clear();
    unquoted_.clear();
    skip_empty_lines();
    if (at_ == end_) {
      return false;
    }
    for (std::uint32_t column = 0;; ++column) {
      CAIRN_TRY_ASSIGN(const std::string_view text, cell());
      if (column >= columns_.size()) {
        CAIRN_TRY(add_column());
      }
      cells_.push_back({column, CellKind::plain, text});
      if (at_ == end_) {
        return true;
      }
      if (*at_++ == '\n') {
        ++lines_;
        return true;
      }
    }
  }

  /// Bytes of the records so far.
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  void skip_empty_lines() {
    while (at_ < end_ && (*at_ == '\n' || (*at_ == '\r' && at_ + 1 < end_ && at_[1] == '\n'))) {
      at_ += *at_ == '\n' ? 1 : 2;
      ++lines_;
    }
  }

  /// A name for a cell beyond the file's names.
  Status add_column() {
    if (columns_.size() >= kMostColumns) {
      return Error(Code::unsupported, "more than " + std::to_string(kMostColumns) + " columns");
    }
    columns_.push_back(std::to_string(columns_.size() + 1));
    return {};
  }

  /// Up to the separator or the end of the line.
  [[nodiscard]] const char* end_of_cell(const char* at) const {
    for (; end_ - at >= 8; at += 8) {
      const auto word = load_le<std::uint64_t>(reinterpret_cast<const std::uint8_t*>(at));
      if (const std::uint64_t found = marks(word, separator_) | marks(word, '\n'); found != 0) {
        return at + std::countr_zero(found) / 8;
      }
    }
    while (at < end_ && *at != separator_ && *at != '\n') {
      ++at;
    }
    return at;
  }

  Result<std::string_view> cell() {
    if (at_ < end_ && *at_ == '"') {
      return quoted_cell();
    }
    const char* begin = at_;
    at_ = end_of_cell(at_);
    return without_return(std::string_view(begin, static_cast<std::size_t>(at_ - begin)));
  }

  /// A carriage return belongs to the end of a line.
  [[nodiscard]] std::string_view without_return(std::string_view text) const {
    if (text.ends_with('\r') && (at_ == end_ || *at_ == '\n')) {
      text.remove_suffix(1);
    }
    return text;
  }

  Result<std::string_view> quoted_cell() {
    const std::uint64_t first_line = lines_;
    const char* begin = ++at_;
    std::string* copy = nullptr;  // of a cell that does not stand in the part as it is
    while (true) {
      const auto* quote =
          static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
      if (quote == nullptr) {
        lines_ = first_line;
        return Error(Code::malformed, "a quoted cell is not closed");
      }
      count_lines(at_, quote);
      const std::string_view part(begin, static_cast<std::size_t>(quote - begin));
      at_ = quote + 1;
      if (at_ < end_ && *at_ == '"') {  // two stand for one
        copy = append(copy, std::string_view(begin, static_cast<std::size_t>(at_ - begin)));
        begin = ++at_;
        continue;
      }
      const char* rest = at_;
      at_ = end_of_cell(at_);
      const std::string_view tail = without_return({rest, static_cast<std::size_t>(at_ - rest)});
      if (copy == nullptr && tail.empty()) {
        return part;
      }
      copy = append(copy, part);
      return std::string_view(*append(copy, tail));
    }
  }

  std::string* append(std::string* copy, std::string_view text) {
    if (copy == nullptr) {
      copy = &unquoted_.emplace_back();
    }
    *copy += text;
    return copy;
  }

  void count_lines(const char* begin, const char* end) {
    lines_ += static_cast<std::uint64_t>(std::count(begin, end, '\n'));
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  char separator_;
  std::deque<std::string> unquoted_;  // of this record
};

}  // namespace

Result<Header> read_header(std::string_view text, char separator) {
  DelimitedReader reader(text, separator, {});
  CAIRN_TRY(reader.next());
  Header header;
  for (const Cell& cell : reader.cells()) {
    const std::string written(cell.text.empty() ? std::to_string(header.columns.size() + 1) : cell.text);
    std::string name = written;
    const auto is_taken = [&] {
      return std::find(header.columns.begin(), header.columns.end(), name) != header.columns.end();
    };
    for (unsigned copy = 2; is_taken(); ++copy) {
      name = written + " (" + std::to_string(copy) + ")";
    }
    header.columns.push_back(std::move(name));
  }
  header.size = reader.position();
  header.lines = reader.lines();
  return header;
}

std::unique_ptr<RecordReader> delimited_reader(std::string_view part, char separator,
                                               const std::vector<std::string>& columns) {
  return std::make_unique<DelimitedReader>(part, separator, columns);
}

}  // namespace cairn::report
