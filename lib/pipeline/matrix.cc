// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/escape.h"
#include "pipeline/loop.h"
#include "pipeline/near_name.h"
#include "pipeline/scalar_text.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// Scalars are the same when they give the same name. Lists and maps are compared once: the same few of a
/// matrix meet in many combinations.
class Comparison {
 public:
  bool same(const Value& a, const Value& b) {
    if (a.is_scalar() && b.is_scalar()) {
      return pasted_text(a) == pasted_text(b);
    }
    const auto [known, is_new] = known_.try_emplace({&a, &b}, false);
    if (is_new) {
      known->second = a == b;
    }
    return known->second;
  }

 private:
  std::map<std::pair<const Value*, const Value*>, bool> known_;
};

class Matrix {
 public:
  Matrix(const Value& matrix, ValueReader& reader) : reader_(reader) {
    for (const Entry& entry : reader.map("matrix", matrix)) {
      if (entry.key == "exclude" || entry.key == "include") {
        (entry.key == "exclude" ? exclude_ : include_) = read_maps(entry);
      } else {
        read_variable(entry);
      }
    }
    at_ = matrix.begin();
  }

  std::vector<LoopItem> items() {
    std::vector<LoopItem> items;
    if (!fits()) {
      return items;
    }
    make_product(items);
    check_excluded_names();
    std::erase_if(items, [this](const LoopItem& item) {
      return std::any_of(exclude_.begin(), exclude_.end(),
                         [this, &item](const Value* map) { return agrees(item, *map, Missing::differs); });
    });
    include(items);
    check_names(items);
    return items;
  }

 private:
  struct Variable {
    std::string name;
    std::span<const Value> values;
  };
  enum class Missing : std::uint8_t { differs, agrees };

  void read_variable(const Entry& entry) {
    const std::span<const Value> values = reader_.list(entry.key, entry.value);
    if (entry.value.is(Kind::list) && values.empty()) {
      reader_.problem(entry.value.begin(),
                      fmt::format("matrix variable {} has no values", quoted(entry.key)));
    }
    variables_.push_back({entry.key, values});
  }

  std::vector<const Value*> read_maps(const Entry& entry) {
    std::vector<const Value*> maps;
    for (const Value& item : reader_.list(entry.key, entry.value)) {
      if (item.is(Kind::map) && !item.entries().empty()) {
        maps.push_back(&item);
      } else {
        reader_.wrong_type(entry.key, "a list of maps", item);
      }
    }
    return maps;
  }

  bool fits() {
    std::size_t product = variables_.empty() ? 0 : 1;
    for (const Variable& variable : variables_) {
      product = product > kMostLoopStages ? product : product * variable.values.size();
    }
    constexpr std::size_t kMostComparisons = 10'000'000;
    if (product + include_.size() > kMostLoopStages) {
      reader_.problem(at_, fmt::format("'matrix' makes more than {} stages", kMostLoopStages));
      return false;
    }
    if (product * (include_.size() + exclude_.size()) > kMostComparisons) {
      reader_.problem(at_, "'matrix' has too many 'include' and 'exclude' for its number of stages");
      return false;
    }
    return true;
  }

  /// The last variable changes fastest.
  void make_product(std::vector<LoopItem>& items) const {
    const auto is_empty = [](const Variable& variable) { return variable.values.empty(); };
    if (variables_.empty() || std::any_of(variables_.begin(), variables_.end(), is_empty)) {
      return;
    }
    std::vector<std::size_t> at(variables_.size(), 0);
    while (true) {
      LoopItem& item = items.emplace_back();
      item.keyed = true;
      for (std::size_t i = 0; i < at.size(); ++i) {
        const Variable& variable = variables_[i];
        const Value& value = variable.values[at[i]];
        item.fields.emplace_back(variable.name, &value);
        item.suffix += (i == 0 ? "" : "-") + name_part(value, fmt::format("{}{}", variable.name, at[i]));
      }
      std::size_t last = at.size();
      while (last > 0 && ++at[last - 1] == variables_[last - 1].values.size()) {
        at[--last] = 0;
      }
      if (last == 0) {
        return;
      }
    }
  }

