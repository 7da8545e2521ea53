// SPDX-License-Identifier: Apache-2.0
#include "ops/provenance.h"

#include <algorithm>
#include <map>
#include <memory>

#include "base/escape.h"
#include "git/last_change.h"
#include "ops/environments.h"
#include "ops/revisions.h"
#include "ops/snapshot.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "pipeline/near_name.h"
#include "project/apply_hints.h"
#include "project/pointer.h"
#include "store/reader.h"
#include "version/run_journal.h"

namespace cairn::ops {
namespace {

using pipeline::PathState;
using version::LockedStage;
using version::ProvenanceEntity;

constexpr std::int64_t kMicrosInMilli = 1000;

/// A pointer at a path or around it.
struct FoundPointer {
  std::string path;  // of the data
  project::Pointer pointer;
};

class Search {
 public:
  Search(project::Workspace& workspace, std::unique_ptr<Snapshot> snapshot, std::optional<git::Oid> commit,
         std::unique_ptr<version::RunJournal> journal)
      : workspace_(workspace),
        snapshot_(std::move(snapshot)),
        commit_(std::move(commit)),
        journal_(std::move(journal)) {}

  Result<version::Provenance> run(const std::string& path) {
    CAIRN_TRY(read_locks());
    const version::ProvenanceTracer tracer(stages_);
    CAIRN_TRY_ASSIGN(const std::optional<PathState> state, state_of(tracer, path));
    CAIRN_TRY_ASSIGN(graph_, tracer.trace(path, state,
                                          [this](const LockedStage& stage, const pipeline::LockedOut& out,
                                                 const std::string& at, const PathState& wanted) {
                                            return find_maker(stage, out, at, wanted);
                                          }));
    CAIRN_TRY(add_runs());
    CAIRN_TRY(add_sources());
    return std::move(graph_);
  }

 private:
  Status read_locks() {
    CAIRN_TRY_ASSIGN(const auto files, snapshot_->pipeline_files());
    for (const std::string& file : files) {
      const std::string folder(os::parent_of(file));
      const std::string path = os::join(folder, pipeline::kLockFile);
      CAIRN_TRY_ASSIGN(const auto content, snapshot_->content_name(path));
      if (!content) {
        continue;
      }
      CAIRN_TRY_ASSIGN(const std::string text, snapshot_->read(path, *content));
      CAIRN_TRY_ASSIGN(pipeline::Lock lock, pipeline::parse_lock(text, path));
      for (pipeline::StageLock& block : lock.stages) {
        std::string address = pipeline::stage_address(file, block.name);
        stages_.push_back({std::move(address), folder, std::move(block)});
      }
    }
    return {};
  }

  /// The content that was asked for; nothing where only what it lies in is known.
  Result<std::optional<PathState>> state_of(const version::ProvenanceTracer& tracer,
                                            const std::string& path) {
    if (const pipeline::LockedOut* out = tracer.find_out(path); out != nullptr) {
      return state_inside(out->path, *out->state, path);
    }
    CAIRN_TRY_ASSIGN(const std::optional<FoundPointer> found, pointer_at(path));
    if (found) {
      return state_inside(found->path, state_of(found->pointer), path);
    }
    return unknown_path(tracer, path);
  }

  static PathState state_of(const project::Pointer& pointer) {
    return {pointer.object, pointer.files, pointer.executable};
  }

  /// What a folder object says of something in it.
  Result<std::optional<PathState>> state_inside(const std::string& outer, const PathState& state,
                                                const std::string& path) {
    if (outer == path) {
      return std::optional(state);
    }
    CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
    store::Reader reader(*store);
    PathState here = state;
    for (std::string_view part : os::parts_of(std::string_view(path).substr(outer.size() + 1))) {
      if (here.is_tree() && !store->has(here.object)) {
        return std::optional<PathState>();
      }
      std::optional<store::TreeEntry> entry;
      if (here.is_tree()) {
        CAIRN_TRY_ASSIGN(const store::Tree tree, reader.read_tree(here.object.id));
        const store::TreeEntry* known = tree.find(part);
        entry = known == nullptr ? std::nullopt : std::optional(*known);
      }
      if (!entry || entry->kind == store::TreeKind::symlink) {
        return Error(Code::not_found, "there is no file " + quoted(path) + " in " + quoted(outer),
                     project::command_hint("cairn ls", outer));
      }
      const bool folder = entry->kind == store::TreeKind::folder;
      here = {{folder ? store::Family::tree : store::Family::blob, entry->id, entry->size},
              entry->files,
              entry->kind == store::TreeKind::executable};
    }
    return std::optional(here);
  }

