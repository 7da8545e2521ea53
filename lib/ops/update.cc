// SPDX-License-Identifier: Apache-2.0
#include "ops/update.h"

#include <algorithm>

#include "base/escape.h"
#include "git/remote_commit.h"
#include "ops/import.h"
#include "ops/source_place.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/apply_pointers.h"
#include "project/tracked.h"

namespace cairn::ops {
namespace {

using project::Pointer;
using project::RepositorySource;
using project::UrlSource;

/// Fewer digits than Git shows are rather the name of a branch.
constexpr std::size_t kShortestCommit = 7;

bool is_the_commit(const std::string& revision, const std::string& commit) {
  return revision.size() >= kShortestCommit && commit.starts_with(revision);
}

class Updater {
 public:
  Updater(project::Workspace& workspace, const UpdateOptions& options, const Context& context)
      : workspace_(workspace), options_(options), context_(context) {}

  UpdatedPath update(const std::string& path, const Pointer& pointer) {
    UpdatedPath updated;
    updated.path = path;
    updated.url = project::url_of(*pointer.source);
    const auto* repository = std::get_if<RepositorySource>(&*pointer.source);
    const Status done = repository != nullptr
                            ? update_repository(*repository, pointer, updated)
                            : update_url(std::get<UrlSource>(*pointer.source), pointer, updated);
    if (!done.ok()) {
      updated.error = done.error().with_context(quoted(path));
    }
    return updated;
  }

 private:
  Status update_repository(RepositorySource source, const Pointer& old, UpdatedPath& updated) {
    const std::string pinned = std::exchange(source.commit, "");
    updated.before = updated.after = pinned;
    if (options_.revision.empty() && is_the_commit(source.revision, pinned)) {
      updated.outcome = UpdateOutcome::fixed;
      return {};
    }
    source.revision = options_.revision.empty() ? source.revision : options_.revision;
    CAIRN_TRY_ASSIGN(const auto now, git::find_remote_commit(source.url, source.revision,
                                                             workspace_.paths().root, context_.stop));
    const bool same_revision = source.revision == std::get<RepositorySource>(*old.source).revision;
    if (now == pinned && same_revision) {
      return {};
    }
    if (options_.check && now) {
      return judge(*now, updated);
    }
    if (options_.check && is_the_commit(source.revision, pinned)) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const Imported imported, bring_from_repository(workspace_, source, context_));
    const std::string commit = std::get<RepositorySource>(*imported.pointer.source).commit;
    if (options_.check) {
      return judge(commit, updated);
    }
    return place(imported.pointer, old, commit, updated);
  }

  Status update_url(const UrlSource& source, const Pointer& old, UpdatedPath& updated) {
    updated.before = updated.after = shown_state(source);
    if (!options_.revision.empty()) {
      return Error(Code::usage, "it is not from a repository, so it has no revision to choose",
                   "cairn update without --rev");
    }
    CAIRN_TRY_ASSIGN(SourcePlace place_there, SourcePlace::find(workspace_, source.url, context_));
    const SourceChange change = compare_states(source, old.object.size, place_there.state());
    if (change == SourceChange::same) {
      return {};
    }
    if (options_.check && change == SourceChange::moved) {
      return judge(shown_state(record_state(source.url, place_there.state())), updated);
    }
    const Keep keep = options_.check ? Keep::no : Keep::yes;
    CAIRN_TRY_ASSIGN(const Pointer now, place_there.bring(workspace_, keep, context_));
    const std::string after = shown_state(std::get<UrlSource>(*now.source));
    if (now.object == old.object && now.source == old.source) {
      return {};
    }
    return options_.check ? judge(after, updated) : place(now, old, after, updated);
  }

  static Status judge(const std::string& after, UpdatedPath& updated) {
    updated.after = after;
    updated.outcome =
        updated.before == after && !after.empty() ? UpdateOutcome::unchanged : UpdateOutcome::moved;
    return {};
  }

  Status place(const Pointer& now, const Pointer& old, const std::string& after, UpdatedPath& updated) {
    CAIRN_TRY_ASSIGN(const os::FileLock lock, workspace_.lock());
    CAIRN_TRY_ASSIGN(const auto present, project::find_pointer(workspace_, updated.path));
    if (present != old) {
      return Error(Code::conflict, "its pointer changed meanwhile", "run the command again");
    }
    CAIRN_TRY(place_import(workspace_, updated.path, now, options_.changed, context_));
    updated.after = after;
    updated.outcome = UpdateOutcome::updated;
    updated.same_content = now.object == old.object;
    return {};
  }

  project::Workspace& workspace_;
  const UpdateOptions& options_;
  const Context& context_;
};

}  // namespace

Result<std::vector<UpdatedPath>> update(project::Workspace& workspace, const UpdateOptions& options,
                                        const Context& context) {
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(tracked, project::select_tracked(std::move(tracked), options.targets));
  std::vector<std::pair<std::string, Pointer>> imports;
  for (const project::Tracked& one : tracked) {
    const auto pointer = one.source == project::Tracked::Source::pointer
                             ? project::find_pointer(workspace, one.path)
                             : std::optional<Pointer>();
    CAIRN_TRY(pointer);
    if (*pointer && (*pointer)->source) {
      imports.emplace_back(one.path, **pointer);
    }
  }
  for (const std::string& target : options.targets) {
    if (std::none_of(imports.begin(), imports.end(), [&](const auto& one) {
          return os::is_within(one.first, target) || project::pointer_path(one.first) == target;
        })) {
      return Error(Code::not_found, quoted(target) + " is no import, and holds none",
                   "cairn import URL PATH, or cairn import-url URL");
    }
  }
  std::vector<UpdatedPath> updated;
  for (const auto& [path, pointer] : imports) {
    CAIRN_TRY(context.check_stop());
    updated.push_back(Updater(workspace, options, context).update(path, pointer));
  }
  return updated;
}

}  // namespace cairn::ops
