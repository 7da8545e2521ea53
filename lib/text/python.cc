// SPDX-License-Identifier: Apache-2.0
#include "text/python.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/python_lexer.h"
#include "text/python_literal.h"
#include "text/python_number.h"
#include "text/source.h"

namespace cairn::text {
namespace {

/// Keywords at the start of a statement that ends with a block or with statements after a colon.
constexpr std::string_view kCompound[] = {"if",     "elif", "else",    "for", "while", "try",
                                          "except", "with", "finally", "def", "class", "async"};

bool is_compound(std::string_view word) {
  return std::find(std::begin(kCompound), std::end(kCompound), word) != std::end(kCompound);
}

/// What assignments in a body count.
enum class Body : std::uint8_t {
  module,
  klass,
  init,  ///< the function `__init__` of a class: `self.NAME = ...` only
};

/// Finds the assignments of a file that count.
class Parser {
 public:
  Parser(const Source& source, const Limits& limits, Diagnostics& problems)
      : source_(source),
        limits_(limits),
        problems_(problems),
        lexer_(source, problems),
        literals_(lexer_, source, limits),
        nodes_left_(limits.nodes),
        copies_left_(limits.bytes) {}

  Value run() {
    PythonNames names;
    statements(names, Body::module, 1);
    Value root = names.take();
    root.set_origin({source_.at(0), source_.at(source_.text().size()), Style::block, {}});
    return root;
  }

 private:
  struct Target {
    std::string name;
    std::size_t begin;
  };
  /// A part of an assignment: what stands before, between or after its equals signs.
  struct Part {
    std::optional<Target> target;
    std::optional<PythonLiteral> literal;
  };

  /// Statements up to the end of a block, `depth` being that of the map which they fill.
  void statements(PythonNames& names, Body body, unsigned depth) {
    while (!lexer_.is(PythonKind::dedent) && !lexer_.is(PythonKind::end)) {
      statement(names, body, depth);
    }
  }

  void statement(PythonNames& names, Body body, unsigned depth) {
    const bool is_name = lexer_.is(PythonKind::name);
    if (is_name && body != Body::init && lexer_.word() == "class") {
      define_class(names, depth);
    } else if (is_name && body == Body::klass && lexer_.word() == "def") {
      define_function(names, depth);
    } else if (is_name && is_compound(lexer_.word())) {
      skip_statement();
    } else {
      const bool may_open_block = lexer_.is_name("match");
      line(names, body, depth);
      if (lexer_.is(PythonKind::indent)) {
        if (may_open_block) {
          skip_block();
        } else {
          lexer_.fail(body_end_ - 1, "unexpected ':' at the end of the line");
        }
      }
    }
  }

  /// `class NAME...: BODY`
  void define_class(PythonNames& names, unsigned depth) {
    const std::size_t begin = lexer_.token().begin;
    lexer_.advance();
    if (!lexer_.is(PythonKind::name) || is_python_keyword(lexer_.word())) {
      lexer_.unexpected();
      return;
    }
    if (depth >= limits_.depth) {
      lexer_.fail(begin, fmt::format("lists and maps are nested more than {} deep", limits_.depth));
      return;
    }
    const Target target{std::string(lexer_.word()), lexer_.token().begin};
    PythonNames attributes;
    if (!block(attributes, Body::klass, depth + 1) || !use_nodes(2, begin)) {
      return;
    }
    Value value = attributes.take();
    value.set_origin({source_.at(begin), source_.at(body_end_), Style::block, {}});
    assign(names, target, std::move(value));
  }

  /// `def NAME...: BODY` in a class.
  void define_function(PythonNames& names, unsigned depth) {
    lexer_.advance();
    if (lexer_.is_name("__init__")) {
      block(names, Body::init, depth);
    } else {
      skip_statement();
    }
  }

  /// The rest of a header up to its colon, and the statements after it; false if there is no colon.
  bool block(PythonNames& names, Body body, unsigned depth) {
    while (!is_outer_op(":")) {
      if (at_line_end()) {
        lexer_.unexpected();
        return false;
      }
      lexer_.advance();
    }
    lexer_.advance();
    if (!lexer_.is(PythonKind::newline)) {
      line(names, body, depth);
      return true;
    }
    lexer_.advance();
    lexer_.advance();  // the indent: the lexer has seen to it that there is one
    statements(names, body, depth);
    lexer_.advance();
    return true;
  }

