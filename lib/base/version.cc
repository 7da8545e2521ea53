// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

namespace cairn {

std::string_view own_version() {
  return CAIRN_VERSION;
}

}  // namespace cairn
