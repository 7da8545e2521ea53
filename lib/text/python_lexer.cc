// SPDX-License-Identifier: Apache-2.0
#include "text/python_lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/python_number.h"
#include "text/python_string.h"

namespace cairn::text {
namespace {

constexpr std::size_t kMostIndents = 100;   // as in CPython
constexpr std::size_t kMostBrackets = 200;  // as in CPython
constexpr std::size_t kShown = 40;          // bytes of a token in a message

constexpr std::string_view kKeywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

/// Words that are keywords only at the start of some statements.
constexpr std::string_view kSoftKeywords[] = {"match", "case", "type"};

/// Operators of two and three characters that must not be taken for `=`, `:` or `*`.
constexpr std::string_view kLongOps[] = {
    "**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "+=", "-=", "*=",
    "/=",  "%=",  "&=",  "|=",  "^=",  "@=", ":=", "->", "**", "//", "<<", ">>"};
constexpr std::string_view kShortOps = "+-*/%&|^~<>()[]{},:.;@=";

template <class Words>
bool contains(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// True for characters that are not ASCII and stand in no name: spaces and punctuation, as editors and web
/// pages put them in.
bool is_foreign_mark(std::uint32_t c) {
  return (c >= 0x80 && c < 0xaa) || (c >= 0x2000 && c < 0x203f) || c == 0x3000 || c == 0xfeff;
}

/// True for numbers, strings, names and constants.
bool is_operand(PythonKind kind, std::string_view word) {
  if (kind == PythonKind::name) {
    return !is_python_keyword(word) || word == "True" || word == "False" || word == "None";
  }
  return kind == PythonKind::number || kind == PythonKind::string;
}

}  // namespace

bool is_python_keyword(std::string_view word) {
  return contains(kKeywords, word);
}

PythonLexer::PythonLexer(const Source& source, Diagnostics& problems)
    : text_(source.text()), source_(source), problems_(problems), at_(source.body_offset()) {
  const std::size_t null = text_.find('\0');
  if (null != std::string_view::npos) {
    fail(null, "a null byte is not Python");
  }
  advance();
}

void PythonLexer::advance() {
  const PythonToken before = token_;
  const bool before_started = starts_statement_;
  last_end_ = before.end;
  starts_statement_ = before.kind == PythonKind::newline || before.kind == PythonKind::indent ||
                      before.kind == PythonKind::dedent || last_end_ == 0 || is_op(";");
  read();
  const std::string_view word = text_.substr(before.begin, before.end - before.begin);
  const bool soft = before_started && before.kind == PythonKind::name && contains(kSoftKeywords, word);
  if (!soft) {
    check_neighbours(before);
  }
}

void PythonLexer::fail(std::size_t offset, std::string message) {
  if (!failed_) {
    problems_.add(source_.at(offset), std::move(message));
  }
  failed_ = true;
  token_ = {PythonKind::end, text_.size(), text_.size(), 0};
}

void PythonLexer::unexpected() {
  if (is(PythonKind::newline) || is(PythonKind::end)) {
    fail(token_.begin, "unexpected end of the line");
  } else {
    fail(token_.begin, "unexpected " + cairn::quoted(word().substr(0, kShown)));
  }
}

void PythonLexer::read() {
  if (failed_) {
    return;
  }
  if (line_starts_) {
    read_indent();
    if (failed_ || is(PythonKind::indent)) {
      return;
    }
  }
  if (dedents_ > 0) {
    --dedents_;
    indents_.pop_back();
    emit(PythonKind::dedent, 0);
    return;
  }
  skip_space();
  if (failed_) {
    return;
  }
  if (at_ >= text_.size()) {
    read_end();
  } else if (text_[at_] == '\n' || text_[at_] == '\r') {
    needs_block_ = is_op(":");
    emit(PythonKind::newline, 0);
    skip_line_end();
    line_starts_ = true;
  } else if (is_digit(text_[at_]) ||
             (text_[at_] == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
    read_number();
  } else if (is_python_name_byte(text_[at_])) {
    read_name();
  } else if (text_[at_] == '"' || text_[at_] == '\'') {
    read_string(0);
  } else {
    read_op();
  }
}

/// At the start of a logical line: skips blank lines, and compares its indentation with what is open.
void PythonLexer::read_indent() {
  line_starts_ = false;
  const Indent found = measure_indent();
  if (at_ >= text_.size()) {
    return;
  }
  change_indent(found);
}

PythonLexer::Indent PythonLexer::measure_indent() {
  Indent found{0, 0};
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == ' ') {
      ++found.columns;
      ++found.narrow;
    } else if (c == '\t') {
      found.columns = (found.columns / 8 + 1) * 8;
      ++found.narrow;
    } else if (c == '\f' || c == '\n' || c == '\r') {
      found = {0, 0};
    } else if (c == '#') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size()) - 1;
    } else {
      break;
    }
  }
  return found;
}

void PythonLexer::change_indent(const Indent& found) {
  const bool deeper = found.columns > indents_.back().columns;
  auto last = indents_.rbegin();
  while (last->columns > found.columns) {
    ++last;
  }
  dedents_ = static_cast<std::size_t>(last - indents_.rbegin());
  if (needs_block_ && !deeper) {
    fail(at_, "expected an indented block after ':'");
  } else if (!deeper && last->columns != found.columns) {
    fail(at_, "indentation fits no line above");
  } else if (deeper ? found.narrow <= last->narrow : found.narrow != last->narrow) {
    fail(at_, "tabs and spaces are mixed in the indentation");
  } else if (deeper && !needs_block_) {
    fail(at_, "unexpected indentation");
  } else if (deeper && indents_.size() > kMostIndents) {
    fail(at_, fmt::format("more than {} levels of indentation", kMostIndents));
  } else if (deeper) {
    needs_block_ = false;
    indents_.push_back(found);
    emit(PythonKind::indent, 0);
  }
}

