// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/stage.h"
#include "pipeline/undeclared.h"

namespace cairn::pipeline {

/// A path that only a person can deal with.
struct NotFixed {
  UndeclaredPath path;
  std::string why;  ///< "Git tracks it"
};

struct UndeclaredFix {
  std::string text;               ///< of the cairn.yaml, edited
  std::vector<std::string> deps;  ///< added, as written
  std::vector<std::string> outs;  ///< added, as written
  std::vector<NotFixed> left;
};

/// Declares what a stage was seen to touch in `text`, the cairn.yaml that defines it: reads are added to its
/// deps, writes to its outs, relative to its wdir. All else keeps its bytes, comments too. Left to a person
/// are writes to inputs and to files that Git tracks, removals, and names that read as a template. The new
/// text was not checked as a pipeline: load it before it is written. Errors: `unsupported` for a stage made
/// by foreach or matrix, whose hint is what to add; what text::append_item says.
Result<UndeclaredFix> fix_undeclared(std::string_view text, const Stage& stage, const Undeclared& undeclared);

}  // namespace cairn::pipeline
