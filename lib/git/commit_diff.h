// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "git/layout.h"
#include "git/oid.h"

/// Lines that differ between two commits, as `git diff-tree` counts them. Paths are relative to the top
/// folder, as bytes.
namespace cairn::git {

/// Lines that came and went; of a binary file nobody knows.
struct LineCounts {
  std::size_t added = 0;
  std::size_t removed = 0;
  bool binary = false;
};

/// The lines of each path that differs, but for those that match one of the glob patterns `left_out`
/// ("**/cairn.lock"). Cost: a process, which reads what it compares.
Result<std::map<std::string, LineCounts>> changed_lines(const Layout& layout, const Oid& from, const Oid& to,
                                                        const std::vector<std::string>& left_out);

}  // namespace cairn::git
