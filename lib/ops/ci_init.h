// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "project/workspace.h"

namespace cairn::ops {

/// Who runs the checks.
enum class CiProvider : std::uint8_t { github, gitlab };
/// "github", "gitlab"; nothing for another name.
std::optional<CiProvider> ci_provider(std::string_view name);

struct CiWorkflow {
  CiProvider provider = CiProvider::github;
  std::string path;  ///< from the top of the Git repository
  std::string text;
};

/// A workflow that installs cairn, fetches saved versions, runs `cairn ci check` and pulls the data.
/// `unsupported` for a project folder whose name a shell or YAML would have to quote.
Result<CiWorkflow> ci_workflow(project::Workspace& workspace, CiProvider provider);

/// Writes it. `exists` when there is such a file.
Status write_workflow(project::Workspace& workspace, const CiWorkflow& workflow);

}  // namespace cairn::ops
