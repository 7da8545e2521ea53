// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "text/value.h"

namespace cairn::pipeline {

/// What a cairn.yaml may refer to outside of itself: files of variables and the process environment. This
/// base knows of nothing. Threads: used by one at a time.
class Surroundings {
 public:
  virtual ~Surroundings() = default;

  /// A YAML, JSON, TOML or Python file (text/params.h) by its project path; null pointer when it is missing.
  /// The pointer holds as long as this object. Errors: as the parsers.
  virtual Result<const text::Value*> document(const std::string& path) {
    (void)path;
    return nullptr;
  }
  /// A variable of the environment.
  virtual std::optional<std::string> variable(const std::string& name) {
    (void)name;
    return std::nullopt;
  }
};

}  // namespace cairn::pipeline
