// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
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

/// What a stage gets from its file where it does not say so itself.
struct StageDefaults {
  std::optional<EnvironmentSpec> environment;
  std::map<std::string, std::string> pin_env;  ///< variables, with their values
};

/// Reads the body of a stage, templates resolved. Internal to this module.
Stage read_stage(StageHead head, const text::Value& body, const StageDefaults& defaults, ValueReader& reader);

}  // namespace cairn::pipeline
