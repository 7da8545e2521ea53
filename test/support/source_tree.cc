// SPDX-License-Identifier: Apache-2.0
#include "support/source_tree.h"

namespace cairn::test {

std::string source_path(std::string_view path) {
  return std::string(CAIRN_SOURCE_DIR "/").append(path);
}

}  // namespace cairn::test
