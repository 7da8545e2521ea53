// SPDX-License-Identifier: Apache-2.0
#include "ops/cat.h"

#include <fcntl.h>

#include "base/escape.h"
#include "ops/content_access.h"
#include "ops/revisions.h"
#include "ops/source_clone.h"
#include "os/file.h"
#include "os/path.h"
#include "os/root.h"
#include "pipeline/lock_outputs.h"
#include "runner/name_watch.h"

namespace cairn::ops {
namespace {

using transport::Range;
using transport::Sink;

Error is_folder(const std::string& path) {
  return {Code::usage, quoted(path) + " is a folder", "cairn ls shows what is in it"};
}

Status print_tracked(project::Workspace& workspace, const TrackedAt& at, const CatRequest& request,
                     const Sink& sink, const Context& context) {
  ContentAccess access(workspace, at.tracked.remote, context);
  CAIRN_TRY_ASSIGN(const auto entry, access.find(at.tracked, at.inner));
  if (!entry) {
    return Error(Code::not_found, quoted(request.path) + " is not in " + quoted(at.tracked.path));
  }
  if (entry->kind == store::TreeKind::folder) {
    return is_folder(request.path);
  }
  if (entry->kind == store::TreeKind::symlink) {
    return Error(Code::usage, quoted(request.path) + " is a symlink to " + quoted(entry->target));
  }
  return access.read_blob(entry->id, request.range, sink);
}

/// Of bytes in memory.
Status print_bytes(Bytes bytes, const std::optional<Range>& range, const Sink& sink) {
  const std::uint64_t begin = range ? std::min<std::uint64_t>(range->offset, bytes.size()) : 0;
  const std::uint64_t most = bytes.size() - begin;
  return sink(bytes.subspan(begin, range ? std::min(range->size, most) : most));
}

Result<std::vector<project::Tracked>> tracked_here(project::Workspace& workspace,
                                                   const std::string& revision) {
  if (revision.empty()) {
    return project::find_tracked(workspace, pipeline::read_lock_outputs);
  }
  CAIRN_TRY_ASSIGN(const git::Oid commit, find_commit(workspace, revision));
  return project::find_tracked_at(workspace, commit, pipeline::read_lock_outputs);
}

Status print_git_file(project::Workspace& workspace, const std::string& path, const CatRequest& request,
                      const Sink& sink) {
  const Error nothing(Code::not_found, quoted(path) + " is neither tracked nor in Git", "cairn ls");
  if (!workspace.git_layout()) {
    return nothing;
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  const std::string revision = request.revision.empty() ? "HEAD" : request.revision;
  auto commit = find_commit(workspace, revision);
  if (!commit.ok()) {
    return request.revision.empty() ? nothing : commit.error();
  }
  CAIRN_TRY_ASSIGN(const auto file, git->find_blob(*commit, os::join(workspace.git_prefix(), path)));
  if (!file) {
    return nothing;
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, git->read_blob(file->blob));
  return print_bytes(bytes, request.range, sink);
}

Status cat_here(const CatRequest& request, const Sink& sink, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto workspace, project::Workspace::open(request.from));
  CAIRN_TRY_ASSIGN(const std::string path, workspace->to_project_path(request.path, request.from));
  CAIRN_TRY_ASSIGN(const auto tracked, tracked_here(*workspace, request.revision));
  const auto around = find_tracked_around(tracked, path);
  return around ? print_tracked(*workspace, *around, request, sink, context)
                : print_git_file(*workspace, path, request, sink);
}

Status print_file(const SourceClone& clone, const CatRequest& request, const Sink& sink) {
  // A symlink on the way could lead out of the clone.
  CAIRN_TRY_ASSIGN(const os::Root root, os::Root::open(clone.file("")));
  CAIRN_TRY_ASSIGN(const auto stat, root.find_stat(request.path));
  if (!stat) {
    return clone.nothing_at(request.path);
  }
  if (stat->kind != os::Kind::file) {
    return stat->kind == os::Kind::folder
               ? Status(is_folder(request.path))
               : Status(Error(Code::usage, quoted(request.path) + " is not a file"));
  }
  CAIRN_TRY_ASSIGN(const os::Fd fd, root.open_at(request.path, O_RDONLY));
  Buffer bytes(stat->size);
  CAIRN_TRY(os::read_exactly_at(fd.get(), bytes, 0, request.path));
  return print_bytes(bytes, request.range, sink);
}

Status cat_there(const CatRequest& request, const Sink& sink, const Context& context) {
  if (const Status checked = os::check_relative(request.path); !checked.ok()) {
    return Error(Code::usage, checked.error().message(), "a path counts from the top of the repository");
  }
  CAIRN_TRY_ASSIGN(const os::TempFolder folder,
                   os::TempFolder::make(runner::temporary_folder(), "cairn-cat-"));
  CAIRN_TRY_ASSIGN(const SourceClone clone, SourceClone::make({request.url, request.revision, request.from},
                                                              folder.path(), request.path));
  CAIRN_TRY_ASSIGN(const auto workspace, clone.open_project(request.path, ""));
  if (workspace != nullptr) {
    CAIRN_TRY_ASSIGN(const std::string path, workspace->to_project_path(request.path, clone.file("")));
    CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(*workspace, pipeline::read_lock_outputs));
    if (const auto around = find_tracked_around(tracked, path)) {
      return print_tracked(*workspace, *around, request, sink, context);
    }
  }
  return print_file(clone, request, sink);
}

}  // namespace

Status cat(const CatRequest& request, const transport::Sink& sink, const Context& context) {
  return request.url.empty() ? cat_here(request, sink, context) : cat_there(request, sink, context);
}

}  // namespace cairn::ops
