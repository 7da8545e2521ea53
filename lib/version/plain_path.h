// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::version {

/// Any path as one line of UTF-8, and back: a backslash becomes two, control characters and, in a path that
/// is not UTF-8, all bytes above 126 become \xHH. Not for people: quoted() is. Internal to version/.
std::string plain_path(std::string_view path);
/// Nothing for what plain_path would not write.
std::optional<std::string> parse_plain_path(std::string_view text);

}  // namespace cairn::version