  static const Value* field_of(const LoopItem& item, std::string_view name) {
    for (const auto& [field, value] : item.fields) {
      if (field == name) {
        return value;
      }
    }
    return nullptr;
  }

  bool agrees(const LoopItem& item, const Value& map, Missing missing) {
    return std::all_of(map.entries().begin(), map.entries().end(), [&](const Entry& entry) {
      const Value* value = field_of(item, entry.key);
      return value == nullptr ? missing == Missing::agrees : comparison_.same(*value, entry.value);
    });
  }

  [[nodiscard]] const Variable* variable(std::string_view name) const {
    for (const Variable& variable : variables_) {
      if (variable.name == name) {
        return &variable;
      }
    }
    return nullptr;
  }

  /// An excluded name that no variable has would exclude nothing.
  void check_excluded_names() {
    std::vector<std::string_view> names;
    for (const Variable& variable : variables_) {
      names.push_back(variable.name);
    }
    for (const Value* map : exclude_) {
      for (const Entry& entry : map->entries()) {
        if (variable(entry.key) == nullptr) {
          const std::string proposal = did_you_mean(entry.key, names, "");
          reader_.problem(entry.key_begin,
                          fmt::format("'exclude' names {}, which is no variable of the matrix{}{}",
                                      quoted(entry.key), proposal.empty() ? "" : ": ", proposal));
        }
      }
    }
  }

  void include(std::vector<LoopItem>& items) {
    const std::size_t originals = items.size();
    std::vector<LoopItem> extended = items;  // what was declared stays what others are compared with
    for (std::size_t number = 0; number < include_.size(); ++number) {
      const Value& map = *include_[number];
      bool used = false;
      for (std::size_t i = 0; i < originals; ++i) {
        if (agrees(items[i], map, Missing::agrees)) {
          extend(extended[i], map);
          used = true;
        }
      }
      if (!used) {
        extended.push_back(added(map, number));
      }
    }
    items = std::move(extended);
  }

  static void extend(LoopItem& item, const Value& map) {
    for (const Entry& entry : map.entries()) {
      const auto same = [&entry](const auto& field) { return field.first == entry.key; };
      const auto field = std::find_if(item.fields.begin(), item.fields.end(), same);
      if (field == item.fields.end()) {
        item.fields.emplace_back(entry.key, &entry.value);
      } else {
        field->second = &entry.value;
      }
    }
  }

  /// A combination of its own: the variables of the matrix come first, in their order.
  [[nodiscard]] LoopItem added(const Value& map, std::size_t number) const {
    LoopItem item;
    item.keyed = true;
    const auto append = [&item, number](const std::string& name, const Value& value, std::size_t values) {
      item.suffix +=
          (item.fields.empty() ? "" : "-") + name_part(value, fmt::format("{}{}", name, values + number));
      item.fields.emplace_back(name, &value);
    };
    for (const Variable& known : variables_) {
      if (const Value* value = map.find(known.name); value != nullptr) {
        append(known.name, *value, known.values.size());
      }
    }
    for (const Entry& entry : map.entries()) {
      if (variable(entry.key) == nullptr) {
        append(entry.key, entry.value, 0);
      }
    }
    return item;
  }

  /// Combinations that are equal count once; others of one name are a problem.
  void check_names(std::vector<LoopItem>& items) {
    std::unordered_map<std::string, std::size_t> seen;
    std::vector<LoopItem> kept;
    for (LoopItem& item : items) {
      const auto [first, is_new] = seen.try_emplace(item.suffix, kept.size());
      if (is_new) {
        kept.push_back(std::move(item));
      } else if (!equal(kept[first->second], item)) {
        reader_.problem(at_, fmt::format("two combinations of 'matrix' are called {}", quoted(item.suffix)));
      }
    }
    items = std::move(kept);
  }

  static bool equal(const LoopItem& a, const LoopItem& b) {
    return std::equal(
        a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && *x.second == *y.second; });
  }

  ValueReader& reader_;
  Comparison comparison_;
  text::Position at_;
  std::vector<Variable> variables_;
  std::vector<const Value*> exclude_;
  std::vector<const Value*> include_;
};

}  // namespace

std::vector<LoopItem> matrix_items(const Value& matrix, ValueReader& reader) {
  return Matrix(matrix, reader).items();
}

}  // namespace cairn::pipeline
