// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstring>
#include <deque>

#include "base/escape.h"
#include "report/record_reader.h"
#include "report/value_type.h"

namespace cairn::report {
namespace {

constexpr std::uint32_t kHighSurrogate = 0xd800;
constexpr std::uint32_t kLowSurrogate = 0xdc00;
constexpr std::uint32_t kEndOfSurrogates = 0xe000;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The four hex digits behind "\u" at `at`; nothing where there are none.
std::optional<std::uint32_t> code_unit(std::string_view text, std::size_t at) {
  std::uint32_t code = 0;
  if (at + 4 > text.size()) {
    return std::nullopt;
  }
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
  return error == std::errc() && end == begin + 4 ? std::optional(code) : std::nullopt;
}

/// Replaces the escapes of a JSON string; false for one that JSON does not have. A surrogate without its
/// other half becomes U+FFFD.
bool unescape(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++i;  // a string does not end with a backslash
    if (const std::size_t which = kEscapes.find(text[i]); which != std::string_view::npos) {
      out += kMeanings[which];
      continue;
    }
    std::optional<std::uint32_t> code = text[i] == 'u' ? code_unit(text, i + 1) : std::nullopt;
    if (!code) {
      return false;
    }
    i += 4;
    if (*code >= kHighSurrogate && *code < kEndOfSurrogates) {
      const bool pair = *code < kLowSurrogate && text.substr(i + 1).starts_with("\\u");
      const std::optional<std::uint32_t> low = pair ? code_unit(text, i + 3) : std::nullopt;
      if (low && *low >= kLowSurrogate && *low < kEndOfSurrogates) {
        code = 0x10000 + ((*code - kHighSurrogate) << 10) + (*low - kLowSurrogate);
        i += 6;
      } else {
        code = 0xfffd;
      }
    }
    append_utf8(out, *code);
  }
  return true;
}

class JsonLinesReader : public RecordReader {
 public:
  explicit JsonLinesReader(std::string_view part) : rest_(part) {}

  Result<bool> next() override {
    cells_.clear();
    unescaped_.clear();
    while (!rest_.empty()) {
      line_ = rest_.substr(0, rest_.find('\n'));
      at_ = 0;
      skip_space();
      if (at_ < line_.size()) {
        ++record_;
        CAIRN_TRY(object());
        leave_line();
        return true;
      }
      leave_line();
    }
    return false;
  }

 private:
  static Error no_object(std::string_view what) {
    return {Code::malformed, "not a JSON object in one line: " + std::string(what)};
  }

  void leave_line() {
    lines_ += line_.size() < rest_.size() ? 1U : 0U;
    rest_.remove_prefix(std::min(rest_.size(), line_.size() + 1));
  }

  void skip_space() {
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) {
      ++at_;
    }
  }

  /// Passes over white space and `c`; false where something else stands.
  bool take(char c) {
    skip_space();
    const bool found = at_ < line_.size() && line_[at_] == c;
    at_ += found ? 1 : 0;
    return found;
  }

  Status object() {
    if (!take('{')) {
      return no_object("it does not begin with '{'");
    }
    if (!take('}')) {
      do {
        CAIRN_TRY(entry());
      } while (take(','));
      if (!take('}')) {
        return no_object("'}' is missing");
      }
    }
    skip_space();
    return at_ == line_.size() ? Status() : no_object("something follows it");
  }

  Status entry() {
    skip_space();
    CAIRN_TRY_ASSIGN(const std::string_view key, string());
    if (!take(':')) {
      return no_object("':' is missing");
    }
    CAIRN_TRY_ASSIGN(const std::uint32_t place, place_of(key));
    skip_space();
    CAIRN_TRY_ASSIGN(Cell cell, value());
    cell.column = place;
    cells_.push_back(cell);
    return {};
  }

  /// Records have their keys in one order nearly always.
  Result<std::uint32_t> place_of(std::string_view key) {
    auto place = static_cast<std::uint32_t>(cells_.size());
    if (place >= columns_.size() || columns_[place] != key) {
      CAIRN_TRY_ASSIGN(place, column(key));
    }
    seen_.resize(columns_.size());
    if (std::exchange(seen_[place], record_) == record_) {
      return no_object("the key " + quoted(key) + " stands twice");
    }
    return place;
  }

  Result<Cell> value() {
    const char first = at_ < line_.size() ? line_[at_] : '\0';
    if (first == '"') {
      CAIRN_TRY_ASSIGN(const std::string_view text, string());
      return Cell{0, CellKind::string, text};
    }
    if (first == '{' || first == '[') {
      return nested();
    }
    const std::size_t end = std::min(line_.find_first_of(",} \t\r", at_), line_.size());
    const std::string_view text = line_.substr(at_, end - at_);
    at_ = end;
    if (text == "null") {
      return Cell{0, CellKind::null, text};
    }
    if (text == "true" || text == "false") {
      return Cell{0, CellKind::boolean, text};
    }
    const ValueType type = type_cell(text).type;
    if (text.empty() || !(is_numeric(type) || type == ValueType::empty)) {
      return no_object("a value is neither a string, a number, true, false, null, a list nor an object");
    }
    return Cell{0, CellKind::plain, text};
  }

  Result<std::string_view> string() {
    if (at_ >= line_.size() || line_[at_] != '"') {
      return no_object("a key or string is missing");
    }
    const std::size_t begin = at_ + 1;
    const std::size_t end = end_of_string(begin);
    if (end == std::string_view::npos) {
      return no_object("a string is not closed");
    }
    at_ = end + 1;
    const std::string_view text = line_.substr(begin, end - begin);
    if (text.find('\\') == std::string_view::npos) {
      return text;
    }
    std::string& copy = unescaped_.emplace_back();
    return unescape(text, copy) ? Result<std::string_view>(copy)
                                : no_object("a string has an unknown escape");
  }

  /// The quote that ends the string that begins at `at`.
  [[nodiscard]] std::size_t end_of_string(std::size_t at) const {
    while (true) {
      at = line_.find_first_of("\"\\", at);
      if (at == std::string_view::npos || line_[at] == '"') {
        return at;
      }
      at += 2;
    }
  }

  Result<Cell> nested() {
    const std::size_t begin = at_;
    std::size_t depth = 0;
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      if (c == '"') {
        const std::size_t end = end_of_string(at_);
        if (end == std::string_view::npos) {
          break;
        }
        at_ = end + 1;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return Cell{0, CellKind::nested, line_.substr(begin, at_ - begin)};
      }
    }
    return no_object("a list or object is not closed");
  }

  std::string_view rest_;
  std::string_view line_;
  std::size_t at_ = 0;  // in the line
  std::uint64_t record_ = 0;
  std::vector<std::uint64_t> seen_;    // the last record that had the column
  std::deque<std::string> unescaped_;  // of this record
};

}  // namespace

std::unique_ptr<RecordReader> json_lines_reader(std::string_view part) {
  return std::make_unique<JsonLinesReader>(part);
}

}  // namespace cairn::report
