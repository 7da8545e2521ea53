// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "command.h"
#include "project/diff.h"

namespace cairn::cmd {

enum class ChangeForm : std::uint8_t {
  text,      ///< a line for each change; folders with many are one line
  all,       ///< a line for each change
  stat,      ///< a line for each tracked path
  markdown,  ///< as text, as a table
};

/// What `cairn diff` says: the changes (sorted by path), then how many there are. `tracked`: paths that have
/// a pointer, or are outs, on either side.
std::string changes_text(const Invocation& invocation, const std::vector<project::FileChange>& changes,
                         const std::set<std::string, std::less<>>& tracked, ChangeForm form);

/// {"added":…,"modified":…,"deleted":…,"type_changed":…,"renamed":…,"bytes_added":…,"bytes_deleted":…,
/// "bytes_changed":…}
Json totals_json(const project::DiffTotals& totals);

}  // namespace cairn::cmd