  /// Skips a statement with its block.
  void skip_statement() {
    while (!at_line_end()) {
      lexer_.advance();
    }
    end_line();
    if (lexer_.is(PythonKind::indent)) {
      skip_block();
    }
  }

  /// At an indent: skips to behind its dedent.
  void skip_block() {
    std::size_t open = 0;
    do {
      open += lexer_.is(PythonKind::indent) ? 1u : 0u;
      open -= lexer_.is(PythonKind::dedent) ? 1u : 0u;
      body_end_ = lexer_.is(PythonKind::newline) ? lexer_.last_end() : body_end_;
      lexer_.advance();
    } while (open > 0 && !lexer_.is(PythonKind::end));
  }

  /// Statements of one logical line, with semicolons between them.
  void line(PythonNames& names, Body body, unsigned depth) {
    while (!at_line_end()) {
      simple_statement(names, body, depth);
      if (lexer_.is_op(";")) {
        lexer_.advance();
      }
    }
    end_line();
  }

  void end_line() {
    body_end_ = lexer_.last_end();
    if (!lexer_.is(PythonKind::end)) {
      lexer_.advance();
    }
  }

  /// `TARGET = TARGET = VALUE`, `TARGET: TYPE = VALUE`, or something that assigns nothing of interest.
  void simple_statement(PythonNames& names, Body body, unsigned depth) {
    if (lexer_.is(PythonKind::name) && is_compound(lexer_.word())) {
      lexer_.unexpected();
      return;
    }
    std::vector<Target> targets;
    Part part = read_part(body, depth);
    if (part.target.has_value() && lexer_.is_op(":")) {
      skip_part();
    }
    while (lexer_.is_op("=")) {
      if (part.target.has_value()) {
        targets.push_back(std::move(*part.target));
      }
      lexer_.advance();
      part = read_part(body, depth);
    }
    if (part.literal.has_value() && !targets.empty()) {
      assign_all(names, targets, std::move(*part.literal));
    }
  }

  Part read_part(Body body, unsigned depth) {
    Part part;
    const std::size_t begin = lexer_.token().begin;
    if (lexer_.is(PythonKind::name) && !is_constant()) {
      part.target = read_target(body);
    } else {
      part.literal = literals_.read(depth + 1, nodes_left_);
      if (part.literal.has_value() && lexer_.is_op("=") && part.literal->value.is_scalar()) {
        lexer_.fail(begin, "a literal cannot be assigned to");
      }
    }
    if (!part.target.has_value() && !part.literal.has_value()) {
      skip_part();
    }
    return part;
  }

  /// `NAME`, or `self.NAME` in `__init__`, if that is all up to the equals sign or the colon.
  std::optional<Target> read_target(Body body) {
    std::size_t begin = lexer_.token().begin;
    std::string_view name = lexer_.word();
    const bool is_keyword = is_python_keyword(name);
    lexer_.advance();
    if (is_keyword) {
      if (lexer_.is_op("=")) {
        lexer_.fail(begin, cairn::quoted(name) + " is a keyword and cannot be assigned to");
      }
      return std::nullopt;
    }
    if (body == Body::init) {
      if (name != "self" || !lexer_.is_op(".")) {
        return std::nullopt;
      }
      lexer_.advance();
      if (!lexer_.is(PythonKind::name)) {
        return std::nullopt;
      }
      begin = lexer_.token().begin;
      name = lexer_.word();
      lexer_.advance();
    }
    if (!lexer_.is_op("=") && !lexer_.is_op(":")) {
      return std::nullopt;
    }
    return Target{std::string(name), begin};
  }

  void skip_part() {
    while (!at_line_end() && !is_outer_op("=") && !is_outer_op(";")) {
      lexer_.advance();
    }
  }

