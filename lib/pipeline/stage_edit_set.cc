// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "pipeline/stage_body.h"
#include "pipeline/stage_place.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::KeyPath;
using text::Value;

Status remove_parts(StageBody& body, const StageChanges& changes) {
  for (const std::string& path : changes.remove_deps) {
    CAIRN_TRY(body.remove_dep(path));
  }
  for (const std::string& path : changes.remove_outs) {
    CAIRN_TRY(body.remove_out(path));
  }
  for (const std::string& param : changes.remove_params) {
    CAIRN_TRY(body.remove_param(param));
  }
  for (const std::string& key : changes.unset) {
    CAIRN_TRY(body.unset(key));
  }
  return {};
}

/// Keys that hold texts: "--set desc=12" means the text.
bool holds_text(std::string_view key) {
  return key == "cmd" || key == "desc" || key == "shell" || key == "wdir" || key.starts_with("env.");
}

Status apply_settings(StageBody& body, const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    CAIRN_TRY_ASSIGN(const auto pair, split_setting(setting, "--set"));
    if (holds_text(pair.first)) {
      CAIRN_TRY(body.set(pair.first, Value::string(pair.second)));
      continue;
    }
    CAIRN_TRY_ASSIGN(const Value scalar, scalar_of(pair.second, pair.first));
    CAIRN_TRY(body.set(pair.first, scalar));
  }
  return {};
}

Status set_texts(StageBody& body, const StageDraft& draft) {
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"desc", &draft.desc}, {"cmd", &draft.cmd}, {"shell", &draft.shell}, {"wdir", &draft.wdir}};
  for (const auto& [key, value] : texts) {
    if (!value->empty()) {
      CAIRN_TRY(body.set(key, Value::string(*value)));
    }
  }
  for (const std::string& setting : draft.env) {
    CAIRN_TRY_ASSIGN(const auto pair, split_setting(setting, "--env"));
    CAIRN_TRY(body.set("env." + pair.first, Value::string(pair.second)));
  }
  return {};
}

Status set_scalars(StageBody& body, const StageDraft& draft) {
  struct Row {
    std::string_view key;
    std::string_view inner;
    const std::string& written;
  };
  const Row rows[] = {
      {"seed", "value", draft.seed}, {"timeout", "", draft.timeout}, {"retries", "count", draft.retries}};
  for (const Row& row : rows) {
    if (!row.written.empty()) {
      CAIRN_TRY_ASSIGN(const Value value, scalar_of(row.written, row.key));
      CAIRN_TRY(body.set_in(row.key, row.inner, value));
    }
  }
  if (draft.frozen) {
    CAIRN_TRY(body.set("frozen", Value::boolean(true)));
  }
  if (draft.always_changed) {
    CAIRN_TRY(body.set("always_changed", Value::boolean(true)));
  }
  return {};
}

Status add_parts(StageBody& body, const StageDraft& draft) {
  for (const std::string& path : draft.deps) {
    CAIRN_TRY(body.add_dep(path));
  }
  for (const std::string& param : draft.params) {
    CAIRN_TRY(body.add_param(param));
  }
  for (const std::string_view key : kOutKeys) {
    for (const Value& out : draft_outs(draft, key)) {
      CAIRN_TRY(body.add_out(key, out));
    }
  }
  return {};
}

}  // namespace

Result<std::string> edit_stage(const text::Document& document, std::string_view name,
                               const StageChanges& changes, Surroundings& surroundings) {
  CAIRN_TRY_ASSIGN(StageBody body, StageBody::open(document, name));
  CAIRN_TRY(remove_parts(body, changes));
  CAIRN_TRY(apply_settings(body, changes.set));
  CAIRN_TRY(set_texts(body, changes.add));
  CAIRN_TRY(set_scalars(body, changes.add));
  CAIRN_TRY(add_parts(body, changes.add));
  return checked_pipeline(body.text(), document.path, surroundings);
}

Result<std::string> set_frozen(const text::Document& document, std::string_view name, Frozen frozen,
                               Surroundings& surroundings) {
  CAIRN_TRY_ASSIGN(const Value tree, text::parse_yaml(document.text, document.path));
  CAIRN_TRY_ASSIGN(const StagePlace place, find_stage_place(tree, document.path, name));
  const Value* body = &tree;
  for (const std::string& step : place.body) {
    body = body->find(step);
  }
  const Value* old = body->find("frozen");
  const bool is_frozen = old != nullptr && !(*old == Value::boolean(false));
  if (is_frozen == (frozen == Frozen::yes)) {
    return std::string(document.text);
  }
  KeyPath key = place.body;
  key.emplace_back("frozen");
  CAIRN_TRY_ASSIGN(std::string edited, frozen == Frozen::yes
                                           ? text::set_scalar(document, key, Value::boolean(true))
                                           : text::remove_key(document, key));
  return checked_pipeline(std::move(edited), document.path, surroundings);
}

}  // namespace cairn::pipeline
