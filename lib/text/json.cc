// SPDX-License-Identifier: Apache-2.0
#include "text/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/source.h"

namespace cairn::text {
namespace {

constexpr std::string_view kPythonWords[] = {"NaN", "Infinity"};

/// Offset after the string whose opening quote is at `at`.
std::size_t after_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    at += text[at] == '\\' ? 1u : 0u;
  }
  return std::min(at + 1, text.size());
}

/// Length of NaN or Infinity when that is the whole token at `at` (which may follow a minus), else 0.
std::size_t python_word(std::string_view text, std::size_t at) {
  for (std::string_view word : kPythonWords) {
    if (!text.substr(at).starts_with(word)) {
      continue;
    }
    const std::size_t start = word == "Infinity" && at > 0 && text[at - 1] == '-' ? at - 1 : at;
    const std::size_t end = at + word.size();
    const bool starts =
        start == 0 || std::string_view(" \t\r\n,:[").find(text[start - 1]) != std::string_view::npos;
    const bool ends =
        end == text.size() || std::string_view(" \t\r\n,]}").find(text[end]) != std::string_view::npos;
    return starts && ends ? word.size() : 0;
  }
  return 0;
}

/// A copy of `text` in which Python's words are numbers of the same length.
std::string without_python_words(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = after_string(text, i);
      continue;
    }
    const std::size_t length = python_word(text, i);
    if (length > 0) {
      out.replace(i, length, "0." + std::string(length - 2, '0'));
    }
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

/// Builds the tree from nlohmann's events. These have no positions, so it walks through the text beside them.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Handler(const Source& source, const Limits& limits, Diagnostics& problems)
      : source_(source), limits_(limits), problems_(problems), cursor_(source.body_offset()) {}

  Value take() { return std::move(root_); }

  bool null() override { return scalar(Value::null()); }
  bool boolean(bool value) override { return scalar(Value::boolean(value)); }
  bool number_integer(number_integer_t value) override { return scalar(Value::integer(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) {
      return too_large();
    }
    return scalar(Value::integer(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t& written) override {
    const std::string_view there = source_.text().substr(token_start());
    if (there.starts_with('N')) {
      return scalar(Value::floating(std::nan("")));
    }
    if (there.starts_with('I') || there.starts_with("-I")) {
      return scalar(Value::floating(there.front() == '-' ? -HUGE_VAL : HUGE_VAL));
    }
    const bool is_integer = written.find_first_of(".eE") == std::string::npos;
    return is_integer ? too_large() : scalar(Value::floating(value));
  }
  bool string(string_t& value) override { return scalar(Value::string(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Value::map()); }
  bool start_array(std::size_t /*size*/) override { return open(Value::list()); }
  bool end_array() override { return close(); }
  bool end_object() override {
    check_duplicates(open_.back()->entries());
    return close();
  }

  bool key(string_t& name) override {
    const std::size_t begin = token_start();
    if (!count(begin)) {
      return false;
    }
    cursor_ = after_string(source_.text(), begin);
    Entry entry{name, {}, source_.at(begin), source_.at(cursor_)};
    slot_ = &open_.back()->append_entry(std::move(entry));
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& e) override {
    const std::string_view what = e.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …"
    const std::size_t colon = what.find(": ");
    const std::string_view message = colon == std::string_view::npos ? what : what.substr(colon + 2);
    const std::size_t read = position == 0 ? 0 : position - 1;
    problems_.add(source_.at(source_.body_offset() + read), escaped(message.substr(0, 300)));
    return false;
  }

 private:
  /// Where the token that was just reported starts: separators and white space stand before it.
  [[nodiscard]] std::size_t token_start() const {
    return std::min(source_.text().find_first_not_of(" \t\r\n,:", cursor_), source_.text().size());
  }

  [[nodiscard]] std::size_t token_end(std::size_t begin) const {
    const std::string_view text = source_.text();
    return text[begin] == '"' ? after_string(text, begin)
                              : std::min(text.find_first_of(" \t\r\n,:]}", begin), text.size());
  }

  bool scalar(Value value) {
    const std::size_t begin = token_start();
    if (!count(begin)) {
      return false;
    }
    cursor_ = token_end(begin);
    const bool is_string = value.is(Kind::string);
    const std::string_view raw = is_string ? "" : source_.text().substr(begin, cursor_ - begin);
    value.set_origin({source_.at(begin), source_.at(cursor_), is_string ? Style::double_quoted : Style::plain,
                      std::string(raw)});
    place(std::move(value));
    return true;
  }

  bool too_large() {
    const std::size_t begin = token_start();
    const std::string_view raw = source_.text().substr(begin, token_end(begin) - begin);
    problems_.add(source_.at(begin),
                  fmt::format("number {} does not fit in 64 bits; quote it to make it a string",
                              cairn::quoted(raw.substr(0, 40))));
    return scalar(Value::null());
  }

  bool open(Value value) {
    const std::size_t begin = token_start();
    if (open_.size() >= limits_.depth) {
      return fail(begin, fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    }
    if (!count(begin)) {
      return false;
    }
    cursor_ = begin + 1;
    value.set_origin({source_.at(begin), {}, Style::flow, {}});
    open_.push_back(&place(std::move(value)));
    return true;
  }

  bool close() {
    cursor_ = token_start() + 1;
    Value& value = *open_.back();
    value.set_origin({value.begin(), source_.at(cursor_), Style::flow, {}});
    open_.pop_back();
    return true;
  }

  /// Puts the value where it belongs. What open_ points at stays put: only the innermost collection grows.
  Value& place(Value value) {
    if (open_.empty()) {
      return root_ = std::move(value);
    }
    if (open_.back()->is(Kind::list)) {
      return open_.back()->append(std::move(value));
    }
    return *slot_ = std::move(value);
  }

  void check_duplicates(std::span<const Entry> entries) {
    std::vector<const Entry*> sorted;
    sorted.reserve(entries.size());
    for (const Entry& entry : entries) {
      sorted.push_back(&entry);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Entry* a, const Entry* b) { return a->key < b->key; });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const Position& first = sorted[i - 1]->key_begin;
      if (sorted[i - 1]->key == sorted[i]->key) {
        problems_.add(sorted[i]->key_begin,
                      fmt::format("duplicate key {}, already at {}:{}", cairn::quoted(sorted[i]->key),
                                  first.line, first.column));
      }
    }
  }

  bool count(std::size_t at) {
    return ++nodes_ <= limits_.nodes || fail(at, fmt::format("more than {} keys and values", limits_.nodes));
  }

  bool fail(std::size_t at, std::string message) {
    problems_.add(source_.at(at), std::move(message));
    return false;
  }

  const Source& source_;
  const Limits& limits_;
  Diagnostics& problems_;
  std::size_t cursor_;  ///< after the last token
  std::size_t nodes_ = 0;
  Value root_;
  std::vector<Value*> open_;
  Value* slot_ = nullptr;  ///< of the last key
};

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view path, const Limits& limits) {
  Diagnostics problems(path, text);
  check_text(text, limits, problems);
  CAIRN_TRY(problems.status());
  const Source source(text);
  std::string replaced;
  std::string_view body = source.body();
  if (body.find("NaN") != std::string_view::npos || body.find("Infinity") != std::string_view::npos) {
    replaced = without_python_words(body);
    body = replaced;
  }
  Handler handler(source, limits, problems);
  nlohmann::json::sax_parse(body.begin(), body.end(), &handler);
  CAIRN_TRY(problems.status());
  return handler.take();
}

}  // namespace cairn::text
