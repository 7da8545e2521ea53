// SPDX-License-Identifier: Apache-2.0
#include "ops/lock_environments.h"

#include <set>

#include "os/path.h"
#include "pipeline/lock.h"
#include "pipeline/lock_outputs.h"
#include "project/root_files.h"
#include "project/tracked.h"

namespace cairn::ops {
namespace {

class Environments {
 public:
  explicit Environments(project::Workspace& workspace) : workspace_(workspace) {}

  Status add_workspace() {
    CAIRN_TRY_ASSIGN(const auto found, project::find_declarations(workspace_, pipeline::read_lock_outputs,
                                                                  project::InConflict::listed));
    for (const std::string& yaml : found.pipelines) {
      const std::string path = os::join(os::parent_of(yaml), pipeline::kLockFile);
      CAIRN_TRY_ASSIGN(const auto text, project::find_text(workspace_.files(), path));
      CAIRN_TRY(text ? add_lock(*text, path) : Status());
    }
    return {};
  }

  Status add_commit(const git::Oid& commit) {
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
    const std::string prefix = workspace_.git_prefix();
    CAIRN_TRY_ASSIGN(const auto files, repository->list_files(commit, {std::string(pipeline::kLockFile)}));
    for (const git::TreeFile& file : files) {
      if (!os::is_within(file.path, prefix)) {
        continue;
      }
      CAIRN_TRY_ASSIGN(const Buffer text, repository->read_blob(file.blob));
      CAIRN_TRY(add_lock(as_text(text), prefix.empty() ? file.path : file.path.substr(prefix.size() + 1)));
    }
    return {};
  }

  std::vector<remote::Root> take() { return std::move(roots_); }

 private:
  Status add_lock(std::string_view text, const std::string& path) {
    CAIRN_TRY_ASSIGN(const pipeline::Lock lock, pipeline::parse_lock(text, path));
    for (const pipeline::StageLock& block : lock.stages) {
      if (block.environment && seen_.insert(block.environment->id).second) {
        roots_.push_back({*block.environment, "environment of stage " + block.name + " in " + path});
      }
    }
    return {};
  }

  project::Workspace& workspace_;
  std::set<store::Id> seen_;
  std::vector<remote::Root> roots_;
};

}  // namespace

Result<std::vector<remote::Root>> find_environments(project::Workspace& workspace,
                                                    const std::vector<git::Oid>& commits) {
  Environments environments(workspace);
  if (commits.empty()) {
    CAIRN_TRY(environments.add_workspace());
  }
  for (const git::Oid& commit : commits) {
    CAIRN_TRY(environments.add_commit(commit));
  }
  return environments.take();
}

}  // namespace cairn::ops
