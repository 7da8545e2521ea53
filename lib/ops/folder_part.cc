// SPDX-License-Identifier: Apache-2.0
#include "ops/folder_part.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "ops/content_access.h"
#include "os/path.h"

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

std::vector<std::string> outermost(const std::set<std::string>& paths) {
  std::vector<std::string> kept;
  for (const std::string& path : paths) {  // a folder comes before what is in it
    if (std::ranges::none_of(kept, [&](const std::string& outer) { return os::is_within(path, outer); })) {
      kept.push_back(path);
    }
  }
  return kept;
}

Error not_inside(const std::string& path, const project::Tracked& folder) {
  return {Code::not_found, quoted(path) + " is not in " + quoted(folder.path),
          "cairn ls -R " + escaped(folder.path)};
}

}  // namespace

std::vector<std::string> inner_targets(const project::Tracked& folder,
                                       const std::vector<std::string>& targets) {
  const std::string below = folder.path + "/";
  std::set<std::string> inner;
  for (const std::string& target : targets) {
    if (target.starts_with(below)) {
      inner.insert(target.substr(below.size()));
    } else if (project::select_tracked({folder}, {target}).ok()) {
      return {};
    }
  }
  return outermost(inner);
}

Result<FoundPart> find_part(project::Workspace& workspace, const FolderPart& part, const std::string& remote,
                            const Context& context) {
  ContentAccess access(workspace, remote, context);
  FoundPart found{part.folder, {}};
  for (const std::string& path : part.inner) {
    CAIRN_TRY_ASSIGN(auto entry, access.find(part.folder, path));
    if (!entry) {
      return not_inside(path, part.folder);
    }
    found.entries.emplace(path, std::move(entry));
  }
  return found;
}

Result<FoundPart> find_local_part(project::Workspace& workspace, const FolderPart& part) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  store::Reader reader(*store);
  FoundPart found{part.folder, {}};
  for (const std::string& path : part.inner) {
    if (part.folder.object.family != store::Family::tree) {
      return not_inside(path, part.folder);
    }
    auto entry = project::find_in_tree(reader, part.folder.object.id, path);
    if (!entry.ok()) {
      const std::string whole = os::join(part.folder.path, path);
      return entry.error().code() != Code::not_found
                 ? entry.error()
                 : Error(Code::not_found, "the content of " + quoted(whole) + " is not in the local store",
                         "cairn pull " + escaped(whole));
    }
    if (!*entry) {
      return not_inside(path, part.folder);
    }
    found.entries.emplace(path, std::move(*entry));
  }
  return found;
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
