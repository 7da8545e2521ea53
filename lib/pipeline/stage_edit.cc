// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_edit.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/stage.h"
#include "text/splice.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::pipeline {
namespace {

using text::Value;

Value strings(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) {
    list.append(Value::string(item));
  }
  return list;
}

/// Paths, then those with {cache: false}.
Value out_list(const std::vector<std::string>& cached, const std::vector<std::string>& uncached) {
  Value list = strings(cached);
  for (const std::string& path : uncached) {
    Value flags = Value::map();
    flags.set("cache", Value::boolean(false));
    Value out = Value::map();
    out.set(path, std::move(flags));
    list.append(std::move(out));
  }
  return list;
}

/// "a,b" as its parts; empty ones are left out.
std::vector<std::string> comma_parts(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) {
      parts.emplace_back(text.substr(0, comma));
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

/// Keys of params.yaml first, then a map for each other file.
Value param_list(const std::vector<std::string>& params) {
  Value keys = Value::list();
  Value files = Value::map();
  for (const std::string& param : params) {
    const std::size_t colon = param.rfind(':');
    const std::string file = colon == std::string::npos ? "" : param.substr(0, colon);
    const std::vector<std::string> names =
        comma_parts(colon == std::string::npos ? param : param.substr(colon + 1));
    if (!file.empty() && names.empty()) {
      files.set(file, Value::null());
      continue;
    }
    if (!file.empty() && files.find(file) == nullptr) {
      files.set(file, Value::list());
    }
    Value& list = file.empty() ? keys : *files.find(file);
    for (const std::string& name : names) {
      if (list.is(text::Kind::list)) {  // else the whole file counts already
        list.append(Value::string(name));
      }
    }
  }
  for (const text::Entry& file : files.entries()) {
    Value item = Value::map();
    item.set(file.key, file.value);
    keys.append(std::move(item));
  }
  return keys;
}

void set_text(Value& stage, std::string_view key, const std::string& value) {
  if (!value.empty()) {
    stage.set(key, Value::string(value));
  }
}

void set_list(Value& stage, std::string_view key, Value list) {
  if (!list.items().empty()) {
    stage.set(key, std::move(list));
  }
}

Value stage_value(const StageDraft& draft) {
  Value stage = Value::map();
  set_text(stage, "desc", draft.desc);
  stage.set("cmd", Value::string(draft.cmd));
  set_text(stage, "shell", draft.shell);
  set_text(stage, "wdir", draft.wdir);
  set_list(stage, "deps", strings(draft.deps));
  set_list(stage, "params", param_list(draft.params));
  set_list(stage, "outs", out_list(draft.outs, draft.outs_no_cache));
  set_list(stage, "metrics", out_list(draft.metrics, draft.metrics_no_cache));
  if (draft.frozen) {
    stage.set("frozen", Value::boolean(true));
  }
  if (draft.always_changed) {
    stage.set("always_changed", Value::boolean(true));
  }
  return stage;
}

Value named(std::string_view name, Value value) {
  Value map = Value::map();
  map.set(name, std::move(value));
  return map;
}

Result<std::string> added(std::string_view text, std::string_view path, const StageDraft& draft,
                          Overwrite overwrite) {
  Value stage = stage_value(draft);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return text::write_yaml(named("stages", named(draft.name, std::move(stage))));
  }
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  const Value* stages = document.find("stages");
  if (stages == nullptr) {
    return text::add_key({text, path}, {}, "stages", named(draft.name, std::move(stage)));
  }
  const Value* old = stages->find(draft.name);
  if (old == nullptr) {
    return text::add_key({text, path}, {"stages"}, draft.name, stage);
  }
  if (overwrite == Overwrite::refuse) {
    return Error(Code::exists, fmt::format("{}: stage {} is already there", text::place(path, old->begin()),
                                           quoted(draft.name)))
        .with_hint("replace it with --force, or choose another name");
  }
  CAIRN_TRY_ASSIGN(const std::string rest, text::remove_key({text, path}, {"stages", draft.name}));
  return text::add_key({rest, path}, {"stages"}, draft.name, stage);
}

}  // namespace

Result<std::string> add_stage(std::string_view text, std::string_view path, const StageDraft& draft,
                              Overwrite overwrite, Surroundings& surroundings) {
  CAIRN_TRY(check_stage_name(draft.name));
  CAIRN_TRY_ASSIGN(std::string edited, added(text, path, draft, overwrite));
  CAIRN_TRY(parse_pipeline(edited, path, surroundings));
  return edited;
}

}  // namespace cairn::pipeline
