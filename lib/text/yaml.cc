// SPDX-License-Identifier: Apache-2.0
#include "text/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/source.h"
#include "text/yaml_events.h"
#include "text/yaml_scalar.h"

namespace cairn::text {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

/// Turns nodes into values: types scalars, expands aliases, merges `<<`, finds duplicate keys.
class Composer {
 public:
  Composer(const Source& source, const YamlNodes& nodes, const Limits& limits, Diagnostics& problems)
      : source_(source), nodes_(nodes), limits_(limits), problems_(problems) {}

  Value root() { return compose(nodes_.nodes.front(), 1); }

 private:
  /// `depth` is what a list or map here would have.
  Value compose(const YamlNode& node, unsigned depth) {
    if (stopped_ || !count()) {
      return {};
    }
    Value value;
    switch (node.type) {
      case YamlNode::Type::scalar:
        return scalar(node);
      case YamlNode::Type::alias:
        return alias(node, depth);
      case YamlNode::Type::list:
        check_tag(node, "seq");
        value = list(node, depth);
        break;
      case YamlNode::Type::map:
        check_tag(node, "map");
        value = map(node, depth);
        break;
    }
    value.set_origin(origin(node));
    return value;
  }

  /// Counts what aliases expand to. False, and everything stops, when that is too much.
  bool count() {
    if (expanding_ == nullptr || ++alias_nodes_ <= limits_.alias_nodes) {
      return true;
    }
    if (!std::exchange(stopped_, true)) {
      problem(*expanding_,
              fmt::format("aliases expand to more than {} keys and values", limits_.alias_nodes));
    }
    return false;
  }

  Value alias(const YamlNode& node, unsigned depth) {
    const YamlNode* outer = expanding_;
    expanding_ = outer == nullptr ? &node : outer;
    Value value = compose(nodes_.nodes[node.target], depth);
    expanding_ = outer;
    Origin place = origin(node);
    place.style = value.style();
    place.raw = value.is(Kind::string) ? "" : value.raw();
    value.set_origin(std::move(place));
    return value;
  }

  Value list(const YamlNode& node, unsigned depth) {
    std::vector<Value> items;
    if (!check_depth(node, depth)) {
      return {};
    }
    items.reserve(node.children);
    for (std::uint32_t child = node.first_child; child != 0 && !stopped_; child = next(child)) {
      items.push_back(compose(at(child), depth + 1));
    }
    return Value::list(std::move(items));
  }

  Value map(const YamlNode& node, unsigned depth) {
    std::vector<Entry> entries;
    if (!check_depth(node, depth)) {
      return Value::map();
    }
    check_duplicates(node);
    entries.reserve(node.children / 2);
    const YamlNode* merged = nullptr;
    for (std::uint32_t key = node.first_child; key != 0 && !stopped_; key = next(next(key))) {
      if (is_merge(at(key))) {
        merged = &at(next(key));
        continue;
      }
      std::optional<std::string_view> name = key_text(at(key));
      if (!count() || !name) {
        continue;
      }
      Value value = compose(at(next(key)), depth + 1);
      entries.push_back(
          {std::string(*name), std::move(value), source_.at(at(key).begin), source_.at(at(key).end)});
    }
    if (merged != nullptr && !stopped_) {
      merge(*merged, depth, entries);
    }
    return Value::map(std::move(entries));
  }

  void merge(const YamlNode& node, unsigned depth, std::vector<Entry>& entries) {
    Value source = compose(node, depth);
    if (stopped_) {
      return;
    }
    std::vector<Value> sources;
    if (source.is(Kind::list)) {
      sources.assign(source.items().begin(), source.items().end());
    } else {
      sources.push_back(std::move(source));
    }
    std::unordered_set<std::string> names;
    for (const Entry& entry : entries) {
      names.insert(entry.key);
    }
    for (Value& map : sources) {
      if (!map.is(Kind::map)) {
        problem(node, fmt::format("'<<' takes a map or a list of maps, not {}", map.type_name()));
      }
      for (Entry& entry : map.entries()) {
        if (names.insert(entry.key).second) {
          entries.push_back(std::move(entry));
        }
      }
    }
  }

