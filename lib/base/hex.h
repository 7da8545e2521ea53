// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace cairn {

/// Lower-case hex digits, two a byte.
std::string to_hex(Bytes bytes);

/// Bytes of an even number of lower-case hex digits; nothing for anything else (upper case included, so that
/// every id has one spelling).
std::optional<Buffer> from_hex(std::string_view digits);

}  // namespace cairn
