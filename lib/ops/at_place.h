// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "base/escape.h"
#include "pipeline/stage.h"

namespace cairn::ops {

/// The error with its place in cairn.yaml and the stage in front: "cairn.yaml:3:9: dep of stage 's': …".
inline Error at_place(const pipeline::Stage& stage, const text::Position& at, std::string_view what,
                      const Error& error) {
  return {error.code(),
          fmt::format("{}: {} of stage {}: {}", text::place(stage.file, at), what, quoted(stage.address()),
                      error.message()),
          error.hint()};
}

}  // namespace cairn::ops
