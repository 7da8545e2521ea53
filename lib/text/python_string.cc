// SPDX-License-Identifier: Apache-2.0
#include "text/python_string.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/escape.h"
#include "base/result.h"
#include "text/python_number.h"

namespace cairn::text {
namespace {

/// Strings in expressions in strings and so on; Python has a limit of this kind too.
constexpr unsigned kMostNested = 100;

constexpr std::size_t kNone = std::string_view::npos;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

/// Length of the line break at `at`, 0 if none is there.
std::size_t line_end_length(std::string_view text, std::size_t at) {
  return text.substr(at, 2) == "\r\n" ? 2 : at < text.size() && is_line_end(text[at]) ? 1 : 0;
}

/// Offset after the name at `at`.
std::size_t after_name(std::string_view text, std::size_t at) {
  while (at < text.size() && is_python_name_byte(text[at])) {
    ++at;
  }
  return at;
}

/// Finds where a string literal ends. Every function takes an offset and returns the offset after what it
/// names, or kNone.
class StringScanner {
 public:
  explicit StringScanner(std::string_view text) : text_(text) {}

  std::size_t string(const PythonStringHead& head) {
    std::size_t at = head.content;
    while (at < text_.size()) {
      const char c = text_[at];
      if (closes(at, head)) {
        return at + head.quotes.size();
      }
      if (is_line_end(c) && head.quotes.size() == 1) {
        return kNone;
      }
      if (c == '\\') {
        at = escape(at, head);
      } else if (c == '{' && head.is_formatted) {
        at = text_.substr(at, 2) == "{{" ? at + 2 : field(at + 1, head);
      } else {
        ++at;
      }
    }
    return kNone;
  }

 private:
  [[nodiscard]] bool closes(std::size_t at, const PythonStringHead& head) const {
    return text_[at] == head.quotes[0] && text_.substr(at, head.quotes.size()) == head.quotes;
  }

  /// After a backslash and what it keeps from having a meaning.
  [[nodiscard]] std::size_t escape(std::size_t at, const PythonStringHead& head) const {
    const std::string_view next = text_.substr(at + 1, 2);
    if (head.is_formatted && !head.is_raw && next == "N{") {
      return at + 3;  // a character's name, not an expression; its closing brace has no meaning
    }
    if (head.is_formatted && next.starts_with('{')) {
      return at + 1;
    }
    return at + 1 + std::max<std::size_t>(line_end_length(text_, at + 1), 1);
  }

  /// The expression of an f-string after its opening brace, up to and with its closing brace.
  std::size_t field(std::size_t at, const PythonStringHead& head) {
    if (++nested_ > kMostNested) {
      return kNone;
    }
    std::size_t open = 0;  // brackets
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '}' && open == 0) {
        --nested_;
        return at + 1;
      }
      if (c == ':' && open == 0) {
        at = format(at + 1, head);
        continue;
      }
      if (c == ')' || c == ']' || c == '}') {
        if (open-- == 0) {
          return kNone;
        }
      }
      open += c == '(' || c == '[' || c == '{' ? 1u : 0u;
      at = in_expression(at);
    }
    return kNone;
  }

  /// One string, name, comment or character of an expression.
  std::size_t in_expression(std::size_t at) {
    const std::size_t name = after_name(text_, at) - at;
    if (std::optional<PythonStringHead> inner = python_string_head(text_, at, name)) {
      return string(*inner);
    }
    if (text_[at] == '#') {
      return std::min(text_.find_first_of("\r\n", at), text_.size());
    }
    return at + std::max<std::size_t>(name, 1);
  }

  /// The format of an f-string's expression, up to but without its closing brace.
  std::size_t format(std::size_t at, const PythonStringHead& head) {
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '}') {
        return at;
      }
      if (closes(at, head) || (is_line_end(c) && head.quotes.size() == 1)) {
        return kNone;
      }
      at = c == '{' ? field(at + 1, head) : c == '\\' ? escape(at, head) : at + 1;
    }
    return kNone;
  }

  std::string_view text_;
  unsigned nested_ = 0;
};

void append_utf8(std::string& out, std::uint32_t c) {
  auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
    return;
  }
  const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;  // bytes after the first
  add((0xff00u >> (more + 1) & 0xffu) | c >> 6u * more);
  for (unsigned i = more; i-- > 0;) {
    add(0x80u | (c >> 6u * i & 0x3fu));
  }
}

