// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/workspace.h"

/// Experiments: each is one commit that the ref refs/cairn/exp/NAME leads to, with the commit that it started
/// from as its parent (docs/format/experiments.md).
namespace cairn::ops {

inline constexpr std::string_view kExperimentRefs = "refs/cairn/exp/";

enum class ExperimentStatus : std::uint8_t { done, failed };
std::string_view status_name(ExperimentStatus status);

/// What an experiment's commit says.
struct Experiment {
  std::string name;
  git::Oid commit;
  git::Oid base;  ///< its parent
  ExperimentStatus status = ExperimentStatus::done;
  std::int64_t created = 0;           ///< seconds since 1970
  std::string title;                  ///< first line of the message
  std::vector<std::string> set;       ///< what -S set: "params.yaml:lr=0.1"
  std::optional<git::Oid> base_tree;  ///< the workspace it started from, where that differed from `base`
};

/// The message of an experiment's commit. `title` "" stands for one made of the name.
std::string write_experiment_message(const Experiment& experiment);
/// The opposite; nothing for a message that is no experiment's.
std::optional<Experiment> read_experiment(const std::string& name, const git::Commit& commit);

/// Names are plain (git::is_plain_name). Error `usage`.
Status check_experiment_name(const std::string& name);
/// "brave-otter", one that `taken` says no to.
std::string random_experiment_name(const std::vector<std::string>& taken);

/// Names that refs have.
Result<std::vector<std::string>> taken_experiment_names(project::Workspace& workspace);
/// All experiments, oldest first. What is below the refs but no experiment is left out.
Result<std::vector<Experiment>> list_experiments(project::Workspace& workspace);
/// `not_found` with the nearest names.
Result<Experiment> find_experiment(project::Workspace& workspace, const std::string& name);

/// Removes their refs: all or none. `not_found` for an unknown name.
Status remove_experiments(project::Workspace& workspace, const std::vector<std::string>& names);
/// Makes a branch at the experiment's commit. `exists` when there is a branch of that name.
Status branch_experiment(project::Workspace& workspace, const std::string& name, const std::string& branch);

}  // namespace cairn::ops