  void assign_all(PythonNames& names, const std::vector<Target>& targets, PythonLiteral literal) {
    const std::size_t begin = literal.value.begin().offset;
    const std::size_t length = literal.value.end().offset - begin;
    for (PythonProblem& problem : literal.unfit) {
      problems_.add(source_.at(problem.offset), std::move(problem.message));
    }
    for (std::size_t i = 0; i + 1 < targets.size(); ++i) {
      if (!use_nodes(literal.nodes + 1, begin)) {
        return;
      }
      if (length > copies_left_) {
        lexer_.fail(begin, fmt::format("values are longer than {} bytes together", limits_.bytes));
        return;
      }
      copies_left_ -= length;
      assign(names, targets[i], literal.value);
    }
    if (use_nodes(literal.nodes + 1, begin)) {
      assign(names, targets.back(), std::move(literal.value));
    }
  }

  void assign(PythonNames& names, const Target& target, Value value) {
    const Position begin = source_.at(target.begin);
    names.assign({target.name, std::move(value), begin, source_.at(target.begin + target.name.size())});
  }

  bool use_nodes(std::size_t count, std::size_t offset) {
    if (count > nodes_left_) {
      lexer_.fail(offset, fmt::format("more than {} keys and values", limits_.nodes));
      return false;
    }
    nodes_left_ -= count;
    return true;
  }

  [[nodiscard]] bool at_line_end() const {
    return lexer_.is(PythonKind::newline) || lexer_.is(PythonKind::end);
  }
  [[nodiscard]] bool is_outer_op(std::string_view op) const {
    return lexer_.token().depth == 0 && lexer_.is_op(op);
  }
  [[nodiscard]] bool is_constant() const {
    return lexer_.word() == "None" || lexer_.word() == "True" || lexer_.word() == "False";
  }

  const Source& source_;
  const Limits& limits_;
  Diagnostics& problems_;
  PythonLexer lexer_;
  PythonLiterals literals_;
  std::size_t nodes_left_;
  std::size_t copies_left_;   ///< bytes that chained assignments may repeat
  std::size_t body_end_ = 0;  ///< offset after the last line that was read
};

/// The encoding that a comment names as PEP 263 says; empty if it names none.
std::string_view encoding_in(std::string_view comment) {
  constexpr std::string_view kWord = "coding";
  for (std::size_t at = comment.find(kWord); at != std::string_view::npos; at = comment.find(kWord, at + 1)) {
    std::string_view rest = comment.substr(at + kWord.size());
    if (rest.starts_with(':') || rest.starts_with('=')) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t", 1), rest.size()));
      const auto* stop = std::find_if(rest.begin(), rest.end(),
                                      [](char c) { return !is_python_name_byte(c) && c != '-' && c != '.'; });
      return rest.substr(0, static_cast<std::size_t>(stop - rest.begin()));
    }
  }
  return {};
}

/// The encoding that a comment in the first two lines names; empty if there is none.
std::string_view declared_encoding(std::string_view body) {
  std::string_view found;
  for (int line = 0; line < 2 && found.empty(); ++line) {
    const std::size_t end = std::min(body.find_first_of("\r\n"), body.size());
    const std::string_view text = body.substr(0, end);
    const std::size_t first = text.find_first_not_of(" \t\f");
    if (first != std::string_view::npos && text[first] != '#') {
      break;
    }
    found = encoding_in(text);
    body.remove_prefix(std::min(end + (body.substr(end, 2) == "\r\n" ? 2 : 1), body.size()));
  }
  return found;
}

/// Bytes that are not ASCII mean something else in another encoding.
void check_encoding(const Source& source, Diagnostics& problems) {
  std::string name(declared_encoding(source.body()));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string_view body = source.body();
  const auto* foreign = std::find_if(body.begin(), body.end(),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0x80u) != 0; });
  const bool is_utf8 = name.empty() || name == "utf8" || name == "utf-8" || name.starts_with("utf-8-");
  if (!is_utf8 && foreign != body.end()) {
    problems.add(source.at(source.body_offset() + static_cast<std::size_t>(foreign - body.begin())),
                 fmt::format("the file says that its encoding is {}: only UTF-8 is read",
                             cairn::quoted(name.substr(0, 40))));
  }
}

}  // namespace

Result<Value> parse_python(std::string_view text, std::string_view path, const Limits& limits) {
  Diagnostics problems(path, text);
  check_text(text, limits, problems);
  CAIRN_TRY(problems.status());
  const Source source(text);
  check_encoding(source, problems);
  CAIRN_TRY(problems.status());
  Value root = Parser(source, limits, problems).run();
  CAIRN_TRY(problems.status());
  return root;
}

}  // namespace cairn::text
