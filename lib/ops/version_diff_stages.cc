// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/environments.h"
#include "ops/version_diff_parts.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

/// A cairn.yaml of one side; nothing parsed where there is none.
struct Parsed {
  std::optional<std::string> content;
  std::map<std::string, std::optional<std::string>> asked;  // contents of files that templates asked for
  std::vector<Stage> stages;
};

Result<Parsed> parse(Snapshot& snapshot, const std::string& path, DocumentCache& documents) {
  Parsed parsed;
  CAIRN_TRY_ASSIGN(parsed.content, snapshot.content_name(path));
  if (parsed.content) {
    SnapshotSurroundings surroundings(snapshot, documents);
    CAIRN_TRY_ASSIGN(const std::string text, snapshot.read(path, *parsed.content));
    CAIRN_TRY_ASSIGN(pipeline::PipelineFile file, pipeline::parse_pipeline(text, path, surroundings));
    parsed.stages = std::move(file.stages);
    parsed.asked = surroundings.asked();
  }
  return parsed;
}

/// Whether the other side has the same file, and all that its templates read.
Result<bool> is_same(const Parsed& parsed, const std::string& path, Snapshot& other) {
  CAIRN_TRY_ASSIGN(const auto content, other.content_name(path));
  bool same = content == parsed.content;
  for (auto asked = parsed.asked.begin(); same && asked != parsed.asked.end(); ++asked) {
    CAIRN_TRY_ASSIGN(const auto found, other.content_name(asked->first));
    same = found == asked->second;
  }
  return same;
}

using Stages = std::map<std::string, Stage>;  // by address

void add(std::vector<Stage> from, Stages& to) {
  for (Stage& stage : from) {
    std::string address = stage.address();
    to.emplace(std::move(address), std::move(stage));
  }
}

void compare(const std::string& address, const Stage& before, const Stage& after, VersionDiff& diff) {
  if (auto differences = pipeline::diff_stages(before, after); !differences.empty()) {
    diff.pipeline.push_back({Presence::changed, address, std::move(differences)});
  }
  if (before.seed != after.seed) {
    diff.seeds.push_back({address, before.seed, after.seed});
  }
}

void compare(const Stages& before, const Stages& after, VersionDiff& diff, std::set<std::string>& told) {
  Stages all = before;
  all.insert(after.begin(), after.end());
  for (const auto& [address, stage] : all) {
    const auto was = before.find(address);
    const auto now = after.find(address);
    const std::size_t known = diff.pipeline.size() + diff.seeds.size();
    if (was == before.end() || now == after.end()) {
      diff.pipeline.push_back({was == before.end() ? Presence::added : Presence::removed, address, {}});
    } else {
      compare(address, was->second, now->second, diff);
    }
    if (diff.pipeline.size() + diff.seeds.size() > known) {
      told.insert(stage.file);
    }
  }
}

// --- What stages ran in ---

std::string shown(const std::optional<std::string>& value) {
  return value ? quoted(*value) : "not set";
}

void add_variables(const pipeline::StageLock& before, const pipeline::StageLock& after,
                   std::vector<version::EnvironmentChange>& changes) {
  for (const pipeline::LockedVariable& now : after.track_env) {
    const auto was = std::ranges::find(before.track_env, now.name, &pipeline::LockedVariable::name);
    if (was != before.track_env.end() && was->value != now.value) {
      changes.push_back({"variable", now.name, was->value.value_or(""), now.value.value_or(""),
                         "variable " + now.name + " " + shown(was->value) + " -> " + shown(now.value)});
    }
  }
}

/// The records of two runs; an environment that only one of them declares is a change of cairn.yaml.
Status compare_records(project::Workspace& workspace, const pipeline::StageLock& before,
                       const pipeline::StageLock& after, SurroundingsChange& change) {
  if (!before.environment || !after.environment || before.environment->id == after.environment->id) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const auto was, find_environment(workspace, *before.environment));
  CAIRN_TRY_ASSIGN(const auto now, find_environment(workspace, *after.environment));
  change.unknown = !was || !now;
  if (was && now) {
    change.changes = version::compare_environments(*was, *now);
  }
  return {};
}

bool same_change(const SurroundingsChange& a, const SurroundingsChange& b) {
  const auto same_text = [](const version::EnvironmentChange& x, const version::EnvironmentChange& y) {
    return x.text == y.text;
  };
  return a.unknown == b.unknown &&
         std::equal(a.changes.begin(), a.changes.end(), b.changes.begin(), b.changes.end(), same_text);
}

void add(SurroundingsChange change, std::vector<SurroundingsChange>& changes) {
  if (change.changes.empty() && !change.unknown) {
    return;
  }
  const auto known = std::find_if(changes.begin(), changes.end(), [&change](const SurroundingsChange& other) {
    return same_change(change, other);
  });
  if (known == changes.end()) {
    changes.push_back(std::move(change));
  } else {
    known->stages.push_back(change.stages.front());
  }
}

}  // namespace

Status diff_definitions(Snapshot& before, Snapshot& after, VersionDiff& diff, std::set<std::string>& told) {
  CAIRN_TRY_ASSIGN(const std::vector<std::string> old_files, before.pipeline_files());
  CAIRN_TRY_ASSIGN(const std::vector<std::string> new_files, after.pipeline_files());
  std::set<std::string> files(old_files.begin(), old_files.end());
  files.insert(new_files.begin(), new_files.end());
  DocumentCache documents;
  Stages old_stages;
  Stages new_stages;
  for (const std::string& path : files) {
    Result<Parsed> was = parse(before, path, documents);
    if (was.ok()) {
      CAIRN_TRY_ASSIGN(const bool same, is_same(*was, path, after));
      if (same) {
        continue;
      }
    }
    Result<Parsed> now = parse(after, path, documents);
    if (!was.ok() || !now.ok()) {
      const bool old_one = !was.ok();
      diff.errors.push_back((old_one ? was.error() : now.error())
                                .with_context(escaped(old_one ? diff.before.name : diff.after.name)));
      continue;
    }
    add(std::move(was->stages), old_stages);
    add(std::move(now->stages), new_stages);
  }
  compare(old_stages, new_stages, diff, told);
  return {};
}

Result<std::vector<SurroundingsChange>> diff_surroundings(project::Workspace& workspace,
                                                          const std::vector<LockPair>& locks) {
  std::vector<SurroundingsChange> changes;
  for (const LockPair& lock : locks) {
    const std::string file = os::join(lock.folder, pipeline::kPipelineFile);
    for (const pipeline::StageLock& after : lock.after.stages) {
      if (const pipeline::StageLock* before = lock.before.find(after.name)) {
        SurroundingsChange change{{pipeline::stage_address(file, after.name)}, {}, false};
        CAIRN_TRY(compare_records(workspace, *before, after, change));
        add_variables(*before, after, change.changes);
        add(std::move(change), changes);
      }
    }
  }
  return changes;
}

}  // namespace cairn::ops
