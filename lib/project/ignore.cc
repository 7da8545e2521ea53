// SPDX-License-Identifier: Apache-2.0
#include "project/ignore.h"

#include "os/path.h"
#include "project/ignore_files.h"

namespace cairn::project {
namespace {

Result<IgnoreReport> check_path(const os::Root& root, std::string path) {
  git::PathKind kind = git::PathKind::file;
  while (path.ends_with('/')) {
    path.pop_back();
    kind = git::PathKind::folder;
  }
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, root.find_stat(path));
  if (stat) {
    kind = stat->kind == os::Kind::folder ? git::PathKind::folder : git::PathKind::file;
  }
  CAIRN_TRY_ASSIGN(const IgnoreFiles files, IgnoreFiles::load(root, std::string(os::parent_of(path))));
  IgnoreReport report;
  report.path = std::move(path);
  const git::IgnoreRule* rule = files.match(report.path, kind);
  report.ignored = IgnoreFiles::is_ignored(rule);
  if (rule != nullptr) {
    report.rule = *rule;
  }
  return report;
}

}  // namespace

Result<std::vector<IgnoreReport>> check_ignore(Workspace& workspace, const std::vector<std::string>& paths) {
  std::vector<IgnoreReport> reports;
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(IgnoreReport report, check_path(workspace.files(), path));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace cairn::project
