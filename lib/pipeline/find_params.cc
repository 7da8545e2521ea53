// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <functional>
#include <set>

#include "git/glob.h"
#include "pipeline/inputs.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

const Value* list_item(const Value& list, std::string_view number) {
  std::size_t index = 0;
  const char* end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, index);
  const bool in_list = parsed.ec == std::errc() && parsed.ptr == end && index < list.items().size();
  return in_list ? &list.items()[index] : nullptr;
}

/// Each value is reached by one spelling of the key at most, so the cost is linear in the document.
const Value* look_up(const Value& value, std::string_view key) {
  for (std::size_t dot = key.find('.');; dot = key.find('.', dot + 1)) {
    const std::string_view part = key.substr(0, dot);
    const Value* inner = value.is(Kind::list) ? list_item(value, part) : value.find(part);
    if (dot == std::string_view::npos) {
      return inner;
    }
    if (inner != nullptr && !inner->is_scalar()) {
      if (const Value* found = look_up(*inner, key.substr(dot + 1)); found != nullptr) {
        return found;
      }
    }
  }
}

std::vector<FoundParam> find_whole(const std::string& file, const Value* document) {
  if (document == nullptr || !document->is(Kind::map)) {
    return {{file, "", document == nullptr ? std::nullopt : std::optional<Value>(*document)}};
  }
  std::vector<FoundParam> found;
  for (const text::Entry& entry : document->entries()) {
    found.push_back({file, entry.key, entry.value});
  }
  return found;
}

/// Matches a pattern of keys level by level.
class KeyGlob {
 public:
  /// Nothing for a pattern that can never match.
  static std::optional<KeyGlob> compile(std::string_view pattern) {
    KeyGlob result;
    while (true) {
      const std::size_t dot = pattern.find('.');
      std::optional<git::Glob> part = git::Glob::compile(pattern.substr(0, dot));
      if (!part.has_value()) {
        return std::nullopt;
      }
      result.parts_.push_back(std::move(*part));
      if (dot == std::string_view::npos) {
        return result;
      }
      pattern.remove_prefix(dot + 1);
    }
  }

  using Use = std::function<void(const std::string& key, const Value& value)>;
  void each_match(const Value& document, const Use& use) const { descend(document, "", 0, use); }

 private:
  void descend(const Value& value, const std::string& key, std::size_t part, const Use& use) const {
    if (part == parts_.size()) {
      use(key, value);
      return;
    }
    const auto enter = [&](const std::string& name, const Value& inner) {
      if (parts_[part].matches(name)) {
        descend(inner, key.empty() ? name : key + "." + name, part + 1, use);
      }
    };
    for (const text::Entry& entry : value.entries()) {
      enter(entry.key, entry.value);
    }
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      enter(std::to_string(i), value.items()[i]);
    }
  }

  std::vector<git::Glob> parts_;
};

bool is_pattern(std::string_view key) {
  return key.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

std::vector<FoundParam> find_params(const ParamFile& wanted, const text::Value* document) {
  if (wanted.whole) {
    return find_whole(wanted.file, document);
  }
  std::vector<FoundParam> found;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](const std::string& key, std::optional<Value> value) {
    if (seen.insert(key).second) {
      found.push_back({wanted.file, key, std::move(value)});
    }
  };
  for (const ParamKey& key : wanted.keys) {
    const Value* value = document == nullptr ? nullptr : look_up(*document, key.key);
    bool matched = false;
    if (value == nullptr && document != nullptr && is_pattern(key.key)) {
      if (const std::optional<KeyGlob> glob = KeyGlob::compile(key.key); glob.has_value()) {
        glob->each_match(*document, [&](const std::string& match, const Value& inner) {
          matched = true;
          add(match, inner);
        });
      }
    }
    if (!matched) {
      add(key.key, value == nullptr ? std::nullopt : std::optional<Value>(*value));
    }
  }
  return found;
}

}  // namespace cairn::pipeline
