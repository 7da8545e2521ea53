// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/graph.h"
#include "project/workspace.h"
#include "version/environment.h"
#include "version/environment_diff.h"

/// What `env` shows and compares: environments as they are now, as locks name them, and as they were at a
/// revision.
namespace cairn::ops {

/// A stored environment record; nothing when the store here does not have it.
Result<std::optional<text::Value>> find_environment(project::Workspace& workspace,
                                                    const store::Object& object);

struct EnvironmentTargets {
  std::vector<std::string> stages;  ///< none: every stage that declares an environment
  std::string folder;               ///< that they are relative to, from the project root
};

/// A stage's environment as it is now; nothing captured where it declares none, or where it failed.
struct StageEnvironment {
  std::string stage;  ///< address
  std::shared_ptr<const version::CapturedEnvironment> captured;
  std::optional<Error> error;
};

/// Environments of stages now. Errors: unknown stages, bad files; what cannot be captured is in its item.
Result<std::vector<StageEnvironment>> show_environments(project::Workspace& workspace,
                                                        const EnvironmentTargets& targets,
                                                        const Context& context);

enum class EnvironmentVerdict : std::uint8_t {
  same,
  differs,
  unchecked,     ///< what was checked is the same
  not_recorded,  ///< one side has no environment
};

/// Two environments of a stage.
struct EnvironmentComparison {
  std::string stage;  ///< address
  EnvironmentVerdict verdict = EnvironmentVerdict::same;
  std::vector<version::EnvironmentChange> changes;  ///< may be empty where a record is not in the store here
  std::vector<std::string> unchecked;
  std::optional<Error> error;  ///< it could not be captured or read
};

/// Now against the lock.
Result<std::vector<EnvironmentComparison>> check_environments(project::Workspace& workspace,
                                                              const EnvironmentTargets& targets,
                                                              version::Executing executing,
                                                              const Context& context);

/// What two words mean: revisions (none: HEAD; one: it against now; two: each other) and stages (one: only
/// it; two: one against the other, as they are now). A word that is a stage's name is a stage. Errors:
/// `not_found` for a word that is neither.
Result<std::vector<EnvironmentComparison>> diff_environments(project::Workspace& workspace,
                                                             const EnvironmentTargets& words,
                                                             const Context& context);

}  // namespace cairn::ops