  Result<std::optional<FoundPointer>> pointer_at(std::string_view path) {
    for (std::string_view outer = path; !outer.empty(); outer = os::parent_of(outer)) {
      const std::string file = project::pointer_path(outer);
      CAIRN_TRY_ASSIGN(const auto content, snapshot_->content_name(file));
      if (content) {
        CAIRN_TRY_ASSIGN(const std::string text, snapshot_->read(file, *content));
        CAIRN_TRY_ASSIGN(project::Pointer pointer, project::parse_pointer(text, file));
        return std::optional(FoundPointer{std::string(outer), std::move(pointer)});
      }
    }
    return std::optional<FoundPointer>();
  }

  Result<std::optional<PathState>> unknown_path(const version::ProvenanceTracer& tracer,
                                                const std::string& path) {
    CAIRN_TRY_ASSIGN(const bool in_git, is_in_git(path));
    if (in_git) {
      return Error(Code::not_found, "no stage made " + quoted(path) + ": Git keeps it",
                   project::command_hint("git log --", path));
    }
    const std::vector<std::string_view> outs = tracer.outs();
    return Error(Code::not_found, "no stage made " + quoted(path) + ", and cairn does not keep it",
                 pipeline::did_you_mean(path, outs, "cairn ls lists what it keeps"));
  }

  Result<bool> is_in_git(const std::string& path) {
    if (!commit_) {
      return false;
    }
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(const auto file, git->find_blob(*commit_, git_path(path)));
    return file.has_value();
  }

  [[nodiscard]] std::string git_path(const std::string& path) const {
    return os::join(workspace_.git_prefix(), path);
  }

  // --- runs ---

  /// Whether an out has this content at the path, in it or its own; nothing where that is not known here.
  Result<std::optional<bool>> has_content(const pipeline::LockedOut& out, const std::string& path,
                                          const PathState& wanted) {
    if (!out.state || !os::is_within(path, out.path)) {
      return std::optional(false);
    }
    auto state = state_inside(out.path, *out.state, path);
    if (!state.ok()) {
      return state.error().code() == Code::not_found ? Result<std::optional<bool>>(false) : state.error();
    }
    return *state ? std::optional((*state)->object == wanted.object) : std::nullopt;
  }

  Result<std::optional<pipeline::StageLock>> find_maker(const LockedStage& stage,
                                                        const pipeline::LockedOut& locked,
                                                        const std::string& path, const PathState& wanted) {
    CAIRN_TRY_ASSIGN(const auto same, has_content(locked, path, wanted));
    if (same.value_or(true)) {
      return std::optional(stage.block);
    }
    std::vector<version::RunPlace> places = journal_->runs_of(stage.address);
    std::reverse(places.begin(), places.end());
    for (const version::RunPlace& place : places) {
      auto record = journal_->read(place, stage.folder);
      // One that cannot be read tells nothing.
      if (!record.ok()) {
        continue;
      }
      for (const pipeline::LockedOut& out : record->block.outs) {
        CAIRN_TRY_ASSIGN(const auto made, has_content(out, path, wanted));
        if (made.value_or(false)) {
          return std::optional(std::move(record->block));
        }
      }
    }
    return std::optional<pipeline::StageLock>();
  }

  /// The first run with this key and this result, of the stage if it has one, else of any.
  [[nodiscard]] std::optional<version::RunPlace> find_run(const LockedStage& stage) const {
    const store::Id key = pipeline::stage_key(stage.block, stage.folder);
    const std::uint64_t mark = version::result_mark(stage.block, stage.folder);
    for (const auto& places : {journal_->runs_of(stage.address), journal_->results(key)}) {
      for (const version::RunPlace& place : places) {
        if (place.head.key == key && place.head.result == mark) {
          return place;
        }
      }
    }
    return std::nullopt;
  }

