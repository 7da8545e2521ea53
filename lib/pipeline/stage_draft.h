// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/stage_edit.h"
#include "text/value.h"

/// Pieces of a stage as the tree that is written. Internal to the edits of cairn.yaml.
namespace cairn::pipeline {

/// The stage's body.
Result<text::Value> stage_value(const StageDraft& draft);

/// The outs of a draft under "outs", "metrics" or "plots": the path, or {path: {cache: false, persist:
/// true}}.
std::vector<text::Value> draft_outs(const StageDraft& draft, std::string_view key);

/// "KEY", "FILE:KEY,KEY" and "FILE:" in parts; the file is "" when none is named, no key is the whole file.
struct ParamText {
  std::string file;
  std::vector<std::string> keys;
};
ParamText split_param(std::string_view param);

/// "NAME=VALUE" in two. `usage` naming the `option` when there is no "=", or nothing before it.
Result<std::pair<std::string, std::string>> split_setting(std::string_view setting, std::string_view option);

/// A scalar as YAML reads it: "42" is a number, "true" a boolean. `usage` for a list or map, naming `what`.
Result<text::Value> scalar_of(const std::string& written, std::string_view what);

/// `edited` when it reads as a pipeline.
Result<std::string> checked_pipeline(std::string edited, std::string_view path, Surroundings& surroundings);

}  // namespace cairn::pipeline
