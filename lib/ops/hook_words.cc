// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_words.h"

#include "base/escape.h"

namespace cairn::ops {
namespace {

constexpr std::size_t kShownPaths = 5;

}  // namespace

std::string shortened(const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t i = 0; i < paths.size() && i < kShownPaths; ++i) {
    text += (i == 0 ? "" : ", ") + escaped(paths[i]);
  }
  return paths.size() > kShownPaths ? text + " and " + std::to_string(paths.size() - kShownPaths) + " more"
                                    : text;
}

void tell(Log& log, std::string_view words, const std::vector<std::string>& paths) {
  if (!paths.empty()) {
    log.info("cairn: " + std::string(words) + " " + shortened(paths));
  }
}

}  // namespace cairn::ops
