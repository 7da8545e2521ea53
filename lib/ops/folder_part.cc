// SPDX-License-Identifier: Apache-2.0
#include "ops/folder_part.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/escape.h"
#include "ops/content_access.h"
#include "os/path.h"
#include "project/apply_hints.h"

namespace cairn::ops {
namespace {

/// The folder as it stands in the workspace by cairn's records, with the part put in; it is stored. Where
/// nothing is in the workspace it is the part alone.
Result<project::Tracked> with_part(project::Workspace& workspace, const FoundPart& part,
                                   const Context& context) {
  project::Tracked whole = part.folder;
  CAIRN_TRY_ASSIGN(const auto here, workspace.files().find_stat(whole.path));
  CAIRN_TRY_ASSIGN(const project::Materialised* const materialised, workspace.materialised());
  const project::Materialised::Entry* const known = here ? materialised->find(whole.path) : nullptr;
  const bool is_folder = known != nullptr && known->object.family == store::Family::tree;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  store::Reader reader(*store);
  CAIRN_TRY_ASSIGN(store::Writer writer, workspace.open_writer(context));
  CAIRN_TRY_ASSIGN(const store::TreeEntry folder,
                   project::edit_tree(reader, is_folder ? std::optional(known->object.id) : std::nullopt,
                                      part.entries, &writer));
  CAIRN_TRY(writer.commit());
  whole.object = {store::Family::tree, folder.id, folder.size};
  return whole;
}

/// Those that are in none of the others. Cost: a look-up for each part of each path.
std::vector<std::string> outermost(const std::set<std::string, std::less<>>& paths) {
  std::vector<std::string> kept;
  for (const std::string& path : paths) {
    std::string_view outer = os::parent_of(path);
    while (!outer.empty() && !paths.contains(outer)) {
      outer = os::parent_of(outer);
    }
    if (outer.empty()) {
      kept.push_back(path);
    }
  }
  return kept;
}

Error not_inside(const std::string& path, const project::Tracked& folder) {
  return {Code::not_found, quoted(path) + " is not in " + quoted(folder.path),
          project::command_hint("cairn ls -R", folder.path)};
}

using ReadTree = std::function<Result<store::Tree>(const store::Id& id)>;

/// Finds paths in a folder. Each tree on their ways is read once: a shell makes ten thousand paths of one
/// `*`.
class EntryFinder {
 public:
  EntryFinder(const project::Tracked& folder, ReadTree read) : folder_(folder), read_(std::move(read)) {}

  Result<std::optional<store::TreeEntry>> find(const std::string& path) {
    std::optional<store::TreeEntry> found = store::TreeEntry();
    found->kind =
        folder_.object.family == store::Family::tree ? store::TreeKind::folder : store::TreeKind::file;
    found->id = folder_.object.id;
    for (const std::string_view name : os::parts_of(path)) {
      if (found->kind != store::TreeKind::folder) {
        return std::optional<store::TreeEntry>();
      }
      CAIRN_TRY_ASSIGN(const store::Tree* const tree, tree_of(found->id));
      const store::TreeEntry* const entry = tree->find(name);
      if (entry == nullptr) {
        return std::optional<store::TreeEntry>();
      }
      found = *entry;
    }
    return found;
  }

 private:
  Result<const store::Tree*> tree_of(const store::Id& id) {
    auto known = trees_.find(id);
    if (known == trees_.end()) {
      CAIRN_TRY_ASSIGN(store::Tree tree, read_(id));
      known = trees_.emplace(id, std::move(tree)).first;
    }
    return &known->second;
  }

  const project::Tracked& folder_;
  ReadTree read_;
  std::map<store::Id, store::Tree> trees_;
};

Result<FoundPart> find_entries(const FolderPart& part, ReadTree read) {
  EntryFinder finder(part.folder, std::move(read));
  FoundPart found{part.folder, {}};
  for (const std::string& path : part.inner) {
    CAIRN_TRY_ASSIGN(auto entry, finder.find(path));
    if (!entry) {
      return not_inside(path, part.folder);
    }
    found.entries.emplace(path, std::move(entry));
  }
  return found;
}

}  // namespace

InnerTargets::InnerTargets(std::vector<std::string> targets) : sorted_(std::move(targets)) {
  std::ranges::sort(sorted_);
}

std::vector<std::string> InnerTargets::of(const project::Tracked& folder) const {
  const std::string below = folder.path + "/";
  std::set<std::string, std::less<>> inner;
  for (auto at = std::ranges::lower_bound(sorted_, below); at != sorted_.end() && at->starts_with(below);
       ++at) {
    inner.insert(at->substr(below.size()));
  }
  if (inner.empty()) {  // so it is for nearly all that is tracked, and matching each target takes long
    return {};
  }
  const bool is_whole = std::ranges::any_of(sorted_, [&](const std::string& target) {
    return !target.starts_with(below) && project::select_tracked({folder}, {target}).ok();
  });
  return is_whole ? std::vector<std::string>() : outermost(inner);
}

Result<FoundPart> find_part(project::Workspace& workspace, const FolderPart& part, const std::string& remote,
                            const Context& context) {
  ContentAccess access(workspace, remote, context);
  return find_entries(part, [&](const store::Id& id) { return access.read_tree(id); });
}

Result<FoundPart> find_local_part(project::Workspace& workspace, const FolderPart& part) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  store::Reader reader(*store);
  return find_entries(part, [&](const store::Id& id) -> Result<store::Tree> {
    auto tree = reader.read_tree(id);
    if (!tree.ok() && tree.error().code() == Code::not_found) {
      return Error(Code::not_found,
                   "the list of files in " + quoted(part.folder.path) + " is not in the local store",
                   project::command_hint("cairn pull", os::join(part.folder.path, part.inner.front())));
    }
    return tree;
  });
}

Status check_parts(const std::vector<FoundPart>& parts, const std::vector<FolderPart>& now) {
  for (const FoundPart& part : parts) {
    const bool same = std::ranges::any_of(now, [&](const FolderPart& one) {
      return one.folder.path == part.folder.path && one.folder.object == part.folder.object;
    });
    if (!same) {
      return Error(Code::conflict, "the pointer of " + quoted(part.folder.path) + " changed meanwhile",
                   "run the command again");
    }
  }
  return {};
}

Result<project::CheckoutReport> checkout_with_parts(project::Workspace& workspace,
                                                    std::vector<project::Tracked> tracked,
                                                    const std::vector<FoundPart>& parts,
                                                    project::CheckoutOptions options,
                                                    const Context& context) {
  for (const FoundPart& part : parts) {
    CAIRN_TRY_ASSIGN(project::Tracked folder, with_part(workspace, part, context));
    project::CheckoutPart& only = options.parts[folder.path];
    only.is_all = folder.object == part.folder.object;
    for (const auto& [path, entry] : part.entries) {
      only.paths.insert(path);
    }
    tracked.push_back(std::move(folder));
  }
  return project::checkout(workspace, std::move(tracked), options, context);
}

}  // namespace cairn::ops
