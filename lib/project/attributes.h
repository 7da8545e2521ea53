// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cairn::project {

/// A line that somebody wrote otherwise and that does not name all drivers.
struct LeftAttribute {
  std::string line;
  std::string_view wanted;  ///< as cairn would write it
};

/// What became of the lines of `.gitattributes`.
struct AttributesReport {
  bool changed = false;
  std::vector<LeftAttribute> left;
};

/// Gives the `.gitattributes` in `root` (absolute) the lines that pointers and locks need: line ends, and the
/// merge and diff driver (git/drivers.h); and one that has Git keep the lines of both sides of a .gitignore.
/// A line that an earlier cairn wrote is completed; any other line for the same pattern stays as it is.
Result<AttributesReport> complete_attributes(const std::string& root);

/// What complete_attributes() would do.
Result<AttributesReport> check_attributes(const std::string& root);

}  // namespace cairn::project
