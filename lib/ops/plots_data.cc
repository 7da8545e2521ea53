// SPDX-License-Identifier: Apache-2.0
#include "ops/plots_data.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/values.h"
#include "os/path.h"
#include "report/delimited.h"

namespace cairn::ops {
namespace {

bool is_selected(const std::string& path, const std::vector<std::string>& targets) {
  return targets.empty() || std::any_of(targets.begin(), targets.end(), [&path](const std::string& target) {
           return os::is_within(path, target);
         });
}

/// Nothing for a file that this state does not have.
Result<std::optional<text::Value>> read_points(ValueReader& reader, const ValueReader::Look& look,
                                               const std::string& path) {
  CAIRN_TRY_ASSIGN(auto content, reader.content(look, path));
  if (!content) {
    return std::optional<text::Value>();
  }
  CAIRN_TRY_ASSIGN(text::Value points, report::parse_points(content->text, path));
  return std::optional(std::move(points));
}

}  // namespace

Result<PlotsReport> plots_data(project::Workspace& workspace, const std::vector<std::string>& targets,
                               const RevisionChoice& choice) {
  CAIRN_TRY_ASSIGN(auto revisions, choose_revisions(workspace, choice));
  ValueReader reader(workspace);
  PlotsReport report;
  for (const ChosenRevision& revision : revisions) {
    CAIRN_TRY_ASSIGN(ValueReader::Look look, reader.look(revision));
    report.errors.insert(report.errors.end(), look.found.errors.begin(), look.found.errors.end());
    for (const auto& [path, properties] : look.found.declared.plots) {
      if (!is_selected(path, targets)) {
        continue;
      }
      auto points = read_points(reader, look, path);
      if (!points.ok()) {
        report.errors.push_back(points.error());
      } else if (*points) {
        report.plots.push_back({revision.name, path, properties, std::move(**points)});
      }
    }
  }
  return report;
}

}  // namespace cairn::ops
