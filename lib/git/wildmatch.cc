// SPDX-License-Identifier: Apache-2.0
#include "git/wildmatch.h"

#include "os/path.h"

namespace cairn::git {
namespace {

/// `line` without the spaces at its end that no backslash protects.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t keep = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      ++i;
      keep = i + 1;
    } else if (line[i] != ' ') {
      keep = i + 1;
    }
  }
  return line.substr(0, keep);
}

}  // namespace

std::optional<IgnoreRules::Compiled> IgnoreRules::compile(std::string_view line) {
  std::string_view pattern = without_trailing_spaces(line);
  Compiled compiled;
  compiled.rule.pattern = pattern;
  if (pattern.starts_with('!')) {
    compiled.rule.negated = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('/')) {
    compiled.folders_only = true;
    pattern.remove_suffix(1);
  }
  if (pattern.empty()) {
    return std::nullopt;
  }
  if (pattern.find('/') == std::string_view::npos) {
    compiled.name = Glob::compile(pattern);
  } else {
    pattern.remove_prefix(pattern.front() == '/' ? 1 : 0);
    compiled.path = PathGlob::compile(pattern);
  }
  return compiled.name || compiled.path ? std::optional(std::move(compiled)) : std::nullopt;
}

void IgnoreRules::add_file(std::string_view file, std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  std::vector<Compiled> added;
  for (unsigned number = 1; !text.empty(); ++number) {
    std::size_t end = text.find('\n');
    bool last = end == std::string_view::npos;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(last ? text.size() : end + 1);
    if (!last && line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.starts_with('#')) {
      continue;
    }
    if (auto compiled = compile(line)) {
      compiled->rule.file = file;
      compiled->rule.line = number;
      added.push_back(std::move(*compiled));
    }
  }
  if (!added.empty()) {
    auto& rules = rules_[std::string(os::parent_of(file))];
    rules.insert(rules.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  }
}

bool IgnoreRules::fits(const Compiled& compiled, std::string_view inner_path, std::string_view name,
                       PathKind kind) {
  if (compiled.folders_only && kind != PathKind::folder) {
    return false;
  }
  return compiled.name ? compiled.name->matches(name) : compiled.path->matches(inner_path);
}

const IgnoreRule* IgnoreRules::match_entry(std::string_view path, PathKind kind) const {
  std::string_view name = os::name_of(path);
  for (std::string_view folder = path; !folder.empty();) {
    folder = os::parent_of(folder);
    auto rules = rules_.find(folder);
    if (rules == rules_.end()) {
      continue;
    }
    std::string_view inner = folder.empty() ? path : path.substr(folder.size() + 1);
    for (auto rule = rules->second.rbegin(); rule != rules->second.rend(); ++rule) {
      if (fits(*rule, inner, name, kind)) {
        return &rule->rule;
      }
    }
  }
  return nullptr;
}

const IgnoreRule* IgnoreRules::match(std::string_view path, PathKind kind) const {
  if (rules_.empty()) {
    return nullptr;
  }
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const IgnoreRule* rule = match_entry(path.substr(0, slash), PathKind::folder);
    if (rule != nullptr && !rule->negated) {
      return rule;
    }
  }
  return match_entry(path, kind);
}

bool IgnoreRules::ignores(std::string_view path, PathKind kind) const {
  const IgnoreRule* rule = match(path, kind);
  return rule != nullptr && !rule->negated;
}

}  // namespace cairn::git
