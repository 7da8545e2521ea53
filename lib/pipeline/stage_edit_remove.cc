// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_draft.h"
#include "pipeline/stage_place.h"
#include "text/yaml.h"

namespace cairn::pipeline {

Result<std::string> remove_stage(const text::Document& document, std::string_view name,
                                 Surroundings& surroundings) {
  CAIRN_TRY_ASSIGN(const text::Value tree, text::parse_yaml(document.text, document.path));
  CAIRN_TRY_ASSIGN(const StagePlace place, find_stage_place(tree, document.path, name));
  CAIRN_TRY_ASSIGN(std::string edited, text::remove_key(document, place.entry));
  return checked_pipeline(std::move(edited), document.path, surroundings);
}

}  // namespace cairn::pipeline
