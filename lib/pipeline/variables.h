// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/value.h"

namespace cairn::pipeline {

/// What templates refer to: maps of values, later ones merged deeply into earlier ones, and names that a loop
/// binds. Values are pointed to, not copied; they must outlive this object. Internal to this module.
class Variables {
 public:
  /// Sees all of `outer`, if given, which must outlive it and get nothing new.
  explicit Variables(Variables* outer = nullptr) : outer_(outer) {}

  /// A leaf that stands in two maps.
  struct Clash {
    std::string name;  ///< dotted
    text::Position at;
    std::string first_file;
    text::Position first;
  };

  /// Merges a map that stands in `file`, and returns every clash.
  std::vector<Clash> add(const text::Value& map, std::string_view file);

  using Fields = std::vector<std::pair<std::string, const text::Value*>>;
  /// Binds a name to a value, or to a map made of these; it hides what is called so in the maps.
  void bind(std::string name, const text::Value& value) { bound_[std::move(name)] = {&value, {}}; }
  void bind(std::string name, Fields fields) { bound_[std::move(name)] = {nullptr, std::move(fields)}; }
  [[nodiscard]] bool is_bound(std::string_view name) const { return bound_.find(name) != bound_.end(); }

  /// What a path of keys and item numbers leads to; a null pointer when there is nothing. Valid as long as
  /// this object and the outermost one.
  const text::Value* find(const std::vector<std::string>& path);

  /// Why find() found nothing: "no variable 'lrr': did you mean 'lr'?"
  std::string missing(const std::vector<std::string>& path);

 private:
  struct Layer {
    const text::Value* map;
    std::string file;
  };
  struct Bound {
    const text::Value* value;
    Fields fields;
  };
  /// Values that a path leads to, one a layer at most. More than one are maps to be merged.
  using Found = std::vector<const text::Value*>;

  Variables& outermost() { return outer_ == nullptr ? *this : outer_->outermost(); }
  void append_layers(std::vector<const Layer*>& layers) const;
  /// What the first part of a path leads to.
  Found top(const std::string& name);
  Found children(const Found& parents, std::string_view key);
  const text::Value* child(const text::Value& parent, std::string_view key);
  const text::Value* merged(const Found& found);
  void find_clashes(const text::Value& map,
                    const std::vector<std::pair<const text::Value*, const Layer*>>& present,
                    const std::string& prefix, std::vector<Clash>& out);

  Variables* outer_;
  std::vector<Layer> layers_;
  std::map<std::string, Bound, std::less<>> bound_;
  std::deque<text::Value> made_;
  // Of the outermost only:
  std::unordered_map<const text::Value*, std::unordered_map<std::string_view, const text::Entry*>> indexes_;
  std::map<Found, text::Value> merged_;
};

}  // namespace cairn::pipeline
