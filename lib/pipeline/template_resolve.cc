// SPDX-License-Identifier: Apache-2.0
#include "pipeline/template_resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/escape.h"
#include "pipeline/scalar_text.h"
#include "pipeline/shell_words.h"
#include "pipeline/variable_name.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Origin;
using text::Position;
using text::Style;
using text::Value;

constexpr std::size_t kLongestText = std::size_t{4} << 20U;
constexpr std::uint64_t kValueCost = 128;

/// Everything in the value stands where the reference does.
void set_place(Value& value, const Position& begin, const Position& end) {
  value.set_origin({begin, end, Style::none, {}});
  for (Value& item : value.items()) {
    set_place(item, begin, end);
  }
  for (Entry& entry : value.entries()) {
    entry.key_begin = begin;
    entry.key_end = end;
    set_place(entry.value, begin, end);
  }
}

std::uint64_t cost_of(const Value& value) {
  std::uint64_t cost = kValueCost + (value.is(Kind::string) ? value.string_value().size() : 0);
  for (const Value& item : value.items()) {
    cost += cost_of(item);
  }
  for (const Entry& entry : value.entries()) {
    cost += entry.key.size() + cost_of(entry.value);
  }
  return cost;
}

/// A default that stands alone: a number or boolean where that is pasted as it is written, else a string.
Value typed_default(const std::string& text) {
  Result<Value> value = text::parse_yaml(text, "");
  const bool same = value.ok() && value->is_scalar() && pasted_text(*value) == text;
  return same ? std::move(value).value() : Value::string(text);
}

}  // namespace

bool has_templates(const Value& value) {
  if (value.is(Kind::string)) {
    return has_template(value.string_value());
  }
  const auto in_entry = [](const Entry& entry) {
    return has_template(entry.key) || has_templates(entry.value);
  };
  return std::any_of(value.items().begin(), value.items().end(), has_templates) ||
         std::any_of(value.entries().begin(), value.entries().end(), in_entry);
}

Value TemplateResolver::resolve(const Value& value, Variables& variables, Gives gives) {
  if (exhausted()) {
    return {};
  }
  charge(kValueCost, value.begin());
  switch (value.kind()) {
    case Kind::string:
      return resolve_string(value, variables, gives);
    case Kind::list: {
      Value list = Value::list();
      for (const Value& item : value.items()) {
        list.append(resolve(item, variables, gives));
      }
      list.set_origin({value.begin(), value.end(), value.style(), {}});
      return list;
    }
    case Kind::map:
      return resolve_map(value, variables, gives);
    default:
      return value;
  }
}

Value TemplateResolver::resolve_stage(const Value& body, Variables& variables) {
  Value map = Value::map();
  for (const Entry& entry : body.entries()) {
    if (entry.key != "vars") {
      const Gives gives = entry.key == "cmd" ? Gives::options : Gives::scalars;
      Value value = resolve(entry.value, variables, gives);
      map.append_entry({entry.key, std::move(value), entry.key_begin, entry.key_end});
    }
  }
  map.set_origin({body.begin(), body.end(), body.style(), {}});
  return map;
}

Value TemplateResolver::resolve_map(const Value& value, Variables& variables, Gives gives) {
  const bool new_keys = std::any_of(value.entries().begin(), value.entries().end(),
                                    [](const Entry& entry) { return has_template(entry.key); });
  std::unordered_set<std::string> seen;
  Value map = Value::map();
  for (const Entry& entry : value.entries()) {
    const Place place{entry.key_begin, entry.key_end, Style::plain, entry.key};
    std::string key = entry.key;
    if (has_template(key)) {
      const std::size_t problems = reader_.problems();
      key = text_of(lex_template(entry.key), place, variables, Gives::scalars);
      if (reader_.problems() > problems) {
        key = entry.key;
        reader_.silence(entry.key_begin);  // as with values
      }
    }
    if (new_keys && !seen.insert(key).second) {
      note(place, 0, fmt::format("two keys become {}", quoted(key)));
      continue;
    }
    charge(key.size(), entry.key_begin);
    map.append_entry(
        {std::move(key), resolve(entry.value, variables, gives), entry.key_begin, entry.key_end});
  }
  map.set_origin({value.begin(), value.end(), value.style(), {}});
  return map;
}

