// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/stage.h"
#include "pipeline/value_reader.h"

namespace cairn::pipeline {

/// Reads a stage's `params`: a list of keys of params.yaml, of {file: [keys]}, and of {file: } for a whole
/// file. Keys are kept as they are written, globs too. REQUIRES: stage.wdir is set. Internal to this module.
void read_params(const text::Value& value, Stage& stage, ValueReader& reader);

}  // namespace cairn::pipeline