/// Turns what stands between the quotes of a literal into its value.
class Decoder {
 public:
  Decoder(std::string_view text, const PythonStringHead& head, std::size_t end, std::string& out)
      : text_(text.substr(0, end)), at_(head.content), is_raw_(head.is_raw), out_(out) {}

  std::optional<PythonProblem> run() {
    while (at_ < text_.size() && !problem_.has_value()) {
      if (text_[at_] == '\\' && !is_raw_) {
        escape();
      } else if (const std::size_t length = line_end_length(text_, at_); length > 0) {
        out_ += '\n';
        at_ += length;
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(problem_);
  }

 private:
  void escape() {
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"";
    if (const std::size_t length = line_end_length(text_, at_ + 1); length > 0) {
      at_ += 1 + length;  // the line goes on
      return;
    }
    const char c = text_[at_ + 1];
    if (const std::size_t known = kLetters.find(c); known != kNone) {
      out_ += kMeanings[known];
      at_ += 2;
    } else if (c >= '0' && c <= '7') {
      octal();
    } else if (c == 'x' || c == 'u' || c == 'U') {
      hex(c == 'x' ? 2 : c == 'u' ? 4 : 8);
    } else if (c == 'N') {
      fail("escape '\\N{...}' is not supported: write the character itself");
    } else {
      out_ += '\\';  // as in Python, which keeps both
      ++at_;
    }
  }

  void octal() {
    std::uint32_t code = 0;
    std::size_t at = at_ + 1;
    for (; at < std::min(text_.size(), at_ + 4) && text_[at] >= '0' && text_[at] <= '7'; ++at) {
      code = code * 8 + static_cast<std::uint32_t>(text_[at] - '0');
    }
    append_utf8(out_, code);
    at_ = at;
  }

  void hex(std::size_t digits) {
    const std::string_view written = text_.substr(at_ + 2, digits);
    std::uint32_t code = 0;
    auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), code, 16);
    const std::string shown = cairn::quoted(text_.substr(at_, digits + 2));
    if (written.size() < digits || error != std::errc() || end != written.data() + digits) {
      fail(fmt::format("escape {} has fewer than {} hex digits", shown, digits));
    } else if (code > 0x10ffff) {
      fail(fmt::format("escape {} is no character", shown));
    } else if (code >= 0xd800 && code <= 0xdfff) {
      fail(fmt::format("escape {} is half a character: UTF-8 cannot hold it", shown));
    } else {
      append_utf8(out_, code);
      at_ += digits + 2;
    }
  }

  void fail(std::string message) { problem_ = PythonProblem{at_, std::move(message)}; }

  std::string_view text_;
  std::size_t at_;
  bool is_raw_;
  std::string& out_;
  std::optional<PythonProblem> problem_;
};

}  // namespace

std::optional<PythonStringHead> python_string_head(std::string_view text, std::size_t at,
                                                   std::size_t name_length) {
  constexpr std::string_view kPrefixes[] = {"", "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"};
  const std::size_t quote = at + name_length;
  if (name_length > 2 || quote >= text.size() || (text[quote] != '"' && text[quote] != '\'')) {
    return std::nullopt;
  }
  std::string prefix(text.substr(at, name_length));
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), lower);
  if (std::find(std::begin(kPrefixes), std::end(kPrefixes), prefix) == std::end(kPrefixes)) {
    return std::nullopt;
  }
  const bool three = text.substr(quote, 3) == std::string(3, text[quote]);
  PythonStringHead head;
  head.is_raw = prefix.find('r') != kNone;
  head.is_bytes = prefix.find('b') != kNone;
  head.is_formatted = prefix.find_first_of("ft") != kNone;
  head.quotes = text.substr(quote, three ? 3 : 1);
  head.content = quote + head.quotes.size();
  return head;
}

std::optional<std::size_t> python_string_end(std::string_view text, const PythonStringHead& head) {
  const std::size_t end = StringScanner(text).string(head);
  return end == kNone ? std::nullopt : std::optional(end);
}

std::optional<PythonProblem> append_python_string(std::string_view text, std::size_t begin, std::size_t end,
                                                  std::string& out) {
  const std::optional<PythonStringHead> head =
      python_string_head(text, begin, after_name(text, begin) - begin);
  CAIRN_CHECK(head.has_value());
  return Decoder(text, *head, end - head->quotes.size(), out).run();
}

}  // namespace cairn::text
