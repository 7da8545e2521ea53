// SPDX-License-Identifier: Apache-2.0
#include "project/change_groups.h"

#include <algorithm>

#include "os/path.h"

namespace cairn::project {
namespace {

/// The folder that all changes were renamed out of; "" when there is none.
std::string common_origin(std::span<const FileChange> changes, const std::string& folder) {
  std::string from;
  for (const FileChange& change : changes) {
    const std::string_view inside = std::string_view(change.path).substr(folder.size());
    if (change.kind != ChangeKind::renamed || !change.old_path.ends_with(inside)) {
      return "";
    }
    std::string origin = change.old_path.substr(0, change.old_path.size() - inside.size());
    if (!from.empty() && origin != from) {
      return "";
    }
    from = std::move(origin);
  }
  return from;
}

ChangeGroup group_of(std::span<const FileChange> changes, const std::string& folder) {
  const bool single = changes.size() == 1;
  return {single ? "" : folder, single ? "" : common_origin(changes, folder), changes};
}

/// How many changes at the beginning are in the folder.
std::size_t count_within(std::span<const FileChange> changes, const std::string& folder) {
  const auto end = std::ranges::find_if(
      changes, [&folder](const FileChange& change) { return !os::is_within(change.path, folder); });
  return static_cast<std::size_t>(end - changes.begin());
}

/// Adds the groups of changes whose paths share their first `prefix` bytes, which end with a folder's slash.
void add_groups(std::span<const FileChange> changes, std::size_t prefix, std::size_t limit,
                std::vector<ChangeGroup>& out) {
  while (!changes.empty()) {
    const std::string& path = changes.front().path;
    const std::size_t slash = path.find('/', prefix);
    if (slash == std::string::npos) {
      out.push_back(group_of(changes.first(1), ""));
      changes = changes.subspan(1);
      continue;
    }
    const std::string folder = path.substr(0, slash);
    const std::size_t count = count_within(changes, folder);
    const std::size_t before = out.size();
    add_groups(changes.first(count), slash + 1, limit, out);
    if (out.size() - before > limit) {
      out.resize(before);
      out.push_back(group_of(changes.first(count), folder));
    }
    changes = changes.subspan(count);
  }
}

/// The path of `tracked` that holds `path`; `path` itself where none does.
std::string root_of(const std::string& path, const std::set<std::string, std::less<>>& tracked) {
  std::string_view root = path;
  while (!root.empty() && !tracked.contains(root)) {
    root = os::parent_of(root);
  }
  return std::string(root.empty() ? path : root);
}

}  // namespace

std::vector<ChangeGroup> group_by_folder(std::span<const FileChange> changes, std::size_t limit) {
  std::vector<ChangeGroup> groups;
  add_groups(changes, 0, limit, groups);
  return groups;
}

std::vector<ChangeGroup> group_by_tracked(std::span<const FileChange> changes,
                                          const std::set<std::string, std::less<>>& tracked) {
  std::vector<ChangeGroup> groups;
  while (!changes.empty()) {
    const std::string root = root_of(changes.front().path, tracked);
    const std::size_t count = count_within(changes, root);
    groups.push_back(group_of(changes.first(count), root));
    changes = changes.subspan(count);
  }
  return groups;
}

}  // namespace cairn::project
