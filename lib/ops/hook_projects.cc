// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_projects.h"

#include <set>

#include "os/file.h"
#include "os/path.h"
#include "project/project_paths.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kConfigFolder = "/.cairn";

/// The top counts also when a commit without the project is checked out and cairn still knows of data there.
Result<bool> is_or_was_project(const git::Layout& layout, const std::string& folder) {
  CAIRN_TRY_ASSIGN(const bool is_project, project::is_project_root(folder));
  if (is_project || folder != layout.work_tree) {
    return is_project;
  }
  CAIRN_TRY_ASSIGN(const auto known, os::find_stat(project::project_paths(folder, layout).materialised()));
  return known.has_value();
}

/// Answers for one folder after the other, each asked once.
class ProjectSearch {
 public:
  explicit ProjectSearch(const git::Layout& layout) : layout_(layout) {}

  /// The project around `folder` (relative to the work tree), as that is given; nothing for none.
  Result<std::optional<std::string>> find(const std::string& folder) {
    if (const auto known = found_.find(folder); known != found_.end()) {
      return known->second;
    }
    std::optional<std::string> answer;
    const std::string whole = folder.empty() ? layout_.work_tree : os::join(layout_.work_tree, folder);
    CAIRN_TRY_ASSIGN(const bool here, is_or_was_project(layout_, whole));
    if (here) {
      answer = folder;
    } else if (!folder.empty()) {
      CAIRN_TRY_ASSIGN(answer, find(std::string(os::parent_of(folder))));
    }
    found_.emplace(folder, answer);
    return answer;
  }

 private:
  const git::Layout& layout_;
  std::map<std::string, std::optional<std::string>> found_;
};

}  // namespace

Result<std::vector<std::string>> project_roots(const git::Layout& layout) {
  CAIRN_TRY_ASSIGN(const bool at_top, is_or_was_project(layout, layout.work_tree));
  if (at_top) {
    return std::vector<std::string>{layout.work_tree};
  }
  CAIRN_TRY_ASSIGN(git::Repository repository, git::Repository::open(layout));
  CAIRN_TRY_ASSIGN(const auto paths, repository.tracked_paths({"config"}));
  std::set<std::string> roots;
  for (const std::string& path : paths) {
    const std::string parent(os::parent_of(path));
    if (parent.ends_with(kConfigFolder)) {
      roots.insert(os::join(layout.work_tree, parent.substr(0, parent.size() - kConfigFolder.size())));
    }
  }
  return std::vector<std::string>(roots.begin(), roots.end());
}

Result<std::unique_ptr<project::Workspace>> open_project(const git::Layout& layout, const std::string& root) {
  CAIRN_TRY_ASSIGN(const bool is_project, project::is_project_root(root));
  return is_project ? project::Workspace::open(root) : project::Workspace::open_former(layout);
}

Result<std::map<std::string, std::vector<std::string>>> group_by_project(
    const git::Layout& layout, const std::vector<std::string>& paths) {
  std::map<std::string, std::vector<std::string>> groups;
  ProjectSearch search(layout);
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(const auto folder, search.find(std::string(os::parent_of(path))));
    if (folder) {
      const std::string root = folder->empty() ? layout.work_tree : os::join(layout.work_tree, *folder);
      groups[root].push_back(folder->empty() ? path : path.substr(folder->size() + 1));
    }
  }
  return groups;
}

}  // namespace cairn::ops
