// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/ci_policy.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// `ci`: {metrics: {FILE: {KEY: {min: X, max: Y}}}, drift_from: REVISION, verified: true | [STAGE]}. Internal
/// to this module.
CiPolicy read_ci_policy(const text::Value& value, std::string_view folder, ValueReader& reader);

}  // namespace cairn::pipeline
