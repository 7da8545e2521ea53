// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "text/value.h"

namespace cairn::pipeline {

/// The text that a scalar becomes when it is put into other text, as DVC has it: a string as it is; `true`
/// and `false`; 31 for `0x1F`; a float in Python's repr (`5e-05`, `1000.0`, `inf`, `nan`); `None` for null.
/// REQUIRES: a scalar.
std::string pasted_text(const text::Value& value);

/// The text of a scalar of cairn.yaml that stands where a string is wanted: a number as it is written, the
/// pasted_text() of a value that a template put there. REQUIRES: a scalar.
std::string scalar_text(const text::Value& value);

}  // namespace cairn::pipeline
