// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "git/layout.h"
#include "project/config.h"

namespace cairn::project {

/// All paths of a project are computed here and nowhere else.
struct ProjectPaths {
  std::string root;    ///< folder that holds .cairn/; absolute, without symlinks
  std::string shared;  ///< $GIT_COMMON_DIR/cairn, or .cairn/local without Git: what all worktrees share
  std::string state;   ///< per worktree and project: stat cache, materialised, undo, locks
  std::string store;   ///< shared, or cache.dir

  [[nodiscard]] std::string config() const { return root + "/.cairn/config"; }
  [[nodiscard]] std::string local_config() const { return shared + "/config"; }
  [[nodiscard]] std::string stat_cache() const { return state + "/stat-cache"; }
  [[nodiscard]] std::string materialised() const { return state + "/materialised"; }
  [[nodiscard]] std::string undo() const { return state + "/undo"; }
  [[nodiscard]] std::string rollback() const { return state + "/rollback"; }
  [[nodiscard]] std::string lock() const { return state + "/lock"; }
  [[nodiscard]] std::string runs() const { return shared + "/runs"; }
};

/// Paths of the project at `root` (absolute, without symlinks), with the store at its default place.
ProjectPaths project_paths(const std::string& root, const std::optional<git::Layout>& layout);
/// Files of all configuration levels: /etc/cairn/config, $XDG_CONFIG_HOME (or ~/.config)/cairn/config, and
/// the project's two.
Config::Paths config_paths(const ProjectPaths& paths);
/// The system and user levels only, for commands outside of a project.
Config::Paths user_config_paths();

/// True when `folder` holds .cairn/config, neither of them a symlink.
Result<bool> is_project_root(const std::string& folder);
/// An existing folder, absolute and without symlinks.
Result<std::string> real_folder(const std::string& path);
/// `path` (absolute and normalised) with the symlinks resolved in the deepest of its parent folders that
/// exists; its last part stays as it is.
std::string with_real_parent(const std::string& path);

}  // namespace cairn::project
