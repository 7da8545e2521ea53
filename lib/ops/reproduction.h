// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"
#include "version/manifest.h"
#include "version/verdict.h"

namespace cairn::ops {

/// How stages are run again and judged; docs/design/versions.md, "Reproducing".
struct ReproductionOptions {
  std::optional<git::Oid> commit;               ///< nothing: the tracked files of the workspace as they are
  const version::Manifest* manifest = nullptr;  ///< what is known of the recorded runs; null: nothing
  std::vector<std::string> stages;              ///< these alone, on recorded inputs; none: all
  std::string folder;        ///< that they are relative to: the user's, from the project root
  std::string in;            ///< absolute folder for the work tree; "": in Git's
  bool keep = false;         ///< the work tree stays
  bool from_remote = false;  ///< nothing of the local store is used
  unsigned runs = 1;         ///< of each stage; results of all are compared with each other
  std::chrono::milliseconds cause_time{std::chrono::minutes(10)};  ///< for trials; 0: no cause is looked for
};

struct Reproduction {
  std::vector<version::StageResult> stages;  ///< in order of execution
  std::string kept;                          ///< the work tree that stays; ""
};

/// Makes a work tree, brings the inputs, makes and checks environments, runs the stages, compares their outs
/// with those of the lock and of further runs, and looks for causes of differences. The workspace, its index
/// and its branch are not touched; runs are recorded, and no later run takes their results. Errors: unknown
/// stages, bad files; `remote` for an input that is nowhere, before anything runs; `exists` for a folder that
/// is not empty; `interrupted`.
Result<Reproduction> reproduce_stages(project::Workspace& workspace, const ReproductionOptions& options,
                                      Context& context);

/// A verdict with what is the same for all of this machine, to be filled with stages.
version::Verdict begin_verdict(version::VerdictKind kind, const git::Oid& commit);

}  // namespace cairn::ops
