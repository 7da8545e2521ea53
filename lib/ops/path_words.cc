// SPDX-License-Identifier: Apache-2.0
#include "ops/path_words.h"

#include "base/escape.h"

namespace cairn::ops {

std::string some_paths(const std::vector<std::string>& paths) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < paths.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : ", ") + quoted(paths[i]);
  }
  return paths.size() > kShown ? text + " and " + std::to_string(paths.size() - kShown) + " more" : text;
}

}  // namespace cairn::ops
