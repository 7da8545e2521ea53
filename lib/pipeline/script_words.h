// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "pipeline/random_sources.h"

namespace cairn::pipeline {

/// A word of a script ("np.random.rand", "--random-sort", "$") or one character of anything else.
struct ScriptWord {
  std::string_view text;
  std::size_t line = 1;
};

/// The words of a script outside comments and strings, of which the quotes are left: good enough to look for
/// names, no parser. In a shell script text in double quotes stays, since the shell expands it. Words are
/// parts of `text`. Internal to this module.
std::vector<ScriptWord> script_words(std::string_view text, ScriptLanguage language);

}  // namespace cairn::pipeline
