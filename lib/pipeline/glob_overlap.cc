// SPDX-License-Identifier: Apache-2.0
#include "pipeline/glob_overlap.h"

#include <algorithm>

#include "os/path.h"

namespace cairn::pipeline {
namespace {

/// Behind the bracket expression that opens at `at`; the end if it is not closed.
std::size_t behind_set(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) {
    ++at;
  }
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      return at + 1;
    }
    const std::size_t close = pattern.substr(at, 2) == "[:" ? pattern.find(":]", at + 2) : std::string::npos;
    if (close != std::string::npos) {
      at = close + 2;
    } else {
      at += pattern[at] == '\\' ? 2U : 1U;
    }
  }
  return pattern.size();
}

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Whether a walk over the cells (i, j) of a table reaches its end from (0, 0); `at` says of a cell, given
/// those below and to the right of it, whether the end is reached from there.
template <class At>
bool walk_table(std::size_t rows, std::size_t columns, At at) {
  std::vector<char> table((rows + 1) * (columns + 1), 0);
  const auto cell = [&table, columns](std::size_t i, std::size_t j) -> char& {
    return table[i * (columns + 1) + j];
  };
  for (std::size_t i = rows + 1; i-- > 0;) {
    for (std::size_t j = columns + 1; j-- > 0;) {
      cell(i, j) = at(i, j, cell) ? 1 : 0;
    }
  }
  return cell(0, 0) != 0;
}

}  // namespace

PathPattern PathPattern::path(std::string_view path) {
  PathPattern result;
  result.text_ = path;
  for (std::string_view name : os::parts_of(path)) {
    std::vector<Token> tokens;
    for (const char c : name) {
      tokens.push_back({Token::Kind::literal, c});
    }
    result.add_part(std::move(tokens), false);
  }
  result.summarise();
  return result;
}

PathPattern PathPattern::glob(std::string_view pattern) {
  PathPattern result;
  result.text_ = pattern;
  result.is_glob_ = true;
  std::vector<Token> tokens;
  std::size_t begin = 0;
  const auto end_part = [&](std::size_t end) {
    const std::string_view raw = pattern.substr(begin, end - begin);
    result.add_part(std::exchange(tokens, {}),
                    raw.size() >= 2 && raw.find_first_not_of('*') == std::string_view::npos);
  };
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const bool escaped = c == '\\' && at + 1 < pattern.size();
    if (c == '/' || (escaped && pattern[at + 1] == '/')) {
      end_part(at);
      at += escaped ? 2U : 1U;
      begin = at;
    } else if (c == '[') {
      tokens.push_back({Token::Kind::any, 0});
      at = behind_set(pattern, at);
    } else if (c == '*' || c == '?') {
      tokens.push_back({c == '*' ? Token::Kind::star : Token::Kind::any, 0});
      ++at;
    } else {
      tokens.push_back({Token::Kind::literal, escaped ? pattern[at + 1] : c});
      at += escaped ? 2U : 1U;
    }
  }
  end_part(pattern.size());
  if (result.parts_.back().any_depth) {
    result.add_part({{Token::Kind::star, 0}}, false);  // at least one name
  }
  result.summarise();
  return result;
}

void PathPattern::add_part(std::vector<Token> tokens, bool any_depth) {
  Part part;
  part.any_depth = any_depth;
  part.fixed = !any_depth && std::all_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.kind == Token::Kind::literal;
  });
  part.tokens = std::move(tokens);
  parts_.push_back(std::move(part));
}

void PathPattern::summarise() {
  const auto literal = [](const Token& token) { return token.kind == Token::Kind::literal; };
  for (const Part& part : parts_) {
    flat_ = flat_ && !part.any_depth;
  }
  while (fixed_parts_ < parts_.size() && parts_[fixed_parts_].fixed) {
    ++fixed_parts_;
  }
  for (const Part& part : parts_) {
    for (auto token = part.tokens.begin(); token != part.tokens.end() && literal(*token); ++token) {
      prefix_ += token->byte;
    }
    if (!part.fixed || &part == &parts_.back()) {
      break;
    }
    prefix_ += '/';
  }
  if (!parts_.empty()) {
    const std::vector<Token>& last = parts_.back().tokens;
    for (auto token = last.rbegin(); token != last.rend() && literal(*token); ++token) {
      suffix_.insert(suffix_.begin(), token->byte);
    }
  }
}

