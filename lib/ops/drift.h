// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/revision_content.h"
#include "report/drift.h"

namespace cairn::ops {

/// Which states are compared, and what is too much.
struct DriftRequest {
  std::string before;  ///< a revision as find_revision takes it
  std::string after;
  std::vector<std::string> paths;  ///< project paths; none: every table that differs
  /// Nothing: what the later state's cairn.yaml says.
  std::optional<std::vector<pipeline::DriftRule>> rules;
};

enum class TableChange : std::uint8_t { changed, unchanged, added, removed };

/// One table in two states.
struct FileDrift {
  std::string path;
  TableChange change = TableChange::changed;
  std::optional<report::TableDrift> drift;  ///< of a changed one
  std::vector<report::DriftHit> hits;
};

struct DriftReport {
  std::string before;
  std::string after;
  std::vector<FileDrift> files;  ///< sorted by path
  std::vector<Error> errors;     ///< tables that could not be read

  [[nodiscard]] bool hit() const;
};

/// Profiles tables (CSV, TSV, JSON lines) of two states and compares them. Profiles of what cairn keeps are
/// kept in the store's folder (docs/format/profile.md). Errors: unknown revisions; `not_found` for a path
/// that neither state has; `malformed` for a cairn.yaml whose `drift` cannot be read; `interrupted`.
Result<DriftReport> find_drift(project::Workspace& workspace, const DriftRequest& request,
                               const Context& context);

/// The same of two files anywhere, by absolute paths; `before` and `after` of the request are how they were
/// written, the rules are those of the request alone.
Result<DriftReport> find_file_drift(const DriftRequest& request, const std::string& before_path,
                                    const std::string& after_path, const Context& context);

/// Self-contained HTML.
std::string drift_page(const DriftReport& report);

}  // namespace cairn::ops
