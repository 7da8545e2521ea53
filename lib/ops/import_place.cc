// SPDX-License-Identifier: Apache-2.0
#include "ops/import_place.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/pipelines.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/apply_hints.h"
#include "project/apply_pointers.h"
#include "project/checkout.h"
#include "project/git_files.h"
#include "project/new_path.h"

namespace cairn::ops {
namespace {

using project::Tracked;

Status check_stages(project::Workspace& workspace, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto outputs, stage_outputs(workspace));
  for (const auto& [output, stage] : outputs) {
    if (os::is_within(path, output) || os::is_within(output, path)) {
      return Error(Code::conflict, quoted(output) + " is made by the stage " + quoted(stage),
                   "give another name with -o");
    }
  }
  return {};
}

/// What the pointer names, at the path.
Tracked tracked_of(const std::string& path, const project::Pointer& pointer) {
  Tracked tracked;
  tracked.path = path;
  tracked.declared_in = project::pointer_path(path);
  tracked.object = pointer.object;
  tracked.executable = pointer.executable;
  return tracked;
}

/// What a checkout did, or would do, at one path.
Status check_out(project::Workspace& workspace, const Tracked& tracked, project::CheckoutOptions options,
                 const Context& context) {
  CAIRN_TRY_ASSIGN(const auto report, project::checkout(workspace, {tracked}, options, context));
  const auto failed = std::find_if(report.paths.begin(), report.paths.end(),
                                   [](const project::PathReport& path) { return path.error.has_value(); });
  return failed == report.paths.end() ? Status() : Status(*failed->error);
}

}  // namespace

Status check_import_path(project::Workspace& workspace, const std::string& path, InTheWay in_the_way) {
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  const bool replaced = in_the_way == InTheWay::replaced;
  std::erase_if(tracked, [&](const Tracked& one) {
    return replaced && one.path == path && one.source == Tracked::Source::pointer;
  });
  Status checked = project::check_new_path(workspace, tracked, path);
  if (!checked.ok() && checked.error().code() == Code::exists) {
    return checked.error().with_hint(project::command_hint("cairn update", path) +
                                     " if it is an import; else give another name with -o, or --force");
  }
  CAIRN_TRY(checked);
  CAIRN_TRY(check_stages(workspace, path));
  CAIRN_TRY_ASSIGN(const auto there, workspace.files().find_stat(path));
  return there && !replaced ? Status(Error(Code::exists, quoted(path) + " is there already",
                                           "give another name with -o, or --force"))
                            : Status();
}

Status place_import(project::Workspace& workspace, const std::string& path, project::Pointer pointer,
                    InTheWay in_the_way, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto old, project::find_pointer(workspace, path));
  if (old) {
    pointer.user = old->user;
  }
  const Tracked tracked = tracked_of(path, pointer);
  project::CheckoutOptions options;
  options.force = in_the_way == InTheWay::replaced;
  options.dry_run = true;
  if (Status planned = check_out(workspace, tracked, options, context); !planned.ok()) {
    return planned.error().code() == Code::conflict
               ? planned.error().with_hint(project::command_hint("cairn diff", path) +
                                           " shows what changed; --force takes the source's")
               : planned;
  }
  CAIRN_TRY(workspace.files().make_folder(os::parent_of(path)));
  CAIRN_TRY(project::edit_ignored(workspace, std::string(os::parent_of(path)),
                                  {{std::string(os::name_of(path))}, {}}));
  CAIRN_TRY(project::set_pointer_text(workspace, path, project::write_pointer(pointer)));
  options.dry_run = false;
  return check_out(workspace, tracked, options, context);
}

}  // namespace cairn::ops
