// SPDX-License-Identifier: Apache-2.0
#include "ops/run_sharing.h"

#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "pipeline/lock_outputs.h"
#include "project/root_files.h"
#include "project/tracked.h"
#include "remote/run_segments.h"

namespace cairn::ops {
namespace {

using version::EncodedRun;
using version::RunPlace;

/// What makes two records say the same.
using ResultKey = std::pair<store::Id, std::uint64_t>;

/// Calls `use` with each current lock and its folder.
template <class Use>
Status for_each_lock(project::Workspace& workspace, const Use& use) {
  CAIRN_TRY_ASSIGN(const auto found, project::find_declarations(workspace, pipeline::read_lock_outputs,
                                                                project::InConflict::listed));
  for (const std::string& yaml : found.pipelines) {
    const std::string folder(os::parent_of(yaml));
    const std::string path = os::join(folder, pipeline::kLockFile);
    CAIRN_TRY_ASSIGN(const auto text, project::find_text(workspace.files(), path));
    if (text) {
      CAIRN_TRY_ASSIGN(const pipeline::Lock lock, pipeline::parse_lock(*text, path));
      use(lock, folder);
    }
  }
  return {};
}

/// The journal's records of the results that the current locks hold.
Result<std::vector<RunPlace>> runs_of_locks(project::Workspace& workspace,
                                            const version::RunJournal& journal) {
  std::vector<RunPlace> runs;
  CAIRN_TRY(for_each_lock(workspace, [&](const pipeline::Lock& lock, const std::string& folder) {
    for (const pipeline::StageLock& block : lock.stages) {
      const std::uint64_t result = version::result_mark(block, folder);
      for (const RunPlace& place : journal.results(pipeline::stage_key(block, folder))) {
        if (place.head.result == result) {
          runs.push_back(place);
          break;
        }
      }
    }
  }));
  return runs;
}

/// The runs on a remote. What cannot be decoded is warned of.
std::vector<EncodedRun> decode(const std::vector<remote::RunSegment>& segments, const remote::Remote& remote,
                               Log& log) {
  std::vector<EncodedRun> runs;
  for (const remote::RunSegment& segment : segments) {
    const std::string name = remote::runs_name(segment.id);
    auto decoded = version::decode_segment(segment.bytes, name);
    if (!decoded.ok()) {
      log.warn(remote.describe() + ": " + decoded.error().message());
      continue;
    }
    if (decoded->damaged > 0) {
      log.warn(remote.describe() + ": " + quoted(name) + " holds damaged records, which are passed over");
    }
    for (EncodedRun& run : decoded->runs) {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

}  // namespace

Result<RunsPushed> push_runs(project::Workspace& workspace, const remote::Remote& remote,
                             const Context& context) {
  RunsPushed pushed;
  CAIRN_TRY_ASSIGN(const auto journal, version::RunJournal::open(workspace.paths().runs()));
  CAIRN_TRY_ASSIGN(const std::vector<RunPlace> wanted, runs_of_locks(workspace, *journal));
  if (wanted.empty()) {
    return pushed;
  }
  CAIRN_TRY_ASSIGN(const auto segments, remote::load_run_segments(remote, context));
  std::vector<EncodedRun> there = decode(segments, remote, context.log);
  std::set<ResultKey> known;
  for (const EncodedRun& run : there) {
    known.emplace(run.key, run.result);
  }
  const bool private_too = workspace.config().get_or("core.share_host", "false") == "true";
  std::vector<EncodedRun> runs;
  for (const RunPlace& place : wanted) {
    if (known.emplace(place.head.key, place.head.result).second) {
      CAIRN_TRY_ASSIGN(EncodedRun run, journal->read_encoded(place));
      run.private_text = private_too ? run.private_text : "";
      runs.push_back(std::move(run));
    }
  }
  if (runs.empty()) {
    return pushed;
  }
  pushed.runs = runs.size();
  std::vector<store::Id> replaced;
  if (segments.size() >= remote::kMaxRunSegments) {
    runs.insert(runs.end(), std::make_move_iterator(there.begin()), std::make_move_iterator(there.end()));
    for (const remote::RunSegment& segment : segments) {
      replaced.push_back(segment.id);
    }
  }
  CAIRN_TRY(remote::write_run_segment(remote, version::encode_segment(runs), replaced));
  return pushed;
}

Result<RunsFetched> fetch_runs(project::Workspace& workspace, const remote::Remote& remote,
                               const Context& context) {
  RunsFetched fetched;
  CAIRN_TRY_ASSIGN(const auto segments, remote::load_run_segments(remote, context));
  if (segments.empty()) {
    return fetched;
  }
  CAIRN_TRY_ASSIGN(const auto journal, version::RunJournal::open(workspace.paths().runs()));
  std::vector<EncodedRun> runs;
  for (EncodedRun& run : decode(segments, remote, context.log)) {
    if (journal->contains(run.id)) {
      continue;
    }
    if (const Status checked = version::check_run(run); checked.ok()) {
      runs.push_back(std::move(run));
    } else {
      ++fetched.refused;
      context.log.warn(remote.describe() + ": " + checked.error().message());
    }
  }
  CAIRN_TRY_ASSIGN(fetched.runs, journal->append(runs));
  return fetched;
}

Result<std::vector<store::Object>> objects_of_runs(const remote::Remote& remote,
                                                   const remote::NeededKeys& needed, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto segments, remote::load_run_segments(remote, context));
  const auto is_needed = [&needed](const store::Object& object) {
    return needed.contains({store::content_kind(object.family), object.id}) ||
           needed.contains({store::recipe_kind(object.family), object.id});
  };
  std::vector<store::Object> kept;
  for (const EncodedRun& encoded : decode(segments, remote, context.log)) {
    const auto run = version::parse_run(encoded.text);
    if (!run.ok()) {
      continue;  // whoever fetches it refuses it too
    }
    std::vector<store::Object> besides;
    bool whole = true;
    for (const pipeline::LockedOut& out : run->block.outs) {
      if (!out.stored() || !out.push || !out.remote.empty()) {
        continue;  // not here
      }
      if (out.cached) {
        whole = whole && is_needed(out.state->object);
      } else {
        besides.push_back(out.state->object);
      }
    }
    if (run->log) {
      besides.push_back(run->log->object);
    }
    if (whole) {
      kept.insert(kept.end(), besides.begin(), besides.end());
    }
  }
  return kept;
}

Result<std::vector<remote::Root>> outs_kept_by_git(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(const store::Store* store, workspace.store());
  std::vector<remote::Root> roots;
  CAIRN_TRY(for_each_lock(workspace, [&](const pipeline::Lock& lock, const std::string& /*folder*/) {
    for (const pipeline::StageLock& block : lock.stages) {
      for (const pipeline::LockedOut& out : block.outs) {
        if (!out.cached && out.stored() && out.push && store->has(out.state->object)) {
          roots.push_back({out.state->object, out.path});
        }
      }
    }
  }));
  return roots;
}

Result<std::vector<remote::Root>> logs_of_locks(project::Workspace& workspace, Where where) {
  CAIRN_TRY_ASSIGN(const auto journal, version::RunJournal::open(workspace.paths().runs()));
  CAIRN_TRY_ASSIGN(const std::vector<RunPlace> runs, runs_of_locks(workspace, *journal));
  CAIRN_TRY_ASSIGN(const store::Store* store, workspace.store());
  std::vector<remote::Root> roots;
  for (const RunPlace& place : runs) {
    CAIRN_TRY_ASSIGN(const version::RunRecord run, journal->read(place));
    if (run.log && store->has(run.log->object) == (where == Where::here)) {
      roots.push_back({run.log->object, "output of " + run.stage});
    }
  }
  return roots;
}

}  // namespace cairn::ops
