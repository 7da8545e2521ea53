// SPDX-License-Identifier: Apache-2.0
#include "ops/drop.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/drop_proof.h"
#include "ops/folder_part.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "project/undo_journal.h"

namespace cairn::ops {
namespace {

using project::Tracked;

/// What is asked for, and the rest.
struct Choice {
  std::vector<Tracked> dropped;
  std::vector<Tracked> others;
};

/// Nobody here knows what the others need.
Status refuse_shared(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(const store::Store* opened, workspace.store());
  CAIRN_TRY_ASSIGN(const std::string store, project::real_folder(opened->paths().root));
  CAIRN_TRY_ASSIGN(const std::string own,
                   project::real_folder(std::string(os::parent_of(workspace.paths().shared))));
  if (os::is_within(store, own) || os::is_within(store, workspace.paths().root)) {
    return {};
  }
  return Error(Code::conflict,
               "the store " + quoted(store) +
                   " is outside of this repository (cache.dir): others may need what it holds",
               "drop works on a store of one repository: cairn config --local --unset cache.dir");
}

/// A folder goes whole: its pointer is for all of it.
Status refuse_inside(const std::vector<Tracked>& dropped, const std::vector<std::string>& targets) {
  const InnerTargets inner(targets);
  for (const Tracked& one : dropped) {
    const auto inside = inner.of(one);
    if (!inside.empty()) {
      return Error(Code::usage,
                   quoted(os::join(one.path, inside.front())) + " is inside the tracked " + quoted(one.path) +
                       ", which is dropped whole or not at all",
                   project::command_hint("cairn drop", one.path));
    }
  }
  return {};
}

Result<Choice> choose(project::Workspace& workspace, project::LockReader read_lock,
                      const std::vector<std::string>& targets) {
  Choice choice;
  CAIRN_TRY_ASSIGN(choice.others, project::find_tracked(workspace, read_lock));
  CAIRN_TRY_ASSIGN(choice.dropped, project::select_tracked(choice.others, targets));
  CAIRN_TRY(refuse_inside(choice.dropped, targets));
  std::erase_if(choice.others, [&choice](const Tracked& one) {
    return std::ranges::binary_search(choice.dropped, one.path, {}, &Tracked::path);  // sorted by it
  });
  return choice;
}

bool is_same(const std::vector<Tracked>& a, const std::vector<Tracked>& b) {
  return std::ranges::equal(
      a, b, [](const Tracked& x, const Tracked& y) { return x.path == y.path && x.object == y.object; });
}

/// What other tracked paths need, and what undo would go back to.
Result<std::vector<store::Object>> find_needed(project::Workspace& workspace, const Choice& choice) {
  std::vector<store::Object> needed;
  for (const Tracked& one : choice.others) {
    needed.push_back(one.object);
  }
  CAIRN_TRY_ASSIGN(const auto undo, project::load_undo(workspace.paths().undo()));
  for (std::size_t i = 0; undo && i < undo->entries.size(); ++i) {
    if (undo->entries[i].before) {
      needed.push_back(undo->entries[i].before->object);
    }
  }
  return needed;
}

Result<store::DropReport> drop_from_store(project::Workspace& workspace, const Choice& choice,
                                          const DropProof& proof, bool dry_run, const Context& context) {
  store::DropRequest request;
  for (const Tracked& one : choice.dropped) {
    request.dropped.push_back(one.object);
  }
  CAIRN_TRY_ASSIGN(request.kept, find_needed(workspace, choice));
  request.may_go = [&proof](const store::Key& key) { return proof.has(key); };
  request.dry_run = dry_run;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  return store::drop_entries(*store, request, context);
}

}  // namespace

Result<DropResult> drop(project::Workspace& workspace, project::LockReader read_lock,
                        const DropOptions& options, const Context& context) {
  CAIRN_TRY(refuse_shared(workspace));
  CAIRN_TRY_ASSIGN(const Choice proven, choose(workspace, read_lock, options.targets));
  CAIRN_TRY_ASSIGN(const DropProof proof,
                   DropProof::find(workspace, proven.dropped, options.remote, context));
  CAIRN_TRY_ASSIGN(const os::FileLock lock, workspace.lock());
  CAIRN_TRY_ASSIGN(const Choice choice, choose(workspace, read_lock, options.targets));
  if (!is_same(proven.dropped, choice.dropped)) {
    return Error(Code::conflict, "pointers changed while the remote was asked", "run the command again");
  }
  CAIRN_TRY_ASSIGN(const store::Store* store, workspace.store());
  DropResult result;
  for (const Tracked& one : choice.dropped) {
    result.paths.push_back({one, false, store->has(one.object), false});
  }
  project::ReleaseReport released;
  if (!options.keep_workspace) {
    CAIRN_TRY_ASSIGN(released, project::release(workspace, choice.dropped, options.dry_run, context));
  }
  result.workspace_bytes = released.bytes;
  CAIRN_TRY_ASSIGN(result.store, drop_from_store(workspace, choice, proof, options.dry_run, context));
  for (DroppedPath& path : result.paths) {
    path.from_workspace = std::ranges::find(released.paths, path.tracked.path) != released.paths.end();
    path.stays_stored =
        std::ranges::find(result.store.staying, path.tracked.object) != result.store.staying.end();
    path.from_store = path.from_store && !path.stays_stored;
  }
  return result;
}

}  // namespace cairn::ops
