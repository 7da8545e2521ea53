// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_isolation.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "git/glob.h"
#include "ops/glob_walk.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

/// Paths in `folder` that match, whole: what is inside a match is not looked at.
Status find_matches(const os::Root& tree, const std::string& folder, const git::PathGlob& glob,
                    std::vector<std::string>& found) {
  CAIRN_TRY_ASSIGN(const os::Fd opened, tree.open_folder(folder));
  CAIRN_TRY_ASSIGN(const std::vector<os::DirEntry> names, os::list_folder(opened.get(), tree.shown(folder)));
  for (const os::DirEntry& name : names) {
    const std::string path = os::join(folder, name.name);
    if (glob.matches(path)) {
      found.push_back(path);
      continue;
    }
    CAIRN_TRY_ASSIGN(const auto stat, tree.find_stat(path));
    if (stat && stat->kind == os::Kind::folder) {
      CAIRN_TRY(find_matches(tree, path, glob, found));
    }
  }
  return {};
}

}  // namespace

Result<IsolationFolder> IsolationFolder::open(const project::Workspace& workspace) {
  const std::string folder = workspace.paths().state + "/isolated";
  const std::string lock = folder + ".lock";
  CAIRN_TRY(os::make_folders(workspace.paths().state, os::Durable::no));
  {
    auto alone = os::FileLock::acquire(lock, os::LockMode::exclusive, std::chrono::milliseconds(0));
    if (alone.ok()) {
      CAIRN_TRY(os::remove_tree(folder));
    } else if (alone.error().code() != Code::locked) {
      return alone.error();
    }
  }
  CAIRN_TRY_ASSIGN(os::FileLock used,
                   os::FileLock::acquire(lock, os::LockMode::shared, std::chrono::minutes(1)));
  CAIRN_TRY(os::make_folders(folder, os::Durable::no));
  return IsolationFolder(folder, std::move(used));
}

Status check_can_isolate(const pipeline::Graph& graph, const std::vector<pipeline::StageIndex>& selection) {
  for (const pipeline::StageIndex i : selection) {
    const Stage& stage = graph.stage(i);
    if (stage.environment && stage.environment->image) {
      return Error(
          Code::unsupported,
          fmt::format("{}: stage {} runs in a container, which sees the whole project: it cannot be isolated",
                      text::place(stage.file, stage.at), quoted(stage.address())),
          "name other stages");
    }
  }
  return {};
}

Result<runner::Isolation> isolate_stage(const std::string& root, const IsolationFolder& folder,
                                        const Stage& stage, const StagePaths& paths,
                                        const std::atomic<bool>& stop) {
  runner::IsolateOptions options;
  options.root = root;
  options.parent = folder.path();
  options.inputs = paths.needed;
  options.folders.push_back(stage.wdir);
  for (const pipeline::Out& out : stage.outs) {
    options.folders.push_back(out.glob ? glob_base(out.path) : std::string(os::parent_of(out.path)));
  }
  options.shared = paths.environment_folders;
  return runner::Isolation::prepare(options, stop);
}

Status bring_outs_back(const runner::Isolation& isolation, const Stage& stage,
                       const std::atomic<bool>& stop) {
  std::vector<std::string> outs;
  for (const pipeline::Out& out : stage.outs) {
    if (!out.glob) {
      outs.push_back(out.path);
    } else if (const auto glob = git::PathGlob::compile(out.path)) {
      CAIRN_TRY(find_matches(isolation.tree(), glob_base(out.path), *glob, outs));
    }
  }
  return isolation.bring_back(outs, stop);
}

}  // namespace cairn::ops
