// SPDX-License-Identifier: Apache-2.0
#include "pipeline/script_words.h"

namespace cairn::pipeline {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Goes through a script once.
class WordReader {
 public:
  WordReader(std::string_view text, ScriptLanguage language) : text_(text), language_(language) {}

  std::vector<ScriptWord> read() {
    while (at_ < text_.size()) {
      if (starts_comment()) {
        skip_comment();
      } else if (is_quote()) {
        read_string();
      } else if (is_word(text_[at_])) {
        read_word();
      } else {
        if (!is_blank(text_[at_])) {
          words_.push_back({text_.substr(at_, 1), line_});
        }
        step(1);
      }
    }
    return std::move(words_);
  }

 private:
  [[nodiscard]] bool is_word(char c) const {
    switch (language_) {
      case ScriptLanguage::shell:
        return is_letter(c) || c == '-' || c == '.' || c == '/';
      case ScriptLanguage::julia:
        return is_letter(c) || c == '.' || c == '!';
      case ScriptLanguage::python:
      case ScriptLanguage::r:
        return is_letter(c) || c == '.';
    }
    return false;
  }

  /// The character that many places on; NUL beyond the end.
  [[nodiscard]] char next(std::size_t places) const {
    return at_ + places < text_.size() ? text_[at_ + places] : '\0';
  }

  [[nodiscard]] bool starts_comment() const {
    if (text_[at_] != '#') {
      return false;
    }
    // "$#" and "a#b" are no comments of a shell.
    return language_ != ScriptLanguage::shell || at_ == 0 || is_blank(text_[at_ - 1]) ||
           text_[at_ - 1] == ';';
  }

  [[nodiscard]] bool is_quote() const {
    const char c = text_[at_];
    switch (language_) {
      case ScriptLanguage::python:
      case ScriptLanguage::r:
        return c == '"' || c == '\'';
      case ScriptLanguage::julia:  // ' is a transposition too
        return c == '"' || (c == '\'' && (next(2) == '\'' || next(1) == '\\'));
      case ScriptLanguage::shell:  // in double quotes ' is an apostrophe
        return c == '\'' && !in_double_quotes_;
    }
    return false;
  }

  void step(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      line_ += text_[at_] == '\n' ? 1U : 0U;
      in_double_quotes_ = in_double_quotes_ != (text_[at_] == '"');
    }
  }

  void skip_to(std::size_t end) { step((end == std::string_view::npos ? text_.size() : end) - at_); }

  void skip_comment() {
    const bool block = language_ == ScriptLanguage::julia && text_.substr(at_, 2) == "#=";
    skip_to(block ? text_.find("=#", at_ + 2) : text_.find('\n', at_));
  }

  void read_string() {
    const char quote = text_[at_];
    const bool has_triple = language_ == ScriptLanguage::python || language_ == ScriptLanguage::julia;
    const std::string three(3, quote);
    const std::string_view closing =
        has_triple && text_.substr(at_, 3) == three ? std::string_view(three) : text_.substr(at_, 1);
    words_.push_back({text_.substr(at_, 1), line_});
    step(closing.size());
    const bool one_line = language_ == ScriptLanguage::python && closing.size() == 1;
    while (at_ < text_.size() && text_.substr(at_, closing.size()) != closing) {
      if (one_line && text_[at_] == '\n') {
        return;
      }
      step(text_[at_] == '\\' && language_ != ScriptLanguage::shell ? 2 : 1);
    }
    step(closing.size());
  }

  void read_word() {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) {
      ++end;
    }
    words_.push_back({text_.substr(at_, end - at_), line_});
    step(end - at_);
  }

  std::string_view text_;
  ScriptLanguage language_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool in_double_quotes_ = false;  // of a shell
  std::vector<ScriptWord> words_;
};

}  // namespace

std::vector<ScriptWord> script_words(std::string_view text, ScriptLanguage language) {
  return WordReader(text, language).read();
}

}  // namespace cairn::pipeline
