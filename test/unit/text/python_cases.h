// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace cairn::text {

/// What parse_python() makes of a file.
struct PythonCase {
  std::string_view name;
  std::string text;
  std::string expected;  ///< canonical() of the value; of an error, "PLACE: MESSAGE" from its start
  enum class Reference : std::uint8_t { same, differs } python = Reference::same;  ///< does Python agree?
};

void PrintTo(const PythonCase& one, std::ostream* out);

std::span<const PythonCase> good_python_cases();
std::span<const PythonCase> bad_python_cases();

}  // namespace cairn::text
