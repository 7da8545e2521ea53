// SPDX-License-Identifier: Apache-2.0
#include "pipeline/template_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::size_t kMostReferences = 10'000;
/// Nobody reads more of them about one text.
constexpr std::size_t kMostProblems = 20;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// "a.b[0]" as its parts; nothing if it is no such name.
std::optional<std::vector<std::string>> parts_of_name(std::string_view name) {
  std::vector<std::string> parts;
  bool in_brackets = false;
  while (true) {
    const std::size_t end = std::min(name.find_first_of(in_brackets ? "]" : ".["), name.size());
    const std::string_view part = trimmed(name.substr(0, end));
    if (part.empty() || part.find_first_of(".[]{}$:\"'\n") != std::string_view::npos) {
      return std::nullopt;
    }
    parts.emplace_back(part);
    name.remove_prefix(end);
    if (in_brackets) {
      if (name.empty()) {
        return std::nullopt;
      }
      name.remove_prefix(1);
    }
    if (name.empty()) {
      return parts;
    }
    if (name.front() != '.' && name.front() != '[') {
      return std::nullopt;
    }
    in_brackets = name.front() == '[';
    name.remove_prefix(1);
  }
}

/// Takes the prefix off the front.
bool take(std::string_view& text, std::string_view prefix) {
  const bool there = text.starts_with(prefix);
  text.remove_prefix(there ? prefix.size() : 0);
  return there;
}

/// What `inner`, the text between the braces, refers to; nothing if that is no reference.
std::optional<Reference> parse_reference(std::string_view inner) {
  Reference reference;
  std::string_view name = inner;
  if (const std::size_t fallback = inner.find(":-"); fallback != std::string_view::npos) {
    reference.fallback = inner.substr(fallback + 2);
    name = inner.substr(0, fallback);
  }
  name = trimmed(name);
  if (take(name, "env:")) {
    reference.kind = Reference::Kind::environment;
  } else if (take(name, "quote:")) {
    reference.kind = Reference::Kind::quoted;
  }
  reference.name = trimmed(name);
  std::optional<std::vector<std::string>> path = parts_of_name(reference.name);
  if (!path) {
    return std::nullopt;
  }
  reference.path = std::move(*path);
  return reference;
}

std::string bad_reference(std::string_view inner) {
  return fmt::format(
      "{} refers to nothing: it is ${{NAME}}, ${{NAME:-DEFAULT}}, ${{env:NAME}} or ${{quote:NAME}}; "
      "write \\${{ for a text that the shell shall see",
      quoted(fmt::format("${{{}}}", inner.substr(0, 60))));
}

}  // namespace

bool TemplateText::is_exact() const {
  return parts.size() == 2 && parts[0].literal.empty() && parts[1].literal.empty() && problems.empty();
}

bool has_template(std::string_view text) {
  return text.find(kOpen) != std::string_view::npos;
}

TemplateText lex_template(std::string_view text) {
  TemplateText out;
  out.parts.emplace_back();
  std::size_t number = 0;
  for (std::size_t open = text.find(kOpen); open != std::string_view::npos;
       open = text.find(kOpen), ++number) {
    std::string& literal = out.parts.back().literal;
    if (open > 0 && text[open - 1] == '\\') {
      literal += text.substr(0, open - 1);
      literal += kOpen;
      text.remove_prefix(open + kOpen.size());
      continue;
    }
    if (out.parts.size() > kMostReferences) {
      out.problems.push_back({number, fmt::format("the text has more than {} references", kMostReferences)});
      return out;
    }
    if (out.problems.size() == kMostProblems) {
      return out;
    }
    literal += text.substr(0, open);
    text.remove_prefix(open + kOpen.size());
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      out.problems.push_back(
          {number, "'${' has no '}' after it; write \\${ for a text that the shell shall see"});
      return out;
    }
    const std::string_view inner = text.substr(0, close);
    text.remove_prefix(close + 1);
    std::optional<Reference> reference = has_template(inner) ? std::nullopt : parse_reference(inner);
    if (reference) {
      reference->number = number;
      out.parts.back().reference = std::move(*reference);
      out.parts.emplace_back();
    } else {
      out.problems.push_back({number, bad_reference(inner)});
      number += has_template(inner) ? 1U : 0U;
    }
  }
  out.parts.back().literal += text;
  return out;
}

}  // namespace cairn::pipeline
