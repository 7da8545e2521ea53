// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/workspace.h"
#include "report/table.h"
#include "version/version_refs.h"

namespace cairn::ops {

/// A version with what came after it was saved.
struct ListedVersion {
  version::Version version;
  std::vector<std::string> aliases;         ///< that stand for it now
  std::optional<version::Verdict> verdict;  ///< the newest on its commit
};

struct VersionsReport {
  std::vector<ListedVersion> versions;  ///< newest first
  std::vector<Error> left_out;          ///< refs that are no versions, verdicts that cannot be read
};
Result<VersionsReport> list_known_versions(project::Workspace& workspace);

/// One version, with all verdicts on its commit, newest first.
struct ShownVersion {
  ListedVersion listed;
  std::vector<version::Verdict> verdicts;
};
/// Errors: as version::find_version.
Result<ShownVersion> show_version(project::Workspace& workspace, const std::string& name);

/// Name, time (UTC), author, aliases, verdict, message, and the metrics that all have names for.
report::Table versions_table(const std::vector<ListedVersion>& versions);
/// What went into a version, as tables with a heading.
struct VersionSection {
  std::string title;
  report::Table table;
};
std::vector<VersionSection> version_sections(const ShownVersion& shown);

/// "reproduced 2026-11-29 16:05"; "" without a verdict.
std::string verdict_cell(const std::optional<version::Verdict>& verdict);

}  // namespace cairn::ops
