// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/stage.h"
#include "pipeline/stage_place.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::KeyPath;
using text::Kind;
using text::Value;

bool same_path(std::string_view a, std::string_view b) {
  return a == b || os::normalized(a) == os::normalized(b);
}

/// The path that an item of deps or outs holds: itself, or its only key.
std::string_view path_of(const Value& item) {
  if (item.is(Kind::string)) {
    return item.string_value();
  }
  return item.entries().size() == 1 ? std::string_view(item.entries().front().key) : std::string_view();
}

/// Whether an item's file is the one that is meant; "" means params.yaml.
bool same_file(std::string_view written, std::string_view wanted) {
  return same_path(written, wanted.empty() ? kDefaultParams : wanted);
}

/// "env.LANG" as its steps.
KeyPath dotted_path(KeyPath path, std::string_view dotted) {
  while (true) {
    const std::size_t dot = dotted.find('.');
    path.emplace_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) {
      return path;
    }
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<StageBody> StageBody::open(const text::Document& document, std::string_view name) {
  CAIRN_TRY_ASSIGN(Value tree, text::parse_yaml(document.text, document.path));
  CAIRN_TRY_ASSIGN(StagePlace place, find_stage_place(tree, document.path, name));
  return StageBody(document, name, std::move(place.body), std::move(tree));
}

KeyPath StageBody::at(std::initializer_list<std::string_view> steps) const {
  KeyPath path = body_;
  path.insert(path.end(), steps.begin(), steps.end());
  return path;
}

const Value* StageBody::find(std::initializer_list<std::string_view> steps) const {
  const Value* value = &tree_;
  for (const std::string& step : at(steps)) {
    value = value == nullptr ? nullptr : value->find(step);
  }
  return value;
}

Status StageBody::take(Result<std::string> edited) {
  if (!edited.ok()) {
    return edited.error();
  }
  CAIRN_TRY_ASSIGN(tree_, text::parse_yaml(*edited, path_));
  text_ = std::move(*edited);
  return {};
}

Error StageBody::missing(std::string_view what, std::string_view name) const {
  return {Code::not_found, fmt::format("stage {} has no {} {}", quoted(name_), what, quoted(name)),
          "see what it has in " + escaped(path_)};
}

Error StageBody::already(std::string_view what, std::string_view name) const {
  return {Code::exists, fmt::format("stage {} has the {} {} already", quoted(name_), what, quoted(name))};
}

Status StageBody::remove_item(std::string_view key, std::size_t item) {
  if (find({key})->items().size() == 1) {
    return take(text::remove_key(document(), at({key})));
  }
  return take(text::remove_item(document(), at({key, std::to_string(item)})));
}

Status StageBody::remove_path(const std::vector<std::string_view>& keys, std::string_view what,
                              const std::string& path) {
  for (const std::string_view key : keys) {
    const Value* list = find({key});
    for (std::size_t i = 0; list != nullptr && i < list->items().size(); ++i) {
      const Value& item = list->items()[i];
      if (!path_of(item).empty() && same_path(path_of(item), path)) {
        return remove_item(key, i);
      }
      for (const text::Entry& entry : item.entries()) {
        if (same_path(entry.key, path)) {
          return remove_entry(key, i, entry.key);
        }
      }
    }
  }
  return missing(what, path);
}

Status StageBody::remove_entry(std::string_view key, std::size_t item, const std::string& name) {
  return take(text::remove_key(document(), at({key, std::to_string(item), name})));
}

bool StageBody::has_path(std::string_view key, std::string_view path) const {
  const Value* list = find({key});
  return list != nullptr && std::any_of(list->items().begin(), list->items().end(), [&](const Value& item) {
           return std::any_of(item.entries().begin(), item.entries().end(),
                              [&](const text::Entry& entry) { return same_path(entry.key, path); }) ||
                  (item.is(Kind::string) && same_path(item.string_value(), path));
         });
}

Status StageBody::append(std::string_view key, const Value& item) {
  if (find({key}) != nullptr) {
    return take(text::append_item(document(), at({key}), item));
  }
  Value list = Value::list();
  list.append(item);
  return take(text::add_key(document(), body_, key, list));
}

Status StageBody::add_dep(const std::string& path) {
  return has_path("deps", path) ? Status(already("dep", path)) : append("deps", Value::string(path));
}

Status StageBody::add_out(std::string_view key, const Value& out) {
  const std::string path(path_of(out));
  for (const std::string_view other : kOutKeys) {
    if (has_path(other, path)) {
      return already("out", path)
          .with_hint("give it other flags with --remove-out " + escaped(path) + " as well");
    }
  }
  return append(key, out);
}

Status StageBody::remove_param_key(std::size_t item, const text::Entry& file, const std::string& key) {
  const auto keys = file.value.items();
  if (key.empty() || (keys.size() == 1 && keys.front() == Value::string(key))) {
    return find({"params"})->items()[item].entries().size() == 1 ? remove_item("params", item)
                                                                 : remove_entry("params", item, file.key);
  }
  const auto found = std::find(keys.begin(), keys.end(), Value::string(key));
  return take(text::remove_item(document(), at({"params", std::to_string(item), file.key,
                                                std::to_string(std::distance(keys.begin(), found))})));
}

Result<bool> StageBody::remove_first(const ParamText& wanted, const std::string& key) {
  const Value* list = find({"params"});
  for (std::size_t i = 0; list != nullptr && i < list->items().size(); ++i) {
    const Value& item = list->items()[i];
    if (item.is(Kind::string) && same_file(kDefaultParams, wanted.file) &&
        (key.empty() || item.string_value() == key)) {
      CAIRN_TRY(remove_item("params", i));
      return true;
    }
    for (const text::Entry& file : item.entries()) {
      const auto keys = file.value.items();
      const bool has = key.empty() || std::find(keys.begin(), keys.end(), Value::string(key)) != keys.end();
      if (same_file(file.key, wanted.file) && has) {
        CAIRN_TRY(remove_param_key(i, text::Entry(file), key));
        return true;
      }
    }
  }
  return false;
}

Status StageBody::remove_param(const std::string& written) {
  const ParamText param = split_param(written);
  const std::vector<std::string> keys = param.keys.empty() ? std::vector<std::string>{""} : param.keys;
  for (const std::string& key : keys) {
    bool any = false;
    while (true) {
      CAIRN_TRY_ASSIGN(const bool removed, remove_first(param, key));
      if (!removed) {
        break;
      }
      any = true;
    }
    if (!any) {
      return missing("param", key.empty() ? written : key);
    }
  }
  return {};
}

bool StageBody::has_param(std::string_view file, const std::string& key) const {
  const Value* list = find({"params"});
  return list != nullptr && std::any_of(list->items().begin(), list->items().end(), [&](const Value& item) {
           return (item.is(Kind::string) && item.string_value() == key && same_file(kDefaultParams, file)) ||
                  std::any_of(item.entries().begin(), item.entries().end(), [&](const text::Entry& entry) {
                    const auto keys = entry.value.items();
                    return same_file(entry.key, file) &&
                           (keys.empty() ||
                            std::find(keys.begin(), keys.end(), Value::string(key)) != keys.end());
                  });
         });
}

Status StageBody::add_param(const std::string& written) {
  const ParamText param = split_param(written);
  if (param.file.empty()) {
    for (const std::string& key : param.keys) {
      if (has_param("", key)) {
        return already("param", key);
      }
      CAIRN_TRY(append("params", Value::string(key)));
    }
    return {};
  }
  Value keys = Value::list();
  for (const std::string& key : param.keys) {
    if (has_param(param.file, key)) {
      return already("param", key);
    }
    keys.append(Value::string(key));
  }
  Value item = Value::map();
  item.set(param.file, param.keys.empty() ? Value::null() : std::move(keys));
  return append("params", item);
}

Status StageBody::unset(std::string_view dotted) {
  Result<std::string> edited = text::remove_key(document(), dotted_path(body_, dotted));
  if (!edited.ok() && edited.error().code() == Code::not_found) {
    return missing("key", dotted);
  }
  return take(std::move(edited));
}

Status StageBody::set(std::string_view dotted, const Value& scalar) {
  const KeyPath path = dotted_path(body_, dotted);
  const Value* old = path.size() == body_.size() + 1 ? find({dotted}) : nullptr;
  if (dotted == "cmd" && old != nullptr && old->is(Kind::list)) {
    CAIRN_TRY(take(text::remove_key(document(), path)));
  }
  return take(text::set_scalar(document(), path, scalar));
}

Status StageBody::set_in(std::string_view key, std::string_view inner, const Value& scalar) {
  const Value* old = find({key});
  return set(old != nullptr && old->is(Kind::map) ? fmt::format("{}.{}", key, inner) : std::string(key),
             scalar);
}

}  // namespace cairn::pipeline
