// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "os/file.h"
#include "pipeline/graph.h"
#include "pipeline/lock.h"
#include "project/workspace.h"

namespace cairn::ops {

/// All cairn.yaml files of the project, parsed, sorted by path. Not looked for in `.git`, `.cairn`, tracked
/// data and what .cairnignore names.
Result<std::vector<pipeline::PipelineFile>> load_pipelines(project::Workspace& workspace);

/// Their graph. Errors: those of all files at once; `conflict` for an out that has a pointer.
Result<pipeline::Graph> load_graph(project::Workspace& workspace);

/// Paths that stages write, with the stage's address: `add` refuses them.
Result<std::map<std::string, std::string, std::less<>>> stage_outputs(project::Workspace& workspace);

/// The cairn.lock beside each cairn.yaml of a project, by folder; a missing file is an empty lock.
class Locks {
 public:
  static Result<Locks> load(project::Workspace& workspace, const pipeline::Graph& graph);

  [[nodiscard]] const pipeline::StageLock* find(const pipeline::Stage& stage) const;
  void put(const pipeline::Stage& stage, pipeline::StageLock block);
  /// Whether the path is an out, or inside one, in the block of any other stage.
  [[nodiscard]] bool is_out_of_another(std::string_view path, const pipeline::Stage& stage) const;
  /// Takes out the blocks of stages that are no longer in the graph, and returns them.
  std::vector<pipeline::StageLock> take_gone(const pipeline::Graph& graph);
  [[nodiscard]] bool changed() const;
  /// Writes what put() and take_gone() changed into the files as they are now, atomically and durably: blocks
  /// that another process wrote in the meantime stay. A file that nobody else wrote is not read again.
  /// REQUIRES: the caller holds workspace.lock().
  Status save(project::Workspace& workspace);
  /// Learns what other processes wrote into the file of a folder; what put() changed stays.
  Status reload(project::Workspace& workspace, const std::string& folder);

 private:
  struct File {
    pipeline::Lock lock;
    std::set<std::string> changed;     // names of stages, put or taken out
    std::optional<os::FileStat> stat;  // of the file that `lock` was read from, or written to
  };
  std::map<std::string, File, std::less<>> files_;  // by folder
};

/// Drops the blocks of stages that cairn.yaml files no longer have, and lets go of their outs, whose data
/// stays. Takes workspace.lock() if there are any.
Status drop_gone_stages(project::Workspace& workspace, const pipeline::Graph& graph, Locks& locks);

}  // namespace cairn::ops
