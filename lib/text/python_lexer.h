// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/diagnostics.h"
#include "text/source.h"

namespace cairn::text {

enum class PythonKind : std::uint8_t { end, newline, indent, dedent, name, number, string, op };

/// A token of a Python file. Keywords are names. newline ends a logical line: there is none in brackets.
struct PythonToken {
  PythonKind kind = PythonKind::end;
  std::size_t begin = 0;  ///< offset in the text
  std::size_t end = 0;
  std::size_t depth = 0;  ///< brackets around it, itself not counted
};

/// True for the words that Python reserves, `True`, `False` and `None` among them.
bool is_python_keyword(std::string_view word);

/// Cuts a Python file into tokens, one at a time. Reports strings and brackets without an end, indentation
/// that fits nothing, characters and numbers that Python does not have, and two operands side by side.
/// Internal to this module.
class PythonLexer {
 public:
  /// Stands on the first token. REQUIRES: check_text() found nothing; both references outlive this.
  PythonLexer(const Source& source, Diagnostics& problems);

  /// The token on which it stands; `end` for ever after the last one, and after a problem.
  [[nodiscard]] const PythonToken& token() const { return token_; }
  [[nodiscard]] std::string_view word() const {
    return text_.substr(token_.begin, token_.end - token_.begin);
  }
  [[nodiscard]] bool is(PythonKind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool is_op(std::string_view op) const { return is(PythonKind::op) && word() == op; }
  [[nodiscard]] bool is_name(std::string_view name) const { return is(PythonKind::name) && word() == name; }
  void advance();
  /// Offset after the token before this one.
  [[nodiscard]] std::size_t last_end() const { return last_end_; }

  /// Reports a problem and ends the file here. Only the first one counts: what follows may come from it.
  void fail(std::size_t offset, std::string message);
  /// fail() at this token, which has no business there.
  void unexpected();

 private:
  struct Indent {
    std::size_t columns;  ///< with tabs to multiples of 8
    std::size_t narrow;   ///< with tabs as one column
  };
  struct Bracket {
    char opening;
    std::size_t offset;
  };

  void read();
  void read_indent();
  [[nodiscard]] Indent measure_indent();
  void change_indent(const Indent& found);
  void skip_space();
  void skip_line_end();
  void read_end();
  void read_name();
  void read_string(std::size_t name_length);
  void read_number();
  void read_op();
  bool close_bracket(char closing);
  void emit(PythonKind kind, std::size_t length);
  void check_neighbours(const PythonToken& before);

  std::string_view text_;
  const Source& source_;
  Diagnostics& problems_;
  PythonToken token_;
  std::size_t at_;
  std::size_t last_end_ = 0;
  bool failed_ = false;
  bool line_starts_ = true;
  bool needs_block_ = false;       ///< the last logical line ended with a colon
  bool starts_statement_ = false;  ///< token_ does
  std::size_t dedents_ = 0;        ///< to give before the next token
  std::vector<Indent> indents_ = {{0, 0}};
  std::vector<Bracket> brackets_;
};

}  // namespace cairn::text
