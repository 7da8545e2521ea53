// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"

namespace cairn {

/// RFC 4648, with padding.
std::string to_base64(Bytes bytes);

}  // namespace cairn
