// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/stage.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// What is known of a stage before its body is read.
struct StageHead {
  std::string name;
  std::string group;
  std::string file;
  text::Position at;
};

/// Reads the body of a stage, templates resolved. `environment` is what the stage gets unless it declares its
/// own. Internal to this module.
Stage read_stage(StageHead head, const text::Value& body, const std::optional<EnvironmentSpec>& environment,
                 ValueReader& reader);

}  // namespace cairn::pipeline
