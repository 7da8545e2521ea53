// SPDX-License-Identifier: Apache-2.0
#include "git/glob.h"

#include <algorithm>

namespace cairn::git {
namespace {

// The C locale's classes, written out so that the user's locale cannot change what a pattern means.
bool is_lower(int c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(int c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(int c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(int c) {
  return is_lower(c) || is_upper(c);
}
bool is_alnum(int c) {
  return is_alpha(c) || is_digit(c);
}
bool is_graph(int c) {
  return c > ' ' && c < 0x7f;
}
bool is_print(int c) {
  return c == ' ' || is_graph(c);
}
bool is_blank(int c) {
  return c == ' ' || c == '\t';
}
bool is_space(int c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_cntrl(int c) {
  return c < ' ' || c == 0x7f;
}
bool is_punct(int c) {
  return is_graph(c) && !is_alnum(c);
}
bool is_xdigit(int c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct NamedClass {
  std::string_view name;
  bool (*contains)(int);
};
constexpr NamedClass kClasses[] = {
    {"alnum", is_alnum}, {"alpha", is_alpha}, {"blank", is_blank}, {"cntrl", is_cntrl},
    {"digit", is_digit}, {"graph", is_graph}, {"lower", is_lower}, {"print", is_print},
    {"punct", is_punct}, {"space", is_space}, {"upper", is_upper}, {"xdigit", is_xdigit},
};

std::size_t index_of(char byte) {
  return static_cast<unsigned char>(byte);
}

/// The name in "[:name:]" at `at`; nothing when the text there only begins like one.
std::optional<std::string_view> class_name_at(std::string_view pattern, std::size_t at) {
  if (pattern.substr(at, 2) != "[:") {
    return std::nullopt;
  }
  std::size_t close = pattern.find(']', at + 2);
  if (close == std::string_view::npos || close < at + 3 || pattern[close - 1] != ':') {
    return std::nullopt;
  }
  return pattern.substr(at + 2, close - 1 - (at + 2));
}

bool add_class(std::string_view name, std::bitset<256>& set) {
  const auto* found = std::ranges::find(kClasses, name, &NamedClass::name);
  if (found == std::end(kClasses)) {
    return false;
  }
  for (int c = 0; c < 0x80; ++c) {
    if (found->contains(c)) {
      set.set(static_cast<std::size_t>(c));
    }
  }
  return true;
}

/// The byte at `at`, or the one behind a backslash there; `at` moves behind it.
std::optional<char> take_byte(std::string_view pattern, std::size_t& at) {
  if (at < pattern.size() && pattern[at] == '\\') {
    ++at;
  }
  return at < pattern.size() ? std::optional(pattern[at++]) : std::nullopt;
}

/// End of the bracket expression that opens at `at` (behind its "]"), or the end of the pattern if it is not
/// closed.
std::size_t end_of_set(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) {
    ++at;
  }
  for (bool first = true; at < pattern.size(); first = false) {
    if (auto name = class_name_at(pattern, at)) {
      at += name->size() + 4;
    } else if (pattern[at] == ']' && !first) {
      return at + 1;
    } else {
      at += pattern[at] == '\\' ? 2u : 1u;
    }
  }
  return pattern.size();
}

/// Splits at the slashes that are not inside a bracket expression; an escaped slash is a slash.
std::vector<std::string_view> split_parts(std::string_view pattern) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < pattern.size()) {
    if (pattern[at] == '[') {
      at = end_of_set(pattern, at);
    } else if (pattern[at] == '/' || pattern.substr(at, 2) == "\\/") {
      parts.push_back(pattern.substr(start, at - start));
      at += pattern[at] == '/' ? 1u : 2u;
      start = at;
    } else {
      at += pattern[at] == '\\' ? 2u : 1u;
    }
  }
  parts.push_back(pattern.substr(start));
  return parts;
}

bool is_any_depth(std::string_view part) {
  return part.size() >= 2 && part.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace

std::optional<Glob::Set> Glob::read_set(std::string_view pattern, std::size_t& at) {
  Set set;
  ++at;
  bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  at += negated ? 1u : 0u;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      ++at;
      set = negated ? ~set : set;
      set.reset('/');
      return set;
    }
    if (auto name = class_name_at(pattern, at)) {
      if (!add_class(*name, set)) {
        return std::nullopt;
      }
      at += name->size() + 4;
      continue;
    }
    auto low = take_byte(pattern, at);
    if (!low) {
      return std::nullopt;
    }
    auto high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      high = take_byte(pattern, at);
    }
    if (!high) {
      return std::nullopt;
    }
    set.set(index_of(*low));
    for (std::size_t c = index_of(*low); c <= index_of(*high); ++c) {
      set.set(c);
    }
  }
  return std::nullopt;
}

std::optional<Glob> Glob::compile(std::string_view pattern) {
  Glob glob;
  for (std::size_t at = 0; at < pattern.size();) {
    switch (pattern[at]) {
      case '*':
        if (glob.tokens_.empty() || glob.tokens_.back().kind != Kind::star) {
          glob.tokens_.push_back({Kind::star, 0, 0});
        }
        ++at;
        break;
      case '?':
        glob.tokens_.push_back({Kind::any, 0, 0});
        ++at;
        break;
      case '[': {
        auto set = read_set(pattern, at);
        if (!set) {
          return std::nullopt;
        }
        glob.tokens_.push_back({Kind::set, 0, glob.sets_.size()});
        glob.sets_.push_back(*set);
        break;
      }
      default: {
        auto byte = take_byte(pattern, at);
        if (!byte) {
          return std::nullopt;
        }
        glob.tokens_.push_back({Kind::literal, *byte, 0});
      }
    }
  }
  return glob;
}

bool Glob::fits(const Token& token, char byte) const {
  switch (token.kind) {
    case Kind::literal:
      return token.byte == byte;
    case Kind::set:
      return sets_[token.set].test(index_of(byte));
    default:
      return true;
  }
}

bool Glob::matches(std::string_view text) const {
  // Going back to the last star only is enough: what an earlier star could take, the last one can take too.
  std::size_t token = 0;
  std::size_t at = 0;
  std::optional<std::size_t> star;
  std::size_t star_at = 0;
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Kind::star) {
      star = token++;
      star_at = at;
    } else if (token < tokens_.size() && fits(tokens_[token], text[at])) {
      ++token;
      ++at;
    } else if (star) {
      token = *star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (token < tokens_.size() && tokens_[token].kind == Kind::star) {
    ++token;
  }
  return token == tokens_.size();
}

std::optional<PathGlob> PathGlob::compile(std::string_view pattern) {
  PathGlob result;
  for (std::string_view text : split_parts(pattern)) {
    if (is_any_depth(text)) {
      if (result.parts_.empty() || !result.parts_.back().any_depth) {
        result.parts_.push_back({true, std::nullopt});
      }
      continue;
    }
    auto glob = Glob::compile(text);
    if (!glob) {
      return std::nullopt;
    }
    result.parts_.push_back({false, std::move(glob)});
  }
  if (result.parts_.back().any_depth) {
    // `a/**` is what is inside a, not a itself.
    result.parts_.push_back({false, Glob::compile("*")});
  }
  return result;
}

bool PathGlob::matches(std::string_view path) const {
  std::vector<std::string_view> names;
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t slash = std::min(path.find('/', start), path.size());
    names.push_back(path.substr(start, slash - start));
    start = slash + 1;
  }
  // The same walk as Glob::matches, with `**` as the star.
  std::size_t part = 0;
  std::size_t at = 0;
  std::optional<std::size_t> star;
  std::size_t star_at = 0;
  while (at < names.size()) {
    if (part < parts_.size() && parts_[part].any_depth) {
      star = part++;
      star_at = at;
    } else if (part < parts_.size() && parts_[part].glob->matches(names[at])) {
      ++part;
      ++at;
    } else if (star) {
      part = *star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  return part == parts_.size();
}

}  // namespace cairn::git
