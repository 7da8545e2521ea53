// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn::report {

/// Text that Markdown takes as it is: what could start markup or HTML is escaped, and so is what a terminal
/// must not see.
std::string markdown_text(std::string_view text);

}  // namespace cairn::report