std::string PathPattern::base() const {
  if (fixed_parts_ == parts_.size()) {
    return prefix_;
  }
  return std::string(os::parent_of(prefix_));
}

/// Quick and sure where it says so: names of one depth whose ends differ.
bool PathPattern::never_meets(const PathPattern& other) const {
  if (!flat_ || !other.flat_ || parts_.size() != other.parts_.size()) {
    return false;
  }
  const std::string_view longer = suffix_.size() > other.suffix_.size() ? suffix_ : other.suffix_;
  const std::string_view shorter = suffix_.size() > other.suffix_.size() ? other.suffix_ : suffix_;
  return !longer.ends_with(shorter);
}

/// Its last name has an extension: one to eight letters and digits that begin with a letter.
bool PathPattern::looks_like_file() const {
  constexpr std::size_t kLongest = 8;
  const std::size_t dot = suffix_.rfind('.');
  if (dot == std::string::npos || (dot == 0 && parts_.back().fixed)) {
    return false;
  }
  const std::string_view extension = std::string_view(suffix_).substr(dot + 1);
  return !extension.empty() && extension.size() <= kLongest &&
         !(extension[0] >= '0' && extension[0] <= '9') &&
         std::all_of(extension.begin(), extension.end(), is_alnum);
}

bool PathPattern::parts_meet(const Part& a, const Part& b) {
  using Kind = Token::Kind;
  return walk_table(a.tokens.size(), b.tokens.size(), [&](std::size_t i, std::size_t j, const auto& cell) {
    const bool more_a = i < a.tokens.size();
    const bool more_b = j < b.tokens.size();
    if (more_a && a.tokens[i].kind == Kind::star) {
      return cell(i + 1, j) != 0 || (more_b && cell(i, j + 1) != 0);
    }
    if (more_b && b.tokens[j].kind == Kind::star) {
      return cell(i, j + 1) != 0 || (more_a && cell(i + 1, j) != 0);
    }
    if (!more_a || !more_b) {
      return !more_a && !more_b;
    }
    const bool fits = a.tokens[i].kind == Kind::any || b.tokens[j].kind == Kind::any ||
                      a.tokens[i].byte == b.tokens[j].byte;
    return fits && cell(i + 1, j + 1) != 0;
  });
}

/// `is_file`: it holds something only where `other` says so by name.
bool PathPattern::reaches(const PathPattern& other, End end, bool is_file) const {
  return walk_table(parts_.size(), other.parts_.size(), [&](std::size_t i, std::size_t j, const auto& cell) {
    const bool more_here = i < parts_.size();
    const bool more_there = j < other.parts_.size();
    if (!more_here && end == End::held) {
      const bool by_name = j == parts_.size() && j <= other.fixed_parts_;
      return more_there && (!is_file || by_name);
    }
    if (more_here && parts_[i].any_depth) {
      return cell(i + 1, j) != 0 || (more_there && cell(i, j + 1) != 0);
    }
    if (more_there && other.parts_[j].any_depth) {
      return cell(i, j + 1) != 0 || (more_here && cell(i + 1, j) != 0);
    }
    if (!more_here || !more_there) {
      return !more_here && !more_there;
    }
    return cell(i + 1, j + 1) != 0 && parts_meet(parts_[i], other.parts_[j]);
  });
}

bool PathPattern::can_equal(const PathPattern& other) const {
  if (!is_glob_ && !other.is_glob_) {
    return text_ == other.text_;
  }
  return !never_meets(other) && reaches(other, End::equal, false);
}

bool PathPattern::can_hold(const PathPattern& other) const {
  if (!is_glob_ && !other.is_glob_) {
    return text_ != other.text_ && os::is_within(other.text_, text_);
  }
  return !never_meets(other) && reaches(other, End::held, looks_like_file());
}

bool PathPattern::can_be_inside(std::string_view folder) const {
  return folder.empty() || path(folder).reaches(*this, End::held, false);
}

bool PathPattern::can_touch(const PathPattern& other) const {
  return can_equal(other) || can_hold(other) || other.can_hold(*this);
}

}  // namespace cairn::pipeline