  void check_duplicates(const YamlNode& node) {
    std::vector<std::pair<std::string_view, std::uint32_t>> keys;
    keys.reserve(node.children / 2);
    for (std::uint32_t key = node.first_child; key != 0; key = next(next(key))) {
      if (std::optional<std::string_view> name = key_name(at(key))) {
        // The merge key is no key: a quoted "<<" may stand beside it.
        keys.emplace_back(is_merge(at(key)) ? std::string_view("\0<<", 3) : *name, key);
      }
    }
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i - 1].first == keys[i].first) {
        const Position first = source_.at(at(keys[i - 1].second).begin);
        problem(at(keys[i].second),
                fmt::format("duplicate key {}, already at {}:{}",
                            cairn::quoted(*key_name(at(keys[i].second))), first.line, first.column));
      }
    }
  }

  /// The scalar that a key is, through an alias too; nothing if it is none.
  [[nodiscard]] std::optional<std::string_view> key_name(const YamlNode& key) const {
    const YamlNode& node = key.type == YamlNode::Type::alias ? at(key.target) : key;
    if (node.type != YamlNode::Type::scalar) {
      return std::nullopt;
    }
    return nodes_.text_of(node);
  }

  /// key_name(), after complaining about what cannot be a key.
  std::optional<std::string_view> key_text(const YamlNode& key) {
    std::optional<std::string_view> name = key_name(key);
    if (!name) {
      problem(key, "a key must be a scalar, not a list or map");
    } else if (key.type == YamlNode::Type::scalar) {
      static_cast<void>(scalar(key));  // for what it finds wrong
    }
    return name;
  }

  [[nodiscard]] bool is_merge(const YamlNode& key) const {
    return key.type == YamlNode::Type::scalar && key.style == Style::plain && key.tag == 0 &&
           nodes_.text_of(key) == "<<";
  }

  Value scalar(const YamlNode& node) {
    const std::string_view text = nodes_.text_of(node);
    Origin from = origin(node);
    const std::string& tag = nodes_.tags[node.tag];
    const bool is_string =
        tag.empty() ? node.style != Style::plain : tag == "!" || tag == "tag:yaml.org,2002:str";
    Value value;
    if (is_string) {
      value = Value::string(text);
    } else {
      value = plain(node, text);
      if (!tag.empty()) {
        value = convert(node, tag, std::move(value));
      }
    }
    from.raw = value.is(Kind::string) ? "" : text;
    value.set_origin(std::move(from));
    return value;
  }

  Value plain(const YamlNode& node, std::string_view text) {
    const Plain meaning = resolve_plain(text);
    switch (meaning.kind) {
      case PlainKind::null:
        return Value::null();
      case PlainKind::boolean:
        return Value::boolean(meaning.boolean);
      case PlainKind::integer:
        return Value::integer(meaning.integer);
      case PlainKind::floating:
        return Value::floating(meaning.floating);
      case PlainKind::string:
        return Value::string(text);
      case PlainKind::too_large:
        problem(node, fmt::format("number {} does not fit in 64 bits; quote it to make it a string",
                                  cairn::quoted(text.substr(0, 40))));
        return {};
      case PlainKind::value_indicator:
        problem(node, "a bare '=' has no meaning; quote it to make it a string");
        return {};
    }
    return {};
  }

  /// A scalar with an explicit tag that is not !!str.
  Value convert(const YamlNode& node, std::string_view tag, Value value) {
    constexpr std::pair<std::string_view, Kind> kTags[] = {
        {"int", Kind::integer}, {"float", Kind::floating}, {"bool", Kind::boolean}, {"null", Kind::null}};
    const std::string_view name = tag.starts_with(kTagPrefix) ? tag.substr(kTagPrefix.size()) : tag;
    for (const auto& [known, kind] : kTags) {
      if (name != known || !tag.starts_with(kTagPrefix)) {
        continue;
      }
      if (kind == Kind::floating && value.is(Kind::integer)) {
        return Value::floating(static_cast<double>(value.int_value()));
      }
      if (!value.is(kind)) {
        problem(node, fmt::format("value is {}, not what its tag {} says", value.type_name(),
                                  cairn::quoted("!!" + std::string(known))));
      }
      return value;
    }
    unknown_tag(node, tag);
    return value;
  }

  void check_tag(const YamlNode& node, std::string_view wanted) {
    const std::string& tag = nodes_.tags[node.tag];
    if (!tag.empty() && tag != "!" && tag != std::string(kTagPrefix) + std::string(wanted)) {
      unknown_tag(node, tag);
    }
  }

  void unknown_tag(const YamlNode& node, std::string_view tag) {
    const std::string shown =
        tag.starts_with(kTagPrefix) ? "!!" + std::string(tag.substr(kTagPrefix.size())) : std::string(tag);
    problem(node, fmt::format("tag {} is unknown or does not fit here", cairn::quoted(shown)));
  }

  /// The nodes' own depth is bounded already; aliases can add to it.
  bool check_depth(const YamlNode& node, unsigned depth) {
    if (depth <= limits_.depth) {
      return true;
    }
    if (!std::exchange(stopped_, true)) {
      problem(expanding_ == nullptr ? node : *expanding_,
              fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    }
    return false;
  }

  /// What is wrong inside an alias's target was said where the target stands.
  void problem(const YamlNode& node, std::string message) {
    if (expanding_ == nullptr || expanding_ == &node) {
      problems_.add(source_.at(node.begin), std::move(message));
    }
  }

  [[nodiscard]] Origin origin(const YamlNode& node) const {
    return {source_.at(node.begin), source_.at(node.end), node.style, {}};
  }
  [[nodiscard]] const YamlNode& at(std::uint32_t number) const { return nodes_.nodes[number]; }
  [[nodiscard]] std::uint32_t next(std::uint32_t number) const { return nodes_.nodes[number].next; }

  const Source& source_;
  const YamlNodes& nodes_;
  const Limits& limits_;
  Diagnostics& problems_;
  const YamlNode* expanding_ = nullptr;  ///< the outermost alias that is being expanded
  std::size_t alias_nodes_ = 0;
  bool stopped_ = false;
};

/// `---` or comments alone hold nothing, which is an empty map for a file of settings.
bool is_empty_root(const Value& root) {
  return root.is(Kind::null) && root.raw().empty() && root.style() == Style::plain;
}

}  // namespace

Result<Value> parse_yaml(std::string_view text, std::string_view path, const Limits& limits) {
  Diagnostics problems(path, text);
  check_text(text, limits, problems);
  CAIRN_TRY(problems.status());
  const Source source(text);
  const YamlNodes nodes = read_yaml_nodes(source, limits, problems);
  // After a syntax error the nodes may lack values; what they hold is not worth a second complaint.
  CAIRN_TRY(problems.status());
  Value root;
  if (!nodes.nodes.empty()) {
    root = Composer(source, nodes, limits, problems).root();
  }
  CAIRN_TRY(problems.status());
  if (nodes.nodes.empty() || is_empty_root(root)) {
    root = Value::map();
    root.set_origin({source.at(0), source.at(0), Style::block, {}});
  }
  return root;
}

}  // namespace cairn::text
