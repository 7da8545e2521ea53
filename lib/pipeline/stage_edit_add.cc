// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "pipeline/stage.h"
#include "pipeline/stage_draft.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::pipeline {
namespace {

using text::Value;

Value named(std::string_view name, Value value) {
  Value map = Value::map();
  map.set(name, std::move(value));
  return map;
}

Result<std::string> added(const text::Document& document, const StageDraft& draft, Overwrite overwrite) {
  CAIRN_TRY_ASSIGN(Value stage, stage_value(draft));
  if (document.text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return text::write_yaml(named("stages", named(draft.name, std::move(stage))));
  }
  CAIRN_TRY_ASSIGN(const Value tree, text::parse_yaml(document.text, document.path));
  const Value* stages = tree.find("stages");
  if (stages == nullptr) {
    return text::add_key(document, {}, "stages", named(draft.name, std::move(stage)));
  }
  const Value* old = stages->find(draft.name);
  if (old == nullptr) {
    return text::add_key(document, {"stages"}, draft.name, stage);
  }
  if (overwrite == Overwrite::refuse) {
    return Error(Code::exists, fmt::format("{}: stage {} is already there",
                                           text::place(document.path, old->begin()), quoted(draft.name)))
        .with_hint("replace it with --force, or change it with: cairn stage edit " + draft.name);
  }
  CAIRN_TRY_ASSIGN(const std::string rest, text::remove_key(document, {"stages", draft.name}));
  return text::add_key({rest, document.path}, {"stages"}, draft.name, stage);
}

}  // namespace

Result<std::string> add_stage(const text::Document& document, const StageDraft& draft, Overwrite overwrite,
                              Surroundings& surroundings) {
  CAIRN_TRY(check_stage_name(draft.name));
  CAIRN_TRY_ASSIGN(std::string edited, added(document, draft, overwrite));
  return checked_pipeline(std::move(edited), document.path, surroundings);
}

}  // namespace cairn::pipeline
