// SPDX-License-Identifier: Apache-2.0
#include "text/toml_limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::text {
namespace {

/// Offset after the string that starts at `at`: one line, or many lines between three quotes.
std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool many = text.substr(at, 3) == std::string(3, quote);
  const std::string end(many ? 3 : 1, quote);
  at += end.size();
  while (at < text.size()) {
    if (text.substr(at, end.size()) == end) {
      at += end.size();
      // Up to two quotes of the string may stand before the closing three.
      while (many && at < text.size() && text[at] == quote) {
        ++at;
      }
      return at;
    }
    if (text[at] == '\n' && !many) {
      return at;
    }
    at += text[at] == '\\' && quote == '"' ? 2u : 1u;
  }
  return text.size();
}

class Scanner {
 public:
  Scanner(const Source& source, const Limits& limits, Diagnostics& problems)
      : source_(source), limits_(limits), problems_(problems) {}

  void run() {
    const std::string_view text = source_.text();
    for (std::size_t at = source_.body_offset(); at < text.size() && problems_.empty();) {
      const char c = text[at];
      if (c == '"' || c == '\'') {
        at = after_string(text, at);
      } else if (c == '#') {
        at = std::min(text.find('\n', at), text.size());
      } else {
        count(c);
        check(at++);
      }
    }
  }

 private:
  void count(char c) {
    constexpr std::string_view kSeparators = "\n=,[]{}";
    if (c == '.') {
      ++dots_;
    } else if (kSeparators.find(c) != std::string_view::npos) {
      dots_ = 0;
    }
    if (c == '[' || c == '{') {
      ++brackets_;
    } else if ((c == ']' || c == '}') && brackets_ > 0) {
      --brackets_;
    }
    // A pair ends with "=", an item with ",", a header is one bracket at least; each dot may make a table.
    nodes_ += c == '=' ? 2u : c == ',' || c == '[' || c == '.' ? 1u : 0u;
  }

  void check(std::size_t at) {
    if (dots_ > limits_.depth || brackets_ > limits_.depth) {
      problems_.add(source_.at(at),
                    fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    } else if (nodes_ > limits_.nodes) {
      problems_.add(source_.at(at), fmt::format("more than {} keys and values", limits_.nodes));
    }
  }

  const Source& source_;
  const Limits& limits_;
  Diagnostics& problems_;
  std::size_t dots_ = 0;      ///< since the last separator
  std::size_t brackets_ = 0;  ///< open
  std::size_t nodes_ = 0;
};

}  // namespace

void check_toml_limits(const Source& source, const Limits& limits, Diagnostics& problems) {
  Scanner(source, limits, problems).run();
}

}  // namespace cairn::text
