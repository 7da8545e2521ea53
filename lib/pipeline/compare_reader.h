// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/value_reader.h"
#include "text/value.h"

namespace cairn::pipeline {

/// How two results of an out are compared, checked: null for `exact`, else a map as written, {rtol, atol},
/// {rows: [KEY, …]} or {ignore: [PATH, …]}. Null after a problem. Internal to this module.
text::Value read_compare(const text::Value& value, ValueReader& reader);

}  // namespace cairn::pipeline