/// Skips blanks, comments, joined lines, and line breaks in brackets.
void PythonLexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool in_brackets = !brackets_.empty();
    if (c == ' ' || c == '\t' || c == '\f' || (in_brackets && (c == '\n' || c == '\r'))) {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else if (c == '\\') {
      const std::size_t next = at_ + 1;
      if (next >= text_.size() || (text_[next] != '\n' && text_[next] != '\r')) {
        fail(at_, "unexpected '\\': a line break must follow it");
        return;
      }
      at_ = next;
      skip_line_end();
    } else {
      return;
    }
  }
}

void PythonLexer::skip_line_end() {
  at_ += text_.substr(at_, 2) == "\r\n" ? 2u : 1u;
}

/// The tokens at the end of the file: the last line's end, the ends of all blocks.
void PythonLexer::read_end() {
  if (!brackets_.empty()) {
    fail(brackets_.back().offset, fmt::format("'{}' is never closed", brackets_.back().opening));
  } else if (token_.kind >= PythonKind::name) {
    needs_block_ = is_op(":");
    emit(PythonKind::newline, 0);
  } else if (needs_block_) {
    fail(at_, "expected an indented block after ':'");
  } else if (indents_.size() > 1) {
    indents_.pop_back();
    emit(PythonKind::dedent, 0);
  } else {
    emit(PythonKind::end, 0);
  }
}

void PythonLexer::read_name() {
  std::size_t end = at_;
  while (end < text_.size() && is_python_name_byte(text_[end])) {
    const Character c = decode_utf8(text_.substr(end, 4));
    if (is_foreign_mark(c.code_point)) {
      fail(end, fmt::format("character U+{:04X} is not Python", c.code_point));
      return;
    }
    end += c.length;
  }
  if (python_string_head(text_, at_, end - at_).has_value()) {
    read_string(end - at_);
  } else {
    emit(PythonKind::name, end - at_);
  }
}

void PythonLexer::read_string(std::size_t name_length) {
  const std::optional<std::size_t> end =
      python_string_end(text_, *python_string_head(text_, at_, name_length));
  if (!end.has_value()) {
    fail(at_, "string has no end");
    return;
  }
  emit(PythonKind::string, *end - at_);
}

void PythonLexer::read_number() {
  const std::optional<std::size_t> end = python_number_end(text_, at_);
  if (!end.has_value()) {
    std::size_t shown = at_;
    while (shown < std::min(text_.size(), at_ + kShown) &&
           (is_python_name_byte(text_[shown]) || text_[shown] == '.')) {
      ++shown;
    }
    fail(at_, cairn::quoted(text_.substr(at_, shown - at_)) + " is not a number of Python");
    return;
  }
  emit(PythonKind::number, *end - at_);
}

void PythonLexer::read_op() {
  const std::string_view rest = text_.substr(at_, 3);
  const auto* known = std::find_if(std::begin(kLongOps), std::end(kLongOps),
                                   [&](std::string_view op) { return rest.starts_with(op); });
  const char c = rest.front();
  if (known != std::end(kLongOps)) {
    emit(PythonKind::op, known->size());
  } else if (kShortOps.find(c) == std::string_view::npos) {
    fail(at_, fmt::format("character {} is not Python", cairn::quoted(rest.substr(0, 1))));
  } else if (c == '(' || c == '[' || c == '{') {
    if (brackets_.size() >= kMostBrackets) {
      fail(at_, fmt::format("brackets are nested more than {} deep", kMostBrackets));
      return;
    }
    emit(PythonKind::op, 1);
    brackets_.push_back({c, token_.begin});
  } else if ((c != ')' && c != ']' && c != '}') || close_bracket(c)) {
    emit(PythonKind::op, 1);
  }
}

bool PythonLexer::close_bracket(char closing) {
  if (brackets_.empty()) {
    fail(at_, fmt::format("'{}' closes nothing", closing));
    return false;
  }
  const Bracket open = brackets_.back();
  const char wanted = open.opening == '(' ? ')' : open.opening == '[' ? ']' : '}';
  if (closing != wanted) {
    const Position begin = source_.at(open.offset);
    fail(at_,
         fmt::format("'{}' cannot close '{}' at {}:{}", closing, open.opening, begin.line, begin.column));
    return false;
  }
  brackets_.pop_back();
  return true;
}

void PythonLexer::emit(PythonKind kind, std::size_t length) {
  token_ = {kind, at_, at_ + length, brackets_.size()};
  at_ += length;
}

/// No operand may follow another, except strings, which Python joins. `...` is none here: after `from` it is
/// a place.
void PythonLexer::check_neighbours(const PythonToken& before) {
  const std::string_view first = text_.substr(before.begin, before.end - before.begin);
  const bool closes = before.kind == PythonKind::op && (first == ")" || first == "]" || first == "}");
  const bool joined = before.kind == PythonKind::string && is(PythonKind::string);
  if ((closes || is_operand(before.kind, first)) && is_operand(token_.kind, word()) && !joined) {
    fail(token_.begin, fmt::format("unexpected {} after {}", cairn::quoted(word().substr(0, kShown)),
                                   cairn::quoted(first.substr(0, kShown))));
  }
}

}  // namespace cairn::text
