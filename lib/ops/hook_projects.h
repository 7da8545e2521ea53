// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "git/layout.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Roots of the projects in a Git work tree, sorted: its top; where that neither is a project nor was one as
/// long as cairn knows of data there, what the index says. Cost: a stat, or the index is read.
Result<std::vector<std::string>> project_roots(const git::Layout& layout);

/// One of these, opened.
Result<std::unique_ptr<project::Workspace>> open_project(const git::Layout& layout, const std::string& root);

/// Pointers and locks by the project that they belong to, relative to its root: the nearest folder around
/// them that is one. `paths` are relative to the work tree; those outside of any project are left out. Cost:
/// a few stats a folder.
Result<std::map<std::string, std::vector<std::string>>> group_by_project(
    const git::Layout& layout, const std::vector<std::string>& paths);

}  // namespace cairn::ops
