// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/stage.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// Reads `outs`, `metrics` or `plots`: a list of paths and of {path: {flag: value}}; of plots also
/// {path: [{property: value}]}. REQUIRES: stage.wdir is set. Internal to this module.
void read_outs(const text::Value& value, OutKind kind, Stage& stage, ValueReader& reader);

}  // namespace cairn::pipeline
