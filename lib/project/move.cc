// SPDX-License-Identifier: Apache-2.0
#include "project/move.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "project/apply_pointers.h"
#include "project/apply_target.h"
#include "project/git_files.h"
#include "project/move_data.h"
#include "project/new_path.h"

namespace cairn::project {
namespace {

Result<const Tracked*> find_source(const std::vector<Tracked>& tracked, const std::string& from) {
  for (const Tracked& path : tracked) {
    if (path.path == from && path.source == Tracked::Source::pointer) {
      return &path;
    }
    if (path.path == from) {
      return Error(Code::conflict, quoted(from) + " is made by the stage " + quoted(path.stage),
                   "change the stage's 'outs' in cairn.yaml");
    }
    if (os::is_within(from, path.path)) {
      return Error(Code::conflict,
                   quoted(from) + " is inside " + quoted(path.path) + ", which is tracked as a whole",
                   "move it with 'mv', then run " + command_hint("cairn add", path.path));
    }
  }
  return Error(Code::not_found, quoted(from) + " is not tracked", command_hint("cairn add", from));
}

/// The path that `to` means: a name in it where it is a folder.
Result<std::string> resolve_target(const Workspace& workspace, const MoveOptions& options) {
  if (options.to.empty()) {
    return std::string(os::name_of(options.from));
  }
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace.files().find_stat(options.to));
  const bool into = stat && stat->kind == os::Kind::folder;
  return into ? os::join(options.to, os::name_of(options.from)) : options.to;
}

Status check_free(Workspace& workspace, const std::string& to) {
  for (const std::string& path : {to, pointer_path(to)}) {
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace.files().find_stat(path));
    if (stat) {
      return Error(Code::exists, quoted(path) + " exists");
    }
  }
  return {};
}

Status check_target(Workspace& workspace, const std::vector<Tracked>& tracked, const std::string& from,
                    const std::string& to) {
  if (to != from && os::is_within(to, from)) {
    return Error(Code::conflict, quoted(from) + " cannot be moved into itself");
  }
  CAIRN_TRY(check_new_path(workspace, tracked, to));
  return check_free(workspace, to);
}

/// What undo needs to move everything back.
UndoRecord journal_of(const std::string& from, const std::string& to, const std::string& pointer,
                      const Materialised::Entry* record) {
  UndoEntry source;
  source.path = from;
  source.has_pointer = true;
  source.pointer_before = pointer;
  UndoEntry target;
  target.path = to;
  target.has_pointer = true;
  target.pointer_after = pointer;
  if (record != nullptr) {
    source.has_record = true;
    source.record_before = *record;
    target.has_record = true;
    target.record_after = *record;
  }
  return {"move", std::pair(from, to), {source, target}};
}

Status move_record(Workspace& workspace, const std::string& from, const std::string& to) {
  CAIRN_TRY_ASSIGN(Materialised * materialised, workspace.materialised());
  if (const Materialised::Entry* record = materialised->find(from); record != nullptr) {
    const Materialised::Entry entry = *record;
    materialised->set(to, entry);
    materialised->erase(from);
  }
  return workspace.save();
}

IgnoreEdit edit_of(std::string_view path, std::vector<std::string> IgnoreEdit::*list) {
  IgnoreEdit edit;
  (edit.*list).emplace_back(os::name_of(path));
  return edit;
}

/// Git ignores the new path before anything stands there.
Status rename_data(Workspace& workspace, const MoveReport& report) {
  const std::string folder(os::parent_of(report.to));
  CAIRN_TRY(workspace.files().make_folder(folder));
  CAIRN_TRY(edit_ignored(workspace, folder, edit_of(report.to, &IgnoreEdit::add)));
  if (!report.data_moved) {
    return {};
  }
  Status moved = move_data(workspace, report.from, report.to);
  if (!moved.ok()) {
    // The failure that counts is the move's.
    static_cast<void>(edit_ignored(workspace, folder, edit_of(report.to, &IgnoreEdit::remove)));
  }
  return moved;
}

Status perform(Workspace& workspace, const MoveReport& report, const std::string& pointer) {
  CAIRN_TRY_ASSIGN(const Materialised* materialised, workspace.materialised());
  CAIRN_TRY(save_undo(workspace.paths().undo(),
                      journal_of(report.from, report.to, pointer, materialised->find(report.from))));
  CAIRN_TRY(rename_data(workspace, report));
  CAIRN_TRY(set_pointer_text(workspace, report.to, pointer));
  CAIRN_TRY(move_record(workspace, report.from, report.to));
  CAIRN_TRY(set_pointer_text(workspace, report.from, std::nullopt));
  return edit_ignored(workspace, std::string(os::parent_of(report.from)),
                      edit_of(report.from, &IgnoreEdit::remove));
}

}  // namespace

Result<MoveReport> move(Workspace& workspace, const std::vector<Tracked>& tracked,
                        const MoveOptions& options) {
  CAIRN_TRY_ASSIGN(const Tracked* source, find_source(tracked, options.from));
  CAIRN_TRY_ASSIGN(std::string to, resolve_target(workspace, options));
  CAIRN_TRY(check_target(workspace, tracked, options.from, to));
  CAIRN_TRY_ASSIGN(const std::optional<std::string> pointer, find_pointer_text(workspace, source->path));
  if (!pointer) {
    return Error(Code::not_found, quoted(pointer_path(source->path)) + " does not exist");
  }
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace.files().find_stat(source->path));
  MoveReport report{source->path, std::move(to), stat.has_value()};
  if (!options.dry_run) {
    CAIRN_TRY(perform(workspace, report, *pointer));
  }
  return report;
}

}  // namespace cairn::project
