// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "git/layout.h"
#include "git/repository.h"

/// What differs between two commits, as `git diff-tree` says it. Paths are relative to the top folder, as
/// bytes. A submodule is a file of mode 0160000 whose blob is its commit.
namespace cairn::git {

/// What each of two commits has at a path: not the same.
struct TreeChange {
  std::string path;
  std::optional<TreeFile> before;
  std::optional<TreeFile> after;
};

/// In order of bytes; a rename is a path that is gone and one that is new. Cost: a process of some ms, which
/// reads only the trees that differ.
Result<std::vector<TreeChange>> changed_files(const Layout& layout, const Oid& from, const Oid& to);

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
