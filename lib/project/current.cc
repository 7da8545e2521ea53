// SPDX-License-Identifier: Apache-2.0
#include "project/current.h"

#include <memory>
#include <unordered_map>

namespace cairn::project {
namespace {

Status summarize_into(const Scan& scan, Current& current) {
  if (scan.kind != os::Kind::folder) {
    CAIRN_TRY_ASSIGN(const Summary summary, summarize(scan, nullptr));
    current.entry = Materialised::Entry{summary.object, summary.executable};
    return {};
  }
  CAIRN_TRY_ASSIGN(current.trees, build_trees(scan, nullptr));
  const ScannedTree& top = current.trees.front();
  current.entry = Materialised::Entry{{store::Family::tree, top.id, top.tree.total_size()}, false};
  return {};
}

}  // namespace

Result<Current> read_current(Workspace& workspace, const std::string& path, const Context& context) {
  Current current;
  Result<std::optional<Scan>> scan = scan_path(workspace, path, context);
  if (!scan.ok()) {
    if (scan.error().code() == Code::interrupted) {
      return std::move(scan.error());
    }
    current.errors.push_back(std::move(scan.error()));
    return current;
  }
  if (!scan->has_value()) {
    return current;
  }
  Scan& found = **scan;
  CAIRN_TRY(hash_files(workspace, path, found, context));
  current.errors = std::move(found.errors);
  if (current.errors.empty()) {
    CAIRN_TRY(summarize_into(found, current));
  }
  return current;
}

TreeLookup tree_lookup(const Current& current, store::Reader& reader) {
  using Trees = std::unordered_map<store::Id, const store::Tree*, codec::IdHash>;
  auto trees = std::make_shared<Trees>();
  for (const ScannedTree& scanned : current.trees) {
    trees->emplace(scanned.id, &scanned.tree);
  }
  return [trees, &reader](const store::Id& id) -> Result<store::Tree> {
    const auto found = trees->find(id);
    return found == trees->end() ? reader.read_tree(id) : Result<store::Tree>(*found->second);
  };
}

}  // namespace cairn::project
