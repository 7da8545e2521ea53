// SPDX-License-Identifier: Apache-2.0
#include "text/python_literal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/python_number.h"
#include "text/yaml_scalar.h"

namespace cairn::text {
namespace {

/// What a dict key is called in a map; nothing for keys that have no short text.
std::optional<std::string> key_text(const Value& key) {
  switch (key.kind()) {
    case Kind::string:
      return key.string_value();
    case Kind::integer:
    case Kind::floating:
      return non_string_text(key);
    case Kind::boolean:
      return key.bool_value() ? "True" : "False";
    case Kind::null:
      return "None";
    case Kind::list:
    case Kind::map:
      break;
  }
  return std::nullopt;
}

}  // namespace

void PythonNames::assign(Entry entry) {
  auto [place, is_new] = places_.try_emplace(entry.key, places_.size());
  if (is_new) {
    map_.append_entry(std::move(entry));
  } else {
    map_.entries()[place->second] = std::move(entry);
  }
}

std::optional<PythonLiteral> PythonLiterals::read(unsigned depth, std::size_t nodes) {
  found_ = {};
  most_nodes_ = nodes;
  depth_ = depth;
  deepest_ = 0;
  std::optional<Value> value = bare();
  const bool ends = lexer_.is(PythonKind::newline) || lexer_.is_op("=") || lexer_.is_op(";");
  if (!value.has_value() || !ends) {
    return std::nullopt;
  }
  found_.value = std::move(*value);
  return std::move(found_);
}

std::optional<Value> PythonLiterals::bare() {
  const std::size_t begin = lexer_.token().begin;
  std::optional<Value> first = element(depth_);
  if (!first.has_value() || !lexer_.is_op(",")) {
    return first;
  }
  // A tuple after all, so that its items are one deeper than they were taken for.
  if (!enter(std::max(depth_, deepest_ + 1)) || !count(begin)) {
    return std::nullopt;
  }
  Items items;
  items.push_back(std::move(*first));
  while (lexer_.is_op(",")) {
    lexer_.advance();
    if (lexer_.is(PythonKind::newline) || lexer_.is_op("=") || lexer_.is_op(";")) {
      break;
    }
    std::optional<Value> item = element(depth_ + 1);
    if (!item.has_value()) {
      return std::nullopt;
    }
    items.push_back(std::move(*item));
  }
  return flow(Value::list(std::move(items)), begin);
}

std::optional<Value> PythonLiterals::element(unsigned depth) {
  switch (lexer_.token().kind) {
    case PythonKind::name:
      return constant();
    case PythonKind::number:
      return number(lexer_.token().begin, false);
    case PythonKind::string:
      return strings();
    case PythonKind::op:
      return operation(depth);
    default:
      lexer_.unexpected();
      return std::nullopt;
  }
}

/// What starts with an operator or a bracket.
std::optional<Value> PythonLiterals::operation(unsigned depth) {
  const std::string_view op = lexer_.word();
  if (op == "(") {
    return parentheses(depth);
  }
  if (op == "[") {
    return brackets(depth);
  }
  if (op == "{") {
    return braces(depth);
  }
  constexpr std::string_view kNeverFirst = ",)]}:;=";
  if (kNeverFirst.find(op) != std::string_view::npos) {
    lexer_.unexpected();
    return std::nullopt;
  }
  if (op == "+" || op == "-") {
    const std::size_t begin = lexer_.token().begin;
    lexer_.advance();
    if (lexer_.is(PythonKind::number)) {
      return number(begin, op == "-");
    }
  }
  return std::nullopt;
}

std::optional<Value> PythonLiterals::constant() {
  const std::string_view word = lexer_.word();
  const std::size_t begin = lexer_.token().begin;
  if ((word != "None" && word != "True" && word != "False") || !count(begin)) {
    return std::nullopt;
  }
  lexer_.advance();
  return scalar(word == "None" ? Value::null() : Value::boolean(word == "True"), begin, Style::plain);
}

std::optional<Value> PythonLiterals::number(std::size_t begin, bool negative) {
  const PythonNumber number = read_python_number(lexer_.word(), negative);
  if (number.kind == PythonNumber::Kind::imaginary || !count(begin)) {
    return std::nullopt;
  }
  if (number.kind == PythonNumber::Kind::too_large) {
    found_.unfit.push_back(
        {begin, fmt::format("number {} does not fit in 64 bits; quote it to make it a string",
                            cairn::quoted(lexer_.word().substr(0, 40)))});
  }
  lexer_.advance();
  return scalar(number.kind == PythonNumber::Kind::floating ? Value::floating(number.floating)
                                                            : Value::integer(number.integer),
                begin, Style::plain);
}

/// One string, or several side by side.
std::optional<Value> PythonLiterals::strings() {
  const std::size_t begin = lexer_.token().begin;
  if (!count(begin)) {
    return std::nullopt;
  }
  const std::string_view text = source_.text();
  std::string value;
  const bool is_single = text[text.find_first_of("\"'", begin)] == '\'';
  for (; lexer_.is(PythonKind::string); lexer_.advance()) {
    const PythonToken token = lexer_.token();
    const std::size_t quote = text.find_first_of("\"'", token.begin);
    const std::optional<PythonStringHead> head = python_string_head(text, token.begin, quote - token.begin);
    if (head->is_bytes || head->is_formatted) {
      return std::nullopt;
    }
    if (std::optional<PythonProblem> problem = append_python_string(text, token.begin, token.end, value)) {
      found_.unfit.push_back(std::move(*problem));
    }
  }
  return scalar(Value::string(value), begin, is_single ? Style::single_quoted : Style::double_quoted);
}

std::optional<Value> PythonLiterals::parentheses(unsigned depth) {
  const std::size_t begin = lexer_.token().begin;
  if (!enter(depth)) {
    return std::nullopt;
  }
  lexer_.advance();
  if (lexer_.is_op(")")) {
    return collection(begin, {}, depth);
  }
  std::optional<Value> first = element(depth + 1);
  if (!first.has_value()) {
    return std::nullopt;
  }
  if (lexer_.is_op(")")) {
    lexer_.advance();
    return first;
  }
  Items items;
  items.push_back(std::move(*first));
  return collection(begin, std::move(items), depth);
}

std::optional<Value> PythonLiterals::brackets(unsigned depth) {
  const std::size_t begin = lexer_.token().begin;
  if (!enter(depth)) {
    return std::nullopt;
  }
  lexer_.advance();
  Items items;
  if (!lexer_.is_op("]")) {
    std::optional<Value> first = element(depth + 1);
    if (!first.has_value()) {
      return std::nullopt;
    }
    items.push_back(std::move(*first));
  }
  return collection(begin, std::move(items), depth);
}

/// A dict or a set.
std::optional<Value> PythonLiterals::braces(unsigned depth) {
  const std::size_t begin = lexer_.token().begin;
  if (!enter(depth) || !count(begin)) {
    return std::nullopt;
  }
  lexer_.advance();
  if (lexer_.is_op("}")) {
    lexer_.advance();
    return flow(Value::map(), begin);
  }
  std::optional<Value> first = element(depth + 1);
  if (!first.has_value()) {
    return std::nullopt;
  }
  if (lexer_.is_op(":")) {
    return dict(begin, std::move(*first), depth);
  }
  Items items;
  items.push_back(std::move(*first));
  return collection(begin, std::move(items), depth);
}

/// A dict after its first key.
std::optional<Value> PythonLiterals::dict(std::size_t begin, Value first_key, unsigned depth) {
  PythonNames names;
  std::optional<Value> key = std::move(first_key);
  while (key.has_value() && dict_value(names, *key, depth)) {
    const bool more = lexer_.is_op(",");
    if (more) {
      lexer_.advance();
    }
    if (lexer_.is_op("}")) {
      lexer_.advance();
      return flow(names.take(), begin);
    }
    if (!more) {
      return std::nullopt;
    }
    key = element(depth + 1);
  }
  return std::nullopt;
}

/// The colon and the value of a dict's key.
bool PythonLiterals::dict_value(PythonNames& names, const Value& key, unsigned depth) {
  std::optional<std::string> name = key_text(key);
  if (!name.has_value()) {
    return false;
  }
  if (!lexer_.is_op(":")) {
    if (lexer_.is_op(",") || lexer_.is_op("}")) {
      lexer_.unexpected();
    }
    return false;
  }
  lexer_.advance();
  std::optional<Value> value = element(depth + 1);
  if (!value.has_value()) {
    return false;
  }
  names.assign({std::move(*name), std::move(*value), key.begin(), key.end()});
  return true;
}

/// The rest of a list, tuple or set, of which `items` are read.
std::optional<Value> PythonLiterals::collection(std::size_t begin, Items items, unsigned depth) {
  constexpr std::string_view kOpening = "([{";
  constexpr std::string_view kClosing = ")]}";
  const std::string_view closing = kClosing.substr(kOpening.find(source_.text()[begin]), 1);
  if (closing != "}" && !count(begin)) {
    return std::nullopt;
  }
  while (!lexer_.is_op(closing)) {
    if (!items.empty()) {
      if (!lexer_.is_op(",")) {
        return std::nullopt;
      }
      lexer_.advance();
      if (lexer_.is_op(closing)) {
        break;
      }
    }
    std::optional<Value> item = element(depth + 1);
    if (!item.has_value()) {
      return std::nullopt;
    }
    items.push_back(std::move(*item));
  }
  lexer_.advance();
  return flow(Value::list(std::move(items)), begin);
}

/// Parentheses count too, so that they cannot exhaust the stack.
bool PythonLiterals::enter(unsigned depth) {
  deepest_ = std::max(deepest_, depth);
  if (depth <= limits_.depth) {
    return true;
  }
  lexer_.fail(lexer_.token().begin,
              fmt::format("lists and maps are nested more than {} deep", limits_.depth));
  return false;
}

bool PythonLiterals::count(std::size_t offset) {
  if (++found_.nodes <= most_nodes_) {
    return true;
  }
  lexer_.fail(offset, fmt::format("more than {} keys and values", limits_.nodes));
  return false;
}

Value PythonLiterals::scalar(Value value, std::size_t begin, Style style) {
  const std::size_t end = lexer_.last_end();
  const std::string_view raw =
      value.is(Kind::string) ? std::string_view() : source_.text().substr(begin, end - begin);
  value.set_origin({source_.at(begin), source_.at(end), style, std::string(raw)});
  return value;
}

Value PythonLiterals::flow(Value value, std::size_t begin) {
  value.set_origin({source_.at(begin), source_.at(lexer_.last_end()), Style::flow, {}});
  return value;
}

}  // namespace cairn::text
