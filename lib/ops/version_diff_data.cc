// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/version_diff_parts.h"
#include "os/path.h"
#include "project/current.h"
#include "project/pointer.h"
#include "store/reader.h"

namespace cairn::ops {
namespace {

using pipeline::PathState;
using project::ChangeKind;

/// What is at a path on both sides.
struct Pair {
  std::optional<PathState> before;
  std::optional<PathState> after;
  std::string stage;
};
using Pairs = std::map<std::string, Pair>;

ChangeKind kind_of(const Pair& pair) {
  if (!pair.before || !pair.after) {
    return pair.before ? ChangeKind::deleted : ChangeKind::added;
  }
  return pair.before->is_tree() == pair.after->is_tree() ? ChangeKind::modified : ChangeKind::type_changed;
}

/// Paths that are gone with their content, which appeared at another path.
std::map<std::string, std::string> find_moves(const Pairs& pairs) {
  std::multimap<store::Id, std::string> appeared;
  for (const auto& [path, pair] : pairs) {
    if (!pair.before && pair.after && pair.after->object.size != 0) {
      appeared.emplace(pair.after->object.id, path);
    }
  }
  std::map<std::string, std::string> moves;  // new path, old path
  for (const auto& [path, pair] : pairs) {
    const auto match = pair.before && !pair.after ? appeared.find(pair.before->object.id) : appeared.end();
    if (match != appeared.end()) {
      moves.emplace(match->second, path);
      appeared.erase(match);
    }
  }
  return moves;
}

/// Sorted by path.
std::vector<DataChange> changes_of(const Pairs& pairs) {
  const std::map<std::string, std::string> moves = find_moves(pairs);
  std::set<std::string> left;
  for (const auto& [to, from] : moves) {
    left.insert(from);
  }
  std::vector<DataChange> changes;
  for (const auto& [path, pair] : pairs) {
    if (pair.before == pair.after || left.contains(path)) {
      continue;
    }
    DataChange change{kind_of(pair), path, "", pair.stage, pair.before, pair.after, {}, {}};
    if (const auto move = moves.find(path); move != moves.end()) {
      change.kind = ChangeKind::renamed;
      change.old_path = move->second;
      change.before = pairs.at(move->second).before;
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

/// Nothing where that side has no such file.
Result<std::optional<PathState>> read_pointer(git::Repository& git, const std::string& path,
                                              const std::optional<git::TreeFile>& file) {
  if (!file) {
    return std::optional<PathState>();
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, git.read_blob(file->blob));
  CAIRN_TRY_ASSIGN(const project::Pointer pointer, project::parse_pointer(as_text(bytes), path));
  return std::optional(PathState{pointer.object, pointer.files, pointer.executable});
}

Result<pipeline::Lock> read_lock(git::Repository& git, const std::string& path,
                                 const std::optional<git::TreeFile>& file) {
  if (!file) {
    return pipeline::Lock();
  }
  CAIRN_TRY_ASSIGN(const Buffer bytes, git.read_blob(file->blob));
  return pipeline::parse_lock(as_text(bytes), path);
}

void add_outs(const pipeline::Lock& lock, const std::string& folder, std::optional<PathState> Pair::*side,
              Pairs& pairs) {
  for (const pipeline::StageLock& stage : lock.stages) {
    for (const pipeline::LockedOut& out : stage.outs) {
      Pair& pair = pairs[out.path];
      pair.*side = out.state;
      pair.stage = pipeline::stage_address(os::join(folder, pipeline::kPipelineFile), stage.name);
    }
  }
}

/// One of the paths is `path`, is in it, or holds it.
bool is_told(const std::string& path, const std::set<std::string>& told) {
  return std::any_of(told.begin(), told.end(), [&path](const std::string& other) {
    return os::is_within(path, other) || os::is_within(other, path);
  });
}

void add_deps(const pipeline::StageLock& before, const pipeline::StageLock& after,
              const std::set<std::string>& told, Pairs& pairs) {
  for (const pipeline::LockedPath& dep : after.deps) {
    const auto was = std::ranges::find(before.deps, dep.path, &pipeline::LockedPath::path);
    if (was != before.deps.end() && was->state != dep.state && !is_told(dep.path, told)) {
      pairs[dep.path] = {was->state, dep.state, ""};
    }
  }
}

/// What the store here lacks stays unknown.
Status keep_known(Status status) {
  return !status.ok() && status.error().code() == Code::not_found ? Status() : status;
}

Status describe(store::Reader& reader, DataChange& change) {
  if (change.kind != ChangeKind::modified || change.before->object == change.after->object) {
    return {};
  }
  if (change.after->is_tree()) {
    const project::Current nothing_here;
    const project::Comparison both{change.path, project::side_of(change.before->object, false),
                                   project::side_of(change.after->object, false)};
    CAIRN_TRY(project::compare_trees(both, project::tree_lookup(nothing_here, reader), change.files));
    project::find_renames(change.files);
  }
  Result<report::ContentChange> content =
      report::content_change(reader, change.before->object, change.after->object);
  if (content.ok()) {
    change.content = *content;
    return {};
  }
  return keep_known(content.error());
}

}  // namespace

Result<std::vector<LockPair>> read_lock_pairs(git::Repository& git, const std::vector<git::TreeChange>& locks,
                                              std::vector<Error>& errors) {
  std::vector<LockPair> pairs;
  for (const git::TreeChange& file : locks) {
    auto before = read_lock(git, file.path, file.before);
    auto after = read_lock(git, file.path, file.after);
    if (before.ok() && after.ok()) {
      pairs.push_back({std::string(os::parent_of(file.path)), std::move(*before), std::move(*after)});
    } else {
      errors.push_back(before.ok() ? after.error() : before.error());
    }
  }
  return pairs;
}

Result<std::vector<DataChange>> diff_pointers(git::Repository& git,
                                              const std::vector<git::TreeChange>& pointers,
                                              std::vector<git::TreeChange>& same,
                                              std::vector<Error>& errors) {
  Pairs pairs;
  for (const git::TreeChange& file : pointers) {
    auto before = read_pointer(git, file.path, file.before);
    auto after = read_pointer(git, file.path, file.after);
    if (!before.ok() || !after.ok()) {
      errors.push_back(before.ok() ? after.error() : before.error());
    } else if (*before == *after) {
      same.push_back(file);
    } else {
      pairs[std::string(project::data_path(file.path))] = {*before, *after, ""};
    }
  }
  return changes_of(pairs);
}

std::vector<DataChange> diff_outs(const std::vector<LockPair>& locks) {
  Pairs pairs;
  for (const LockPair& lock : locks) {
    add_outs(lock.before, lock.folder, &Pair::before, pairs);
    add_outs(lock.after, lock.folder, &Pair::after, pairs);
  }
  return changes_of(pairs);
}

std::vector<DataChange> diff_other_deps(const std::vector<LockPair>& locks,
                                        const std::set<std::string>& told) {
  Pairs pairs;
  for (const LockPair& lock : locks) {
    for (const pipeline::StageLock& after : lock.after.stages) {
      const pipeline::StageLock* before = lock.before.find(after.name);
      if (before != nullptr) {
        add_deps(*before, after, told, pairs);
      }
    }
  }
  return changes_of(pairs);
}

Status describe_content(project::Workspace& workspace, std::vector<DataChange>& changes,
                        std::vector<Error>& errors) {
  if (changes.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(store::Store* const store, workspace.store());
  store::Reader reader(*store);
  for (DataChange& change : changes) {
    if (Status status = describe(reader, change); !status.ok()) {
      errors.push_back(status.error().with_context(escaped(change.path)));
    }
  }
  return {};
}

}  // namespace cairn::ops
