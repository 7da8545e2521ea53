// SPDX-License-Identifier: Apache-2.0
#include "ops/get.h"

#include "base/escape.h"
#include "ops/source_clone.h"
#include "os/file.h"
#include "os/path.h"
#include "os/root.h"
#include "pipeline/lock_outputs.h"

namespace cairn::ops {
namespace {

/// Pulls what is tracked at, in or around the path, if anything is.
Result<remote::FetchReport> bring_data(const SourceClone& clone, const std::string& wanted,
                                       const Context& context) {
  CAIRN_TRY_ASSIGN(const auto workspace, clone.open_project(wanted, ""));
  if (workspace == nullptr) {
    return remote::FetchReport();  // Git alone keeps it
  }
  CAIRN_TRY_ASSIGN(const std::string path, workspace->to_project_path(wanted, clone.file("")));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*workspace, pipeline::read_lock_outputs));
  if (!project::select_tracked(std::move(tracked), {path}).ok()) {
    return remote::FetchReport();
  }
  PullOptions options;
  options.targets = {path};
  CAIRN_TRY_ASSIGN(PullReport pulled, pull(*workspace, pipeline::read_lock_outputs, options, context));
  for (const project::PathReport& one : pulled.checkout.paths) {
    if (one.error) {
      return *one.error;
    }
  }
  return pulled.fetched;
}

/// What was there already passes away with `folder`.
Status hand_over(const SourceClone& clone, const GetRequest& request, const std::string& folder) {
  // A symlink on the way could lead out of the clone.
  CAIRN_TRY_ASSIGN(const os::Root root, os::Root::open(clone.file("")));
  CAIRN_TRY_ASSIGN(const auto stat, root.find_stat(request.path));
  if (!stat) {
    return clone.nothing_at(request.path);
  }
  CAIRN_TRY_ASSIGN(const auto old, os::find_stat(request.out));
  if (old) {
    CAIRN_TRY(os::rename_file(request.out, os::join(folder, "replaced")));
  }
  return os::rename_file(clone.file(request.path), request.out);
}

}  // namespace

Result<GetReport> get(const GetRequest& request, const Context& context) {
  if (const Status checked = os::check_relative(request.path); !checked.ok()) {
    return Error(Code::usage, checked.error().message(), "a path counts from the top of the repository");
  }
  CAIRN_TRY_ASSIGN(const auto there, os::find_stat(request.out));
  if (there && !request.force) {
    return Error(Code::exists, quoted(request.out) + " is there already",
                 "give another name with -o, or --force");
  }
  CAIRN_TRY_ASSIGN(const os::TempFolder folder,
                   os::TempFolder::make(std::string(os::parent_of(request.out)), ".cairn-get-"));
  CAIRN_TRY_ASSIGN(const SourceClone clone, SourceClone::make({request.url, request.revision, request.from},
                                                              folder.path(), request.path));
  GetReport report{clone.commit(), {}};
  CAIRN_TRY_ASSIGN(report.fetched, bring_data(clone, request.path, context));
  CAIRN_TRY(hand_over(clone, request, folder.path()));
  return report;
}

}  // namespace cairn::ops
