// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::text {

/// Every byte but letters, digits, "-._~" and those in `kept` as "%" and two upper-case hex digits (RFC
/// 3986).
std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// "%20" is a space; nothing when a "%" is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace cairn::text
