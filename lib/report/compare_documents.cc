// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "base/escape.h"
#include "report/compare_bytes.h"
#include "report/compare_rules.h"
#include "text/json.h"
#include "text/toml.h"
#include "text/yaml.h"

namespace cairn::report {
namespace {

using text::Kind;
using text::Value;
using Path = std::vector<std::string>;  ///< keys, and numbers of list items

/// "a.b[3].*" in parts; `*` stands for any one of them.
Path parts_of_place(std::string_view place) {
  Path parts;
  std::string part;
  const auto finish = [&parts, &part] {
    if (!part.empty()) {
      parts.push_back(std::exchange(part, {}));
    }
  };
  for (const char c : place) {
    if (c == '.' || c == '[' || c == ']') {
      finish();
    } else {
      part += c;
    }
  }
  finish();
  return parts;
}

bool matches(const Path& pattern, const Path& path) {
  return pattern.size() == path.size() && std::equal(pattern.begin(), pattern.end(), path.begin(),
                                                     [](const std::string& wanted, const std::string& part) {
                                                       return wanted == "*" || wanted == part;
                                                     });
}

std::string shown(const Value* value) {
  return value == nullptr ? "" : excerpt(text::canonical(*value));
}

std::uint64_t count_scalars(const Value& value) {
  if (value.is_scalar()) {
    return 1;
  }
  std::uint64_t count = 0;
  for (const Value& item : value.items()) {
    count += count_scalars(item);
  }
  for (const text::Entry& entry : value.entries()) {
    count += count_scalars(entry.value);
  }
  return std::max<std::uint64_t>(count, 1);  // an empty list is a value too
}

/// Walks two documents side by side.
class DocumentComparer {
 public:
  explicit DocumentComparer(const std::vector<std::string>& ignored) {
    for (const std::string& place : ignored) {
      ignored_.push_back(parts_of_place(place));
    }
  }

  OutputComparison compare(const Value& before, const Value& after) {
    visit(&before, &after, "");
    OutputComparison out;
    out.equal = !first_;
    out.extent = out.equal ? "" : fmt::format("{} of {} values", differing_, total_);
    out.first = std::move(first_);
    return out;
  }

 private:
  /// Null: this side has nothing there.
  void visit(const Value* before, const Value* after, const std::string& key) {
    if (std::any_of(ignored_.begin(), ignored_.end(),
                    [this](const Path& pattern) { return matches(pattern, path_); })) {
      return;
    }
    if (before != nullptr && after != nullptr && before->is(Kind::map) && after->is(Kind::map)) {
      visit_maps(*before, *after, key);
    } else if (before != nullptr && after != nullptr && before->is(Kind::list) && after->is(Kind::list)) {
      visit_lists(*before, *after, key);
    } else {
      compare_values(before, after, key);
    }
  }

  void visit_part(const Value* before, const Value* after, std::string part, const std::string& key) {
    path_.push_back(std::move(part));
    visit(before, after, key);
    path_.pop_back();
  }

  void visit_maps(const Value& before, const Value& after, const std::string& key) {
    std::map<std::string_view, const Value*> others;
    for (const text::Entry& entry : after.entries()) {
      others.emplace(entry.key, &entry.value);
    }
    const auto inner = [&key](const std::string& name) { return key.empty() ? name : key + "." + name; };
    for (const text::Entry& entry : before.entries()) {
      const auto other = others.find(entry.key);
      visit_part(&entry.value, other == others.end() ? nullptr : other->second, entry.key, inner(entry.key));
      if (other != others.end()) {
        others.erase(other);
      }
    }
    for (const auto& [name, value] : others) {
      visit_part(nullptr, value, std::string(name), inner(std::string(name)));
    }
  }

  void visit_lists(const Value& before, const Value& after, const std::string& key) {
    const auto a = before.items();
    const auto b = after.items();
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      visit_part(i < a.size() ? &a[i] : nullptr, i < b.size() ? &b[i] : nullptr, std::to_string(i),
                 fmt::format("{}[{}]", key, i));
    }
  }

  void compare_values(const Value* before, const Value* after, const std::string& key) {
    const std::uint64_t count = count_scalars(before != nullptr ? *before : *after);
    total_ += count;
    if (before != nullptr && after != nullptr && *before == *after) {
      return;
    }
    differing_ += count;
    if (first_) {
      return;
    }
    version::Difference difference;
    difference.key = escaped(key.empty() ? "(document)" : key);
    difference.before = shown(before);
    difference.after = shown(after);
    if (before != nullptr && before->begin().line > 0) {
      difference.line = before->begin().line;
    }
    difference.text = before == nullptr  ? fmt::format("{}: {} was added", difference.key, difference.after)
                      : after == nullptr ? fmt::format("{}: {} is missing", difference.key, difference.before)
                                         : fmt::format("{}: {} became {}", difference.key, difference.before,
                                                       difference.after);
    first_ = std::move(difference);
  }

  std::vector<Path> ignored_;
  Path path_;
  std::uint64_t total_ = 0;
  std::uint64_t differing_ = 0;
  std::optional<version::Difference> first_;
};

/// A document in the first format that fits. YAML comes last, as it takes nearly everything for a string.
std::optional<Value> parse_document(std::string_view text) {
  if (auto json = text::parse_json(text, ""); json.ok()) {
    return std::move(*json);
  }
  if (auto toml = text::parse_toml(text, ""); toml.ok()) {
    return std::move(*toml);
  }
  auto yaml = text::parse_yaml(text, "");
  return yaml.ok() && !yaml->is_scalar() ? std::optional(std::move(*yaml)) : std::nullopt;
}

Result<std::optional<Value>> read_document(store::Reader& reader, const store::Id& blob) {
  auto bytes = reader.read_object(store::Family::blob, blob, text::Limits().bytes);
  if (bytes.ok()) {
    return parse_document(as_text(*bytes));
  }
  return bytes.error().code() == Code::unsupported ? Result<std::optional<Value>>(std::nullopt)
                                                   : Result<std::optional<Value>>(bytes.error());
}

}  // namespace

Result<RuleOutcome> compare_documents(store::Reader& reader, const store::Id& before, const store::Id& after,
                                      const CompareRule& rule) {
  RuleOutcome out;
  CAIRN_TRY_ASSIGN(const auto old_document, read_document(reader, before));
  CAIRN_TRY_ASSIGN(const auto new_document, read_document(reader, after));
  if (!old_document || !new_document) {
    out.unfit = "no JSON, YAML or TOML documents of at most 16 MiB";
    return out;
  }
  out.comparison = DocumentComparer(rule.ignore).compare(*old_document, *new_document);
  return out;
}

}  // namespace cairn::report
