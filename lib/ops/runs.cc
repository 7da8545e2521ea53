// SPDX-License-Identifier: Apache-2.0
#include "ops/runs.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/file_words.h"
#include "project/current.h"
#include "store/reader.h"
#include "version/environment.h"

namespace cairn::ops {
namespace {

using pipeline::Change;
using version::RunPlace;
using version::RunRecord;

/// The newest places that may be wanted, with the run before each.
struct Candidate {
  RunPlace place;
  std::optional<RunPlace> previous;
};

std::vector<Candidate> candidates(const std::vector<RunPlace>& places, const RunFilter& filter) {
  std::map<std::uint64_t, RunPlace> last;
  std::vector<Candidate> out;
  for (const RunPlace& place : places) {
    const auto known = last.find(place.head.stage);
    const bool wanted = filter.stages.empty() ||
                        std::any_of(filter.stages.begin(), filter.stages.end(), [&](const std::string& one) {
                          return version::stage_mark(one) == place.head.stage;
                        });
    if (wanted) {
      out.push_back({place, known == last.end() ? std::nullopt : std::optional(known->second)});
    }
    last.insert_or_assign(place.head.stage, place);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Result<KnownRun> read_run(const version::RunJournal& journal, const Candidate& candidate) {
  KnownRun run;
  run.id = candidate.place.head.id;
  CAIRN_TRY_ASSIGN(run.record, journal.read(candidate.place));
  run.first = !candidate.previous;
  if (candidate.previous) {
    // One that cannot be read tells nothing of what changed.
    if (auto previous = journal.read(*candidate.previous); previous.ok()) {
      run.why = version::compare_inputs(previous->block, run.record.block);
    }
  }
  return run;
}

Result<std::unique_ptr<version::RunJournal>> open_journal(project::Workspace& workspace) {
  return version::RunJournal::open(workspace.paths().runs());
}

Result<Buffer> read_blob(store::Store& store, const store::Object& object) {
  store::Reader reader(store);
  return reader.read_object(object.family, object.id);
}

/// Names what differs in folders, where their lists are in the store.
Status name_files(store::Store& store, std::vector<Change>& changes) {
  const project::Current nothing_here;
  store::Reader reader(store);
  for (Change& change : changes) {
    const bool trees = change.was && change.now && change.was->is_tree() && change.now->is_tree();
    if (!trees || !store.has(change.was->object) || !store.has(change.now->object)) {
      continue;
    }
    project::Comparison comparison{change.name, project::side_of(change.was->object, false),
                                   project::side_of(change.now->object, false)};
    std::vector<project::FileChange> files;
    CAIRN_TRY(project::compare_trees(comparison, project::tree_lookup(nothing_here, reader), files));
    project::find_renames(files);
    for (const project::FileChange& file : files) {
      change.inside.push_back(describe_file(file));
    }
  }
  return {};
}

Status name_environments(store::Store& store, const RunRecord& before, const RunRecord& after,
                         std::vector<Change>& changes) {
  const auto& was = before.block.environment;
  const auto& now = after.block.environment;
  if (!was || !now || !store.has(*was) || !store.has(*now)) {
    return {};
  }
  for (Change& change : changes) {
    if (pipeline::change_name(change.kind) != "environment") {
      continue;
    }
    CAIRN_TRY_ASSIGN(const Buffer old_text, read_blob(store, *was));
    CAIRN_TRY_ASSIGN(const Buffer new_text, read_blob(store, *now));
    CAIRN_TRY_ASSIGN(const text::Value old_record, version::parse_environment(as_text(old_text)));
    CAIRN_TRY_ASSIGN(const text::Value new_record, version::parse_environment(as_text(new_text)));
    for (const version::EnvironmentChange& one : version::compare_environments(old_record, new_record)) {
      change.inside.push_back(one.text);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<KnownRun>> list_runs(project::Workspace& workspace, const RunFilter& filter,
                                        const Context& context) {
  CAIRN_TRY_ASSIGN(const auto journal, open_journal(workspace));
  std::vector<KnownRun> runs;
  for (const Candidate& candidate : candidates(journal->all(), filter)) {
    CAIRN_TRY(context.check_stop());
    if (filter.failed && candidate.place.head.reusable) {
      continue;
    }
    auto run = read_run(*journal, candidate);
    if (!run.ok()) {
      context.log.warn("run " + candidate.place.head.id.hex().substr(0, version::kShortRunId) +
                       " is left out: " + run.error().message());
      continue;
    }
    if (filter.failed && run->record.status == version::RunStatus::ok) {
      continue;
    }
    runs.push_back(std::move(*run));
    if (runs.size() == filter.limit) {
      break;
    }
  }
  return runs;
}

Result<KnownRun> find_run(project::Workspace& workspace, const std::string& digits) {
  CAIRN_TRY_ASSIGN(const auto journal, open_journal(workspace));
  const std::vector<RunPlace> found = journal->find(digits);
  if (found.empty()) {
    return Error(Code::not_found, "no run's id begins with " + quoted(digits), "cairn log");
  }
  if (found.size() > 1) {
    std::string ids;
    for (const RunPlace& place : found) {
      ids += (ids.empty() ? "" : ", ") + place.head.id.hex().substr(0, version::kShortRunId);
    }
    return Error(Code::usage, "the ids of several runs begin with " + quoted(digits) + ": " + ids,
                 "give more digits");
  }
  Candidate candidate{found.front(), std::nullopt};
  for (const RunPlace& place : journal->all()) {
    if (place.head.id == candidate.place.head.id) {
      break;
    }
    if (place.head.stage == candidate.place.head.stage) {
      candidate.previous = place;
    }
  }
  return read_run(*journal, candidate);
}

Result<std::string> read_output(project::Workspace& workspace, const RunRecord& run) {
  if (!run.log) {
    return std::string();
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY_ASSIGN(const Buffer bytes, read_blob(*store, run.log->object));
  return std::string(as_text(bytes));
}

Result<RunComparison> compare_runs(project::Workspace& workspace, const std::string& before,
                                   const std::string& after) {
  RunComparison result;
  CAIRN_TRY_ASSIGN(result.before, find_run(workspace, before));
  CAIRN_TRY_ASSIGN(result.after, find_run(workspace, after));
  const RunRecord& was = result.before.record;
  const RunRecord& now = result.after.record;
  result.inputs = version::compare_inputs(was.block, now.block);
  result.outs = version::compare_outs(was, now);
  result.circumstances = version::compare_circumstances(was, now);
  result.same_key = was.key == now.key;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  CAIRN_TRY(name_files(*store, result.inputs));
  CAIRN_TRY(name_files(*store, result.outs));
  CAIRN_TRY(name_environments(*store, was, now, result.inputs));
  return result;
}

}  // namespace cairn::ops
