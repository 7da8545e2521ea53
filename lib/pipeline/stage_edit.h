// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/surroundings.h"

namespace cairn::pipeline {

/// A stage as `stage add` is told it. Paths are written as given: relative to wdir. Empty fields are not
/// written.
struct StageDraft {
  std::string name;
  std::string cmd;
  std::string wdir;
  std::string shell;
  std::string desc;
  std::vector<std::string> deps;
  std::vector<std::string> params;  ///< "KEY", or "FILE:KEY[,KEY…]", or "FILE:" for a whole file
  std::vector<std::string> outs;
  std::vector<std::string> outs_no_cache;
  std::vector<std::string> metrics;
  std::vector<std::string> metrics_no_cache;
  bool frozen = false;
  bool always_changed = false;
};

enum class Overwrite : std::uint8_t { refuse, replace };

/// The text of the cairn.yaml at `path` with this stage added at its end, after removing the one of that
/// name; `text` is empty for a new file. All else keeps its bytes. The result was parsed again, with
/// `surroundings`. Errors: `exists` unless `replace`; `malformed` when the text, or the stage itself, is
/// wrong.
Result<std::string> add_stage(std::string_view text, std::string_view path, const StageDraft& draft,
                              Overwrite overwrite, Surroundings& surroundings);

}  // namespace cairn::pipeline
