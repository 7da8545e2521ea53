// SPDX-License-Identifier: Apache-2.0
#include "text/toml.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/source.h"
#include "text/toml_limits.h"

// The installed library throws; without exceptions the parser has to be compiled in here.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// toml++ 3.3 asserts, or in optimised builds assumes, what `[*` breaks, just before it checks the same.
#undef NDEBUG
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

namespace cairn::text {
namespace {

class Converter {
 public:
  Converter(const Source& source, const Limits& limits, Diagnostics& problems)
      : source_(source), limits_(limits), problems_(problems) {}

  Value convert(const toml::node& node, unsigned depth) {
    Value value;
    if (const toml::table* table = node.as_table()) {
      value = map(*table, depth);
    } else if (const toml::array* array = node.as_array()) {
      value = list(*array, depth);
    } else {
      return scalar(node);
    }
    const toml::table* table = node.as_table();
    const bool flow = table == nullptr || table->is_inline();
    value.set_origin({at(node.source().begin), at(node.source().end), flow ? Style::flow : Style::block, {}});
    return value;
  }

 private:
  Value map(const toml::table& table, unsigned depth) {
    struct Item {
      const toml::key* key;
      const toml::node* node;
    };
    if (!check_depth(table, depth)) {
      return {};
    }
    std::vector<Item> items;
    items.reserve(table.size());
    for (auto it = table.cbegin(); it != table.cend(); ++it) {
      items.push_back({&it->first, &it->second});
    }
    std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
      return a.key->source().begin < b.key->source().begin;
    });
    std::vector<Entry> entries;
    entries.reserve(items.size());
    for (const Item& item : items) {
      const toml::source_region& place = item.key->source();
      entries.push_back(
          {std::string(item.key->str()), convert(*item.node, depth + 1), at(place.begin), at(place.end)});
    }
    return Value::map(std::move(entries));
  }

  Value list(const toml::array& array, unsigned depth) {
    if (!check_depth(array, depth)) {
      return {};
    }
    std::vector<Value> items;
    items.reserve(array.size());
    for (const toml::node& node : array) {
      items.push_back(convert(node, depth + 1));
    }
    return Value::list(std::move(items));
  }

  Value scalar(const toml::node& node) {
    const Position begin = at(node.source().begin);
    const Position end = at(node.source().end);
    const std::string_view written = source_.text().substr(begin.offset, end.offset - begin.offset);
    Value value;
    Style style = Style::plain;
    if (const auto* text = node.as_string()) {
      value = Value::string(text->get());
      style = written.starts_with('\'') ? Style::single_quoted : Style::double_quoted;
    } else if (const auto* integer = node.as_integer()) {
      value = Value::integer(integer->get());
    } else if (const auto* number = node.as_floating_point()) {
      value = Value::floating(number->get());
    } else if (const auto* boolean = node.as_boolean()) {
      value = Value::boolean(boolean->get());
    } else {
      value = Value::string(written);  // a date or time
    }
    value.set_origin({begin, end, style, std::string(value.is(Kind::string) ? "" : written)});
    return value;
  }

  bool check_depth(const toml::node& node, unsigned depth) {
    if (depth <= limits_.depth) {
      return true;
    }
    problems_.add(at(node.source().begin),
                  fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    return false;
  }

  [[nodiscard]] Position at(const toml::source_position& place) const {
    return source_.at(source_.offset_of(place.line, place.column));
  }

  const Source& source_;
  const Limits& limits_;
  Diagnostics& problems_;
};

}  // namespace

Result<Value> parse_toml(std::string_view text, std::string_view path, const Limits& limits) {
  Diagnostics problems(path, text);
  check_text(text, limits, problems);
  CAIRN_TRY(problems.status());
  const Source source(text);
  check_toml_limits(source, limits, problems);
  CAIRN_TRY(problems.status());
  const toml::parse_result result = toml::parse(source.body());
  if (result.failed()) {
    const toml::source_position& place = result.error().source().begin;
    problems.add(source.at(source.offset_of(place.line, place.column)),
                 escaped(result.error().description()));
    return problems.to_error();
  }
  Value root = Converter(source, limits, problems).convert(result.table(), 1);
  root.set_origin({source.at(0), source.at(text.size()), Style::block, {}});
  CAIRN_TRY(problems.status());
  return root;
}

}  // namespace cairn::text
