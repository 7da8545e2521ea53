// SPDX-License-Identifier: Apache-2.0
#include "ops/run_results.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/remote_way.h"
#include "ops/stage_outs.h"
#include "ops/targets.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "version/run_compare.h"

namespace cairn::ops {

using Outs = std::optional<std::vector<pipeline::LockedOut>>;

namespace {

/// "b3:0123456789ab": what is shown of a hash.
constexpr std::size_t kShownHash = 15;

/// What the result lacks need not be made: `optional` is no part of the key.
bool may_lack(const pipeline::Stage& stage, const std::vector<pipeline::LockedOut>& outs) {
  return std::all_of(outs.begin(), outs.end(), [&stage](const pipeline::LockedOut& made) {
    return made.state.has_value() ||
           std::any_of(stage.outs.begin(), stage.outs.end(), [&made](const pipeline::Out& out) {
             return out.path == made.declared() && out.optional;
           });
  });
}

}  // namespace

Result<Outs> RunResults::usable(const pipeline::Stage& stage, const pipeline::StageLock* block,
                                const store::Id& key) {
  if (block == nullptr || pipeline::stage_key(*block, stage.folder()) != key ||
      !may_lack(stage, block->outs)) {
    return Outs();
  }
  CAIRN_TRY_ASSIGN(bool here, outs_at_hand(workspace_, block->outs));
  if (!here && remote_ != nullptr) {
    CAIRN_TRY_ASSIGN(here, fetch(block->outs));
  }
  return here ? Outs(block->outs) : Outs();
}

/// False when the remote lacks some of it.
Result<bool> RunResults::fetch(const std::vector<pipeline::LockedOut>& outs) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  std::map<std::string, std::vector<remote::Root>> by_remote;
  for (const pipeline::LockedOut& out : outs) {
    if (out.state && !store->has(out.state->object)) {
      by_remote[out.remote].push_back({out.state->object, out.path});
    }
  }
  for (const auto& [name, roots] : by_remote) {
    std::optional<remote::Remote> own;
    if (!name.empty()) {
      CAIRN_TRY_ASSIGN(own, open_remote(workspace_, name, remote::Purpose::read, context_));
    }
    const auto fetched = remote::fetch(*store, own ? *own : *remote_, roots, context_);
    if (!fetched.ok()) {
      return fetched.error().code() == Code::not_found ? Result<bool>(false) : fetched.error();
    }
  }
  return true;
}

Result<Outs> RunResults::find(const pipeline::Stage& stage, const store::Id& key, RunCache use) {
  const std::string folder = stage.folder();
  CAIRN_TRY_ASSIGN(Outs outs, usable(stage, locks_.find(stage), key));
  if (outs || use == RunCache::no) {
    return outs;
  }
  CAIRN_TRY_ASSIGN(const pipeline::Lock* head, head_lock(folder));
  CAIRN_TRY_ASSIGN(outs, usable(stage, head->find(stage.name), key));
  if (outs) {
    return outs;
  }
  CAIRN_TRY_ASSIGN(version::RunJournal * journal, recorder_.journal());
  for (const version::RunPlace& place : journal->results(key)) {
    auto run = journal->read(place, folder);
    if (run.ok()) {
      CAIRN_TRY_ASSIGN(outs, usable(stage, &run->block, key));
    }
    if (outs) {
      return outs;
    }
  }
  return Outs();
}

Result<std::optional<version::RunPlace>> RunResults::find_other(const version::EncodedRun& run) {
  CAIRN_TRY_ASSIGN(version::RunJournal * journal, recorder_.journal());
  for (const version::RunPlace& place : journal->results(run.key)) {
    if (place.head.result != run.result) {
      return std::optional(place);
    }
  }
  return std::optional<version::RunPlace>();
}

Result<std::string> RunResults::describe_other(const version::RunPlace& other, const version::RunRecord& run,
                                               const store::Id& id) {
  CAIRN_TRY_ASSIGN(version::RunJournal * journal, recorder_.journal());
  CAIRN_TRY_ASSIGN(const version::RunRecord before, journal->read(other, version::stage_folder(run.stage)));
  std::string names;
  for (const pipeline::Change& change : version::compare_outs(before, run)) {
    names += (names.empty() ? "" : ", ") + quoted(change.name);
    if (!change.before.empty() && !change.after.empty()) {
      names +=
          " (" + change.before.substr(0, kShownHash) + " and " + change.after.substr(0, kShownHash) + ")";
    }
  }
  const std::string before_id = other.head.id.hex().substr(0, version::kShortRunId);
  const std::string run_id = id.hex().substr(0, version::kShortRunId);
  return "stage " + quoted(run.stage) + " is not deterministic: from the same inputs, run " + before_id +
         " made another " + names + " than run " + run_id + " (cairn log compare " + before_id + " " +
         run_id + "); if that is meant, say 'deterministic: false' in " + quoted(pipeline::kPipelineFile);
}

/// The cairn.lock of a folder as HEAD has it; one that cannot be read says nothing.
Result<const pipeline::Lock*> RunResults::head_lock(const std::string& folder) {
  auto known = head_locks_.find(folder);
  if (known != head_locks_.end()) {
    return &known->second;
  }
  pipeline::Lock lock;
  if (workspace_.git_layout()) {
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
    CAIRN_TRY_ASSIGN(const auto head, repository->head());
    const std::string path = os::join(folder, pipeline::kLockFile);
    std::optional<git::TreeFile> file;
    if (head) {
      CAIRN_TRY_ASSIGN(file, repository->find_blob(*head, os::join(workspace_.git_prefix(), path)));
    }
    if (file) {
      CAIRN_TRY_ASSIGN(const Buffer text, repository->read_blob(file->blob));
      if (auto parsed = pipeline::parse_lock(as_text(text), path); parsed.ok()) {
        lock = std::move(*parsed);
      }
    }
  }
  return &head_locks_.emplace(folder, std::move(lock)).first->second;
}

}  // namespace cairn::ops
