// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "pipeline/environment_spec.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// Reads an `environment:`; its paths are relative to `base`. Nothing for `{}`, which declares none. Internal
/// to this module.
std::optional<EnvironmentSpec> read_environment(const text::Value& value, std::string_view base,
                                                ValueReader& reader);

}  // namespace cairn::pipeline
