// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::pipeline {

enum class ScriptLanguage : std::uint8_t { python, r, julia, shell };

/// By the name's ending: .py, .R and .r, .jl, .sh and .bash.
std::optional<ScriptLanguage> script_language(std::string_view path);

/// Where a script first uses a source of chance.
struct RandomUse {
  std::size_t line = 1;
  std::string text;  ///< "import random", "np.random", "rnorm(", "$RANDOM"
};

/// The first use of a source of chance in a script; nothing where the script itself fixes a seed by a
/// literal: `random.seed(1)`, `default_rng(seed=1)`, `set.seed(1)`, `RANDOM=1`, `--random-source`. It looks
/// at words outside comments and strings, no more: what a script imports from another file, or computes, is
/// not known. Pure; cost: one pass.
std::optional<RandomUse> find_random_use(std::string_view text, ScriptLanguage language);

}  // namespace cairn::pipeline