Value TemplateResolver::resolve_string(const Value& value, Variables& variables, Gives gives) {
  const std::string& text = value.string_value();
  if (!has_template(text)) {
    charge(text.size(), value.begin());
    return value;
  }
  const std::size_t problems = reader_.problems();
  const TemplateText lexed = lex_template(text);
  const Place place{value.begin(), value.end(), value.style(), text};
  if (lexed.is_exact()) {
    const Reference& reference = *lexed.parts.front().reference;
    if (const Value* found = value_of(reference, variables, gives); found != nullptr) {
      charge(cost_of(*found), value.begin());
      Value out = exhausted() ? Value() : *found;
      set_place(out, value.begin(), value.end());
      return out;
    }
    if (reference.kind == Reference::Kind::variable && reference.fallback &&
        variables.find(reference.path) == nullptr) {
      Value out = typed_default(*reference.fallback);
      set_place(out, value.begin(), value.end());
      return out;
    }
  }
  Value out = Value::string(text_of(lexed, place, variables, gives));
  out.set_origin({value.begin(), value.end(), value.style(), {}});
  if (reader_.problems() > problems) {
    reader_.silence(value.begin());  // whatever the readers find wrong with it
    return value;
  }
  return out;
}

const Value* TemplateResolver::value_of(const Reference& reference, Variables& variables, Gives gives) const {
  if (reference.kind != Reference::Kind::variable) {
    return nullptr;
  }
  const Value* found = variables.find(reference.path);
  return found != nullptr && (found->is_scalar() || gives == Gives::all) ? found : nullptr;
}

std::string TemplateResolver::text_of(const TemplateText& lexed, const Place& place, Variables& variables,
                                      Gives gives) {
  constexpr std::size_t kMostProblems = 20;
  const std::size_t problems = reader_.problems();
  for (const TemplateText::Problem& problem : lexed.problems) {
    note(place, problem.number, problem.message);
  }
  std::string out;
  for (const TemplatePart& part : lexed.parts) {
    out += part.literal;
    if (part.reference) {
      out += pasted(*part.reference, place, variables, gives);
      if (out.size() > kLongestText) {
        note(place, part.reference->number,
             fmt::format("the text becomes longer than {} bytes", kLongestText));
        charge(out.size(), place.begin);
        return {};
      }
      if (reader_.problems() - problems > kMostProblems) {
        return {};
      }
    }
  }
  charge(out.size(), place.begin);
  return out;
}

std::string TemplateResolver::pasted(const Reference& reference, const Place& place, Variables& variables,
                                     Gives gives) {
  if (reference.kind == Reference::Kind::environment) {
    return environment(reference, place);
  }
  const bool quoted_for_shell = reference.kind == Reference::Kind::quoted;
  const auto finished = [quoted_for_shell](const std::string& text) {
    return quoted_for_shell ? shell_quoted(text) : text;
  };
  const Value* value = variables.find(reference.path);
  if (value == nullptr && reference.fallback) {
    return finished(*reference.fallback);
  }
  if (value == nullptr) {
    note(place, reference.number, variables.missing(reference.path));
    return {};
  }
  if (value->is_scalar()) {
    return finished(pasted_text(*value));
  }
  if (value->is(Kind::map) && gives == Gives::options && !quoted_for_shell) {
    Result<std::string> options = unpacked_options(*value);
    if (options.ok()) {
      return std::move(options).value();
    }
    note(place, reference.number, options.error().message());
    return {};
  }
  note(place, reference.number,
       fmt::format("{} is {}; a string, a number or a boolean can stand here{}", quoted(reference.name),
                   value->type_name(),
                   gives == Gives::options && !quoted_for_shell ? ", or a map of options" : ""));
  return {};
}

std::string TemplateResolver::environment(const Reference& reference, const Place& place) {
  if (std::string why = variable_problem(reference.name); !why.empty()) {
    note(place, reference.number, std::move(why));
    return {};
  }
  environment_.insert(reference.name);
  const std::optional<std::string> value = surroundings_.variable(reference.name);
  if (!value && !reference.fallback) {
    note(place, reference.number,
         fmt::format("environment variable {} is not set; set it, or give a default: ${{env:{}:-VALUE}}",
                     quoted(reference.name), reference.name));
  }
  return value ? *value : reference.fallback.value_or("");
}

void TemplateResolver::note(const Place& place, std::size_t number, std::string message) {
  reader_.problem(places_.of(place.begin, place.end, place.style, place.decoded, number), std::move(message));
}

void TemplateResolver::charge(std::uint64_t bytes, const Position& at) {
  const bool before = exhausted();
  made_ += bytes;
  if (exhausted() && !before) {
    reader_.problem(at, fmt::format("loops and templates make more than {} MiB", kMostMade >> 20U));
  }
}

}  // namespace cairn::pipeline