  Status add_runs() {
    for (version::ProvenanceActivity& activity : graph_.activities) {
      const auto place = find_run(activity.stage);
      auto record = place ? journal_->read(*place, activity.stage.folder)
                          : Result<version::RunRecord>(Error(Code::not_found, "no run"));
      if (record.ok()) {
        activity.run = version::ProvenanceRun{
            place->head.id.hex(), record->start_ms, record->start_ms + record->usage.wall_us / kMicrosInMilli,
            record->commit,       record->dirty,    record->host,
            record->user,         record->cairn};
      }
      if (const auto& environment = activity.stage.block.environment; environment) {
        CAIRN_TRY_ASSIGN(const auto found, find_environment(workspace_, *environment));
        activity.environment = found ? version::environment_line(*found) : "";
      }
    }
    return {};
  }

  // --- what no stage made ---

  Status add_sources() {
    std::map<std::string, std::vector<std::size_t>>
        wanted;  // entities by the path of Git's that tells of them
    for (std::size_t i = 0; i < graph_.entities.size(); ++i) {
      ProvenanceEntity& entity = graph_.entities[i];
      if (entity.kind == ProvenanceEntity::Kind::out) {
        continue;
      }
      CAIRN_TRY_ASSIGN(const auto pointer, pointer_at(entity.path));
      if (!pointer) {
        wanted[git_path(entity.path)].push_back(i);
        continue;
      }
      entity.kind = ProvenanceEntity::Kind::data;
      entity.inside = pointer->path == entity.path ? "" : pointer->path;
      const bool same =
          !entity.inside.empty() || !entity.state || entity.state->object == pointer->pointer.object;
      if (same) {
        wanted[git_path(project::pointer_path(pointer->path))].push_back(i);
      }
    }
    return commit_ ? add_origins(wanted) : Status();
  }

  Status add_origins(const std::map<std::string, std::vector<std::size_t>>& wanted) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    std::vector<std::string> paths;
    for (const auto& [path, entities] : wanted) {
      paths.push_back(path);
    }
    CAIRN_TRY_ASSIGN(const auto changes, git::last_changes(git->layout(), *commit_, paths));
    for (const auto& [path, entities] : wanted) {
      const auto change = changes.find(path);
      for (const std::size_t index : entities) {
        CAIRN_TRY(change != changes.end() ? add_origin(*git, path, change->second, graph_.entities[index])
                                          : Status());
      }
    }
    return {};
  }

  /// Only where the commit has the very content that was used.
  Status add_origin(git::Repository& git, const std::string& path, const git::LastChange& change,
                    ProvenanceEntity& entity) {
    if (entity.kind == ProvenanceEntity::Kind::unknown) {
      CAIRN_TRY_ASSIGN(const auto file, git.find_blob(*commit_, path));
      if (!file && !(entity.state && entity.state->is_tree())) {
        return {};
      }
      entity.kind = ProvenanceEntity::Kind::git;
      CAIRN_TRY_ASSIGN(const bool same, file ? is_committed(git, *file, entity) : Result<bool>(true));
      if (!same) {
        return {};
      }
    }
    entity.origin = version::ProvenanceOrigin{change.commit.hex(), change.author, change.time};
    return {};
  }

  static Result<bool> is_committed(git::Repository& git, const git::TreeFile& file,
                                   const ProvenanceEntity& entity) {
    if (!entity.state) {
      return true;
    }
    CAIRN_TRY_ASSIGN(const Buffer bytes, git.read_for_work_tree(file));
    return codec::hash(bytes) == entity.state->object.id;
  }

  project::Workspace& workspace_;
  std::unique_ptr<Snapshot> snapshot_;
  std::optional<git::Oid> commit_;  // of the revision; HEAD for the workspace
  std::unique_ptr<version::RunJournal> journal_;
  std::vector<LockedStage> stages_;
  version::Provenance graph_;
};

}  // namespace

Result<version::Provenance> find_provenance(project::Workspace& workspace, const ProvenanceRequest& request) {
  CAIRN_TRY_ASSIGN(ChosenRevision revision, find_revision(workspace, request.revision));
  Snapshots snapshots(workspace);
  auto snapshot = revision.commit ? snapshots.of_commit(*revision.commit) : snapshots.of_workspace();
  std::optional<git::Oid> commit = revision.commit;
  if (!commit && workspace.git_layout()) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
    CAIRN_TRY_ASSIGN(commit, git->head());
  }
  CAIRN_TRY_ASSIGN(auto journal, version::RunJournal::open(workspace.paths().runs()));
  return Search(workspace, std::move(snapshot), std::move(commit), std::move(journal)).run(request.path);
}

}  // namespace cairn::ops
