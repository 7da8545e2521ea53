// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "pipeline/stage.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Value;

/// One list of outs in a draft, the key it goes to, and its flags.
struct OutList {
  std::vector<std::string> StageDraft::*paths;
  std::string_view key;
  bool cached;
  bool persist;
};
constexpr OutList kOutLists[] = {
    {&StageDraft::outs, "outs", true, false},
    {&StageDraft::outs_no_cache, "outs", false, false},
    {&StageDraft::outs_persist, "outs", true, true},
    {&StageDraft::outs_persist_no_cache, "outs", false, true},
    {&StageDraft::metrics, "metrics", true, false},
    {&StageDraft::metrics_no_cache, "metrics", false, false},
    {&StageDraft::plots, "plots", true, false},
    {&StageDraft::plots_no_cache, "plots", false, false},
};

Value out_value(const std::string& path, const OutList& list) {
  if (list.cached && !list.persist) {
    return Value::string(path);
  }
  Value flags = Value::map();
  if (!list.cached) {
    flags.set("cache", Value::boolean(false));
  }
  if (list.persist) {
    flags.set("persist", Value::boolean(true));
  }
  Value out = Value::map();
  out.set(path, std::move(flags));
  return out;
}

Value strings(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) {
    list.append(Value::string(item));
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
  for (const std::string& text : params) {
    const ParamText param = split_param(text);
    if (!param.file.empty() && param.keys.empty()) {
      files.set(param.file, Value::null());
      continue;
    }
    if (!param.file.empty() && files.find(param.file) == nullptr) {
      files.set(param.file, Value::list());
    }
    Value& list = param.file.empty() ? keys : *files.find(param.file);
    for (const std::string& name : param.keys) {
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

Status set_env(Value& stage, const std::vector<std::string>& env) {
  Value map = Value::map();
  for (const std::string& setting : env) {
    CAIRN_TRY_ASSIGN(const auto pair, split_setting(setting, "--env"));
    map.set(pair.first, Value::string(pair.second));
  }
  if (!map.entries().empty()) {
    stage.set("env", std::move(map));
  }
  return {};
}

Status set_scalar(Value& stage, std::string_view key, const std::string& written) {
  if (!written.empty()) {
    CAIRN_TRY_ASSIGN(Value value, scalar_of(written, key));
    stage.set(key, std::move(value));
  }
  return {};
}

}  // namespace

ParamText split_param(std::string_view param) {
  const std::size_t colon = param.rfind(':');
  if (colon == std::string_view::npos) {
    return {"", comma_parts(param)};
  }
  return {std::string(param.substr(0, colon)), comma_parts(param.substr(colon + 1))};
}

Result<std::pair<std::string, std::string>> split_setting(std::string_view setting, std::string_view option) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error(Code::usage, fmt::format("{} wants NAME=VALUE, not {}", option, quoted(setting)));
  }
  return std::pair(std::string(setting.substr(0, equals)), std::string(setting.substr(equals + 1)));
}

Result<Value> scalar_of(const std::string& written, std::string_view what) {
  Result<Value> read = text::parse_yaml(written, "value");
  if (!read.ok()) {
    return Value::string(written);  // "a: b: c" is meant as it stands
  }
  if (!read->is_scalar()) {
    return Error(Code::usage, fmt::format("{} takes one value, not {}", quoted(what), read->type_name()),
                 "write lists and maps into the file by hand");
  }
  read->set_origin({});
  return read;
}

std::vector<Value> draft_outs(const StageDraft& draft, std::string_view key) {
  std::vector<Value> outs;
  for (const OutList& list : kOutLists) {
    if (list.key == key) {
      for (const std::string& path : draft.*list.paths) {
        outs.push_back(out_value(path, list));
      }
    }
  }
  return outs;
}

Result<Value> stage_value(const StageDraft& draft) {
  Value stage = Value::map();
  set_text(stage, "desc", draft.desc);
  stage.set("cmd", Value::string(draft.cmd));
  set_text(stage, "shell", draft.shell);
  set_text(stage, "wdir", draft.wdir);
  CAIRN_TRY(set_env(stage, draft.env));
  set_list(stage, "deps", strings(draft.deps));
  set_list(stage, "params", param_list(draft.params));
  for (const std::string_view key : {"outs", "metrics", "plots"}) {
    set_list(stage, key, Value::list(draft_outs(draft, key)));
  }
  CAIRN_TRY(set_scalar(stage, "seed", draft.seed));
  CAIRN_TRY(set_scalar(stage, "timeout", draft.timeout));
  CAIRN_TRY(set_scalar(stage, "retries", draft.retries));
  if (draft.frozen) {
    stage.set("frozen", Value::boolean(true));
  }
  if (draft.always_changed) {
    stage.set("always_changed", Value::boolean(true));
  }
  return stage;
}

Result<std::string> checked_pipeline(std::string edited, std::string_view path, Surroundings& surroundings) {
  Result<PipelineFile> file = parse_pipeline(edited, path, surroundings);
  if (!file.ok()) {
    return file.error();
  }
  return edited;
}

}  // namespace cairn::pipeline
