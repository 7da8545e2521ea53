// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "store/key.h"
#include "text/value.h"

namespace cairn::report {

/// Significant digits of numbers with a fraction when people read them.
inline constexpr unsigned kShownDigits = 5;

/// A value as a cell of a table: a string as it is, a number with a fraction cut to `digits` significant
/// digits (nothing: the shortest text that reads back as the same number), lists in brackets, "" for null.
std::string format(const text::Value& value, std::optional<unsigned> digits);

/// The first 12 hex digits of an id: enough to tell the contents of one project apart.
std::string short_id(const store::Id& id);

}  // namespace cairn::report
