// SPDX-License-Identifier: Apache-2.0
#include "ops/version_manifest.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "base/version.h"
#include "codec/hash.h"
#include "ops/environments.h"
#include "ops/pipelines.h"
#include "ops/values.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "pipeline/lock_outputs.h"
#include "project/root_files.h"
#include "report/flatten.h"
#include "version/run_journal.h"
#include "version/system_facts.h"

namespace cairn::ops {
namespace {

using text::Kind;
using text::Value;

/// The parts of an environment's record that people ask for: scalars and one level of maps; lists and maps
/// below, such as all packages, become the number of their entries.
Value summary_of(const Value& record) {
  Value out = Value::map();
  for (const text::Entry& entry : record.entries()) {
    if (entry.key == "cairn" || entry.key == "system") {
      continue;
    }
    if (!entry.value.is(Kind::map)) {
      out.set(entry.key, entry.value.is_scalar()
                             ? entry.value
                             : Value::integer(static_cast<std::int64_t>(entry.value.items().size())));
      continue;
    }
    Value kind = Value::map();
    for (const text::Entry& fact : entry.value.entries()) {
      const std::size_t count = fact.value.items().size() + fact.value.entries().size();
      kind.set(fact.key,
               fact.value.is_scalar() ? fact.value : Value::integer(static_cast<std::int64_t>(count)));
    }
    out.set(entry.key, std::move(kind));
  }
  return out;
}

class ManifestMaker {
 public:
  ManifestMaker(project::Workspace& workspace, const pipeline::Graph& graph, git::Repository& git,
                const git::Oid& head)
      : workspace_(workspace), graph_(graph), git_(git), head_(head) {
    manifest_.commit = head.hex();
    manifest_.cairn = own_version();
    manifest_.system = version::system_facts();
  }

  Result<version::Manifest> make() {
    CAIRN_TRY(add_stages());
    CAIRN_TRY(add_metrics());
    CAIRN_TRY(add_data());
    return std::move(manifest_);
  }

 private:
  Status add_stages() {
    CAIRN_TRY_ASSIGN(Locks locks, Locks::load(workspace_, graph_));
    CAIRN_TRY_ASSIGN(auto journal, version::RunJournal::open(workspace_.paths().runs()));
    std::set<std::string> folders;
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const pipeline::Stage& stage = graph_.stage(i);
      const pipeline::StageLock* block = locks.find(stage);
      CAIRN_CHECK(block != nullptr);
      folders.insert(stage.folder());
      CAIRN_TRY(add_stage(stage, *block, *journal));
    }
    std::ranges::sort(manifest_.stages, {}, &version::ManifestStage::stage);
    for (const std::string& folder : folders) {
      CAIRN_TRY(add_lock(os::join(folder, pipeline::kLockFile)));
    }
    std::ranges::sort(manifest_.locks, {}, &version::ManifestLock::path);
    return {};
  }

  Status add_stage(const pipeline::Stage& stage, const pipeline::StageLock& block,
                   const version::RunJournal& journal) {
    version::ManifestStage made;
    made.stage = stage.address();
    made.key = pipeline::stage_key(block, stage.folder());
    made.seed = block.seed;
    made.environment = block.environment;
    for (const version::RunPlace& place : journal.runs_of(made.stage)) {
      auto run = place.head.key == made.key
                     ? journal.read(place)
                     : Result<version::RunRecord>(Error(Code::not_found, "another run"));
      if (run.ok() && run->status == version::RunStatus::ok && run->block.outs == block.outs) {
        made.start_ms = run->start_ms;
        made.conditions = run->conditions;
        made.conditions.folder.clear();
      }
    }
    for (const pipeline::LockedParam& param : block.params) {
      manifest_.params[param.file].insert_or_assign(param.key, param.value);
    }
    manifest_.stages.push_back(std::move(made));
    return block.environment ? add_environment(*block.environment) : Status();
  }

  Status add_environment(const store::Object& object) {
    CAIRN_TRY_ASSIGN(auto record, find_environment(workspace_, object));
    if (record) {
      manifest_.environments.insert_or_assign(object.id.text(), summary_of(*record));
    }
    return {};
  }

  /// By its bytes as committed: line ends in the work tree may be others.
  Status add_lock(const std::string& path) {
    CAIRN_TRY_ASSIGN(auto file, git_.find_blob(head_, os::join(workspace_.git_prefix(), path)));
    if (!file) {
      return Error(Code::conflict, quoted(path) + " is not committed", "git add -A && git commit");
    }
    CAIRN_TRY_ASSIGN(Buffer bytes, git_.read_blob(file->blob));
    manifest_.locks.push_back({path, codec::hash(bytes)});
    return {};
  }

  Status add_metrics() {
    ValueReader reader(workspace_);
    ValueRequest request;
    request.kind = ValueKind::metrics;
    CAIRN_TRY_ASSIGN(Values values, reader.read({"", head_}, request));
    for (const Error& error : values.errors) {
      return error.with_context("metrics");
    }
    for (const report::Document& document : values.documents) {
      for (report::FlatValue& value : report::flatten(document.value)) {
        manifest_.metrics[document.path].insert_or_assign(value.key, std::move(value.value));
      }
    }
    return {};
  }

  Status add_data() {
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace_, pipeline::read_lock_outputs));
    for (const project::Tracked& one : tracked) {
      if (one.source != project::Tracked::Source::pointer) {
        continue;
      }
      CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), one.declared_in));
      CAIRN_TRY_ASSIGN(project::Pointer pointer, project::parse_pointer(text.value_or(""), one.declared_in));
      manifest_.data.push_back({one.path, {pointer.object, pointer.files, pointer.executable}});
    }
    return {};
  }

  project::Workspace& workspace_;
  const pipeline::Graph& graph_;
  git::Repository& git_;
  const git::Oid head_;
  version::Manifest manifest_;
};

}  // namespace

Result<version::Manifest> make_manifest(project::Workspace& workspace, const pipeline::Graph& graph) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto head, git->head());
  CAIRN_CHECK(head.has_value());
  return ManifestMaker(workspace, graph, *git, *head).make();
}

}  // namespace cairn::ops
