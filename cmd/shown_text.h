// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::cmd {

/// What becomes of the sequences with which a program colours its output.
enum class Sgr : unsigned char { keep, drop };

/// A line of another program, made safe to show: control characters and what is not UTF-8 are escaped, but
/// tabs stay.
std::string shown_line(std::string_view text, Sgr sgr);

/// Columns that `text` takes on a terminal. REQUIRES: safe to show, without tabs.
std::size_t columns_of(std::string_view text);
/// As much of it as fits into `columns`, with an ellipsis if that is not all.
std::string cut_to(std::string_view text, std::size_t columns);

}  // namespace cairn::cmd
