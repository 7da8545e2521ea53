// SPDX-License-Identifier: Apache-2.0
// The content of present files, where a plan depends on it.
#include <algorithm>

#include "os/path.h"
#include "project/apply_target.h"

namespace cairn::project {
namespace {

/// True when the plan depends on this file's content.
bool matters(const Target& target, const Node& node, const Policy& policy) {
  if (!may_change(target.transition->only, node.path)) {
    return false;
  }
  if (policy.extent == Extent::everything || find_node(target.base, node.path) != nullptr ||
      find_node(target.wanted, node.path) != nullptr) {
    return true;
  }
  // A file whose folder has to make room for a file.
  for (std::string_view path = node.path; !path.empty();) {
    path = os::parent_of(path);
    const Node* wanted = find_node(target.wanted, path);
    if (wanted != nullptr) {
      return !wanted->is_folder();
    }
  }
  return false;
}

/// Sorts the scan's files and returns where each one stood before.
std::vector<std::size_t> sort_by_path(Scan& scan) {
  std::vector<std::size_t> order(scan.files.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::sort(order.begin(), order.end(),
            [&scan](std::size_t a, std::size_t b) { return scan.files[a].path < scan.files[b].path; });
  std::vector<ScannedFile> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) {
    sorted.push_back(std::move(scan.files[i]));
  }
  scan.files = std::move(sorted);
  return order;
}

}  // namespace

Status hash_targets(Workspace& workspace, std::vector<Target>& targets, const Policy& policy,
                    const Context& context) {
  Scan scan;
  scan.kind = os::Kind::folder;
  std::vector<std::pair<Target*, Node*>> owners;
  for (Target& target : targets) {
    for (Node& node : target.present) {
      if (node.is_file() && !node.id && node.stat.kind == os::Kind::file && matters(target, node, policy)) {
        owners.emplace_back(&target, &node);
        scan.files.push_back({path_of(target.path(), node.path), node.kind, node.stat, {}, {}});
      }
    }
  }
  if (owners.empty()) {
    return {};
  }
  std::vector<std::size_t> order = sort_by_path(scan);
  CAIRN_TRY(hash_files(workspace, "", scan, context));
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto [target, node] = owners[order[i]];
    const ScannedFile& file = scan.files[i];
    node->kind = file.kind;
    node->id = file.id;
    node->stat = file.stat;
    node->size = file.stat.size;
    if (!node->id) {
      target->report.warnings.push_back(error_about(scan.errors, file.path));
    }
  }
  return {};
}

}  // namespace cairn::project
