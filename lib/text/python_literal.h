// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "text/limits.h"
#include "text/python_lexer.h"
#include "text/python_string.h"
#include "text/source.h"
#include "text/value.h"

namespace cairn::text {

/// A map in which a name may be assigned again: its last value counts, and keeps the first one's place in
/// the order. Internal to this module. Cost: constant a name.
class PythonNames {
 public:
  void assign(Entry entry);
  [[nodiscard]] Value take() { return std::move(map_); }

 private:
  Value map_ = Value::map();
  std::unordered_map<std::string, std::size_t> places_;
};

struct PythonLiteral {
  Value value;
  std::size_t nodes = 0;             ///< values and keys in it
  std::vector<PythonProblem> unfit;  ///< what a Value cannot hold: errors if the literal is used
};

/// Reads expressions that are literals. Internal to this module.
class PythonLiterals {
 public:
  PythonLiterals(PythonLexer& lexer, const Source& source, const Limits& limits)
      : lexer_(lexer), source_(source), limits_(limits) {}

  /// The literal at the lexer's token, which may be a tuple without parentheses, as a value `depth` deep and
  /// with at most `nodes` nodes. Nothing if what stands there is no literal or only starts with one: the
  /// lexer is then somewhere in it.
  std::optional<PythonLiteral> read(unsigned depth, std::size_t nodes);

 private:
  using Items = std::vector<Value>;

  std::optional<Value> bare();
  std::optional<Value> element(unsigned depth);
  std::optional<Value> operation(unsigned depth);
  std::optional<Value> constant();
  std::optional<Value> number(std::size_t begin, bool negative);
  std::optional<Value> strings();
  std::optional<Value> parentheses(unsigned depth);
  std::optional<Value> brackets(unsigned depth);
  std::optional<Value> braces(unsigned depth);
  std::optional<Value> dict(std::size_t begin, Value first_key, unsigned depth);
  bool dict_value(PythonNames& names, const Value& key, unsigned depth);
  std::optional<Value> collection(std::size_t begin, Items items, unsigned depth);
  bool enter(unsigned depth);
  bool count(std::size_t offset);
  Value scalar(Value value, std::size_t begin, Style style);
  Value flow(Value value, std::size_t begin);

  PythonLexer& lexer_;
  const Source& source_;
  const Limits& limits_;
  PythonLiteral found_;
  std::size_t most_nodes_ = 0;
  unsigned depth_ = 0;    ///< of the value that is read
  unsigned deepest_ = 0;  ///< list or map in it
};

}  // namespace cairn::text
