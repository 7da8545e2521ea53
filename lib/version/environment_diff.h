// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "text/value.h"

namespace cairn::version {

/// One thing that differs between two environments.
struct EnvironmentChange {
  std::string kind;    ///< key of the record: "python", "tools", …
  std::string name;    ///< package, command, file or fact
  std::string before;  ///< version or value; empty for none
  std::string after;
  std::string text;  ///< in words: "numpy 1.26.4 -> 2.0.1", "gcc 12.2 -> 13.1 (gcc --version)"
};

/// What differs between two records (docs/format/environment.md), in the order of the record: versions first,
/// then packages by name. Empty exactly when they are equal. Cost: linear.
std::vector<EnvironmentChange> compare_environments(const text::Value& before, const text::Value& after);

}  // namespace cairn::version
