// SPDX-License-Identifier: Apache-2.0
#include "ops/git_keep.h"

#include "git/index_paths.h"
#include "os/path.h"

namespace cairn::ops {

bool is_autostaged(project::Workspace& workspace) {
  return workspace.git_layout() && workspace.config().get("core.autostage") == "true";
}

Result<GitKeepReport> keep_in_git(project::Workspace& workspace, const std::optional<std::string>& message) {
  if (!workspace.git_layout()) {
    return Error(Code::unsupported, "the project is not in a Git repository", "git init");
  }
  GitKeepReport report;
  std::vector<std::string> paths;
  const std::string prefix = workspace.git_prefix();
  for (const std::string& path : workspace.git_files()) {
    paths.push_back(os::join(prefix, path));
  }
  if (paths.empty()) {
    return report;
  }
  CAIRN_TRY_ASSIGN(paths, git::stage_paths(*workspace.git_layout(), paths));
  for (const std::string& path : paths) {
    report.staged.push_back(prefix.empty() ? path : path.substr(prefix.size() + 1));
  }
  if (message && !paths.empty()) {
    CAIRN_TRY_ASSIGN(report.commit, git::commit_paths(*workspace.git_layout(), paths, *message));
  }
  return report;
}

}  // namespace cairn::ops
