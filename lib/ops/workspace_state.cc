// SPDX-License-Identifier: Apache-2.0
#include "ops/workspace_state.h"

#include <algorithm>

#include "ops/counted_scan.h"
#include "ops/file_words.h"
#include "os/path.h"
#include "project/current.h"
#include "project/root_files.h"
#include "text/params.h"

namespace cairn::ops {
namespace {

/// Files in Git's index, by path from the project's root.
class IndexFiles : public pipeline::TrackedFiles {
 public:
  explicit IndexFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  [[nodiscard]] bool contains(std::string_view path) const override {
    return std::binary_search(paths_.begin(), paths_.end(), path, std::less<>());
  }

  void each_inside(std::string_view folder, const std::function<void(std::string_view)>& use) const override {
    std::string prefix = folder.empty() ? "" : std::string(folder) + "/";
    for (auto at = std::lower_bound(paths_.begin(), paths_.end(), prefix);
         at != paths_.end() && at->starts_with(prefix); ++at) {
      use(*at);
    }
  }

 private:
  std::vector<std::string> paths_;  // sorted
};

/// Paths of the index below `prefix`, without it.
std::vector<std::string> below(const std::vector<std::string>& paths, const std::string& prefix) {
  if (prefix.empty()) {
    return paths;
  }
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    if (path.starts_with(prefix + "/")) {
      out.push_back(path.substr(prefix.size() + 1));
    }
  }
  return out;
}

}  // namespace

Result<std::optional<project::Scan>> WorkspaceState::scan(const std::string& path) {
  return scan_counted(workspace_, path, context_);
}

Result<std::optional<pipeline::PathState>> WorkspaceState::path(const std::string& path) {
  if (auto known = paths_.find(path); known != paths_.end()) {
    return known->second;
  }
  CAIRN_TRY_ASSIGN(std::optional<project::Scan> found, scan(path));
  std::optional<pipeline::PathState> state;
  if (found) {
    CAIRN_TRY_ASSIGN(project::Summary summary, project::summarize(*found, nullptr));
    std::uint64_t files = summary.object.family == store::Family::tree ? summary.files : 0;
    state = pipeline::PathState{summary.object, files, summary.executable};
  }
  paths_.emplace(path, state);
  return state;
}

Status WorkspaceState::keep_trees(const pipeline::Stage& stage, Recorder& recorder) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  CAIRN_TRY_ASSIGN(const project::Materialised* materialised, workspace_.materialised());
  CAIRN_TRY_ASSIGN(const std::vector<pipeline::FoundPath> deps, find_deps(stage));
  for (const pipeline::FoundPath& dep : deps) {
    const std::optional<pipeline::PathState>& state = dep.state;
    if (!state || !state->is_tree() || is_kept(*materialised, dep.path) || store->has(state->object)) {
      continue;
    }
    CAIRN_TRY_ASSIGN(std::optional<project::Scan> found, scan(real_path(dep.path)));
    if (found) {
      CAIRN_TRY_ASSIGN(store::Writer * writer, recorder.writer());
      CAIRN_TRY(project::summarize(*found, writer));
    }
  }
  return {};
}

Result<std::vector<std::string>> WorkspaceState::compare(const std::string& path,
                                                         const pipeline::PathState& was) {
  std::vector<std::string> lines;
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  CAIRN_TRY_ASSIGN(std::optional<project::Scan> found, scan(real_path(path)));
  if (!found || found->kind != os::Kind::folder || !store->has(was.object)) {
    return lines;
  }
  project::Current current;
  CAIRN_TRY_ASSIGN(current.trees, project::build_trees(*found, nullptr));
  CAIRN_TRY_ASSIGN(project::Summary now, project::summarize(*found, nullptr));
  project::Comparison comparison{path, project::side_of(was.object, false),
                                 project::side_of(now.object, false)};
  store::Reader reader(*store);
  std::vector<project::FileChange> changes;
  CAIRN_TRY(project::compare_trees(comparison, project::tree_lookup(current, reader), changes));
  project::find_renames(changes);
  for (const project::FileChange& change : changes) {
    lines.push_back(describe_file(change));
  }
  return lines;
}

Result<const text::Value*> WorkspaceState::params(const std::string& file) {
  auto known = params_.find(file);
  if (known == params_.end()) {
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), file));
    std::optional<text::Value> value;
    if (text) {
      CAIRN_TRY_ASSIGN(value, text::parse_params(*text, file));
    }
    known = params_.emplace(file, std::move(value)).first;
  }
  return known->second ? &*known->second : nullptr;
}

Result<const pipeline::TrackedFiles*> WorkspaceState::tracked_files() {
  if (tracked_ == nullptr) {
    std::vector<std::string> paths;
    if (workspace_.git_layout()) {
      CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
      CAIRN_TRY_ASSIGN(paths, repository->tracked_paths({}));
      paths = below(paths, workspace_.git_prefix());
    }
    tracked_ = std::make_unique<IndexFiles>(std::move(paths));
  }
  return tracked_.get();
}

Result<bool> WorkspaceState::counts(const std::string& path) {
  CAIRN_TRY_ASSIGN(const project::Materialised* materialised, workspace_.materialised());
  if (!workspace_.git_layout() || is_kept(*materialised, path) || keeps_inside(*materialised, path)) {
    return true;
  }
  CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace_.files().find_stat(path));
  const bool folder = stat.has_value() && stat->kind == os::Kind::folder;
  CAIRN_TRY_ASSIGN(const bool ignored,
                   repository->is_ignored(os::join(workspace_.git_prefix(), path) + (folder ? "/" : "")));
  if (ignored || !folder) {
    return !ignored;
  }
  CAIRN_TRY_ASSIGN(const auto state, this->path(path));
  return state.has_value() && state->files > 0;
}

namespace {

/// Erases a path, what is inside it, and what it is inside of. Cost: by what is erased, not by what is there.
template <class Map>
void erase_related(Map& map, const std::string& path) {
  const std::string inside = path.empty() ? "" : path + "/";
  auto at = map.lower_bound(inside);
  while (at != map.end() && at->first.starts_with(inside)) {
    at = map.erase(at);
  }
  for (std::string_view up = path;; up = os::parent_of(up)) {
    if (auto found = map.find(up); found != map.end()) {
      map.erase(found);
    }
    if (up.empty()) {
      return;
    }
  }
}

}  // namespace

void WorkspaceState::assume(const std::string& path, const pipeline::PathState& state) {
  paths_.insert_or_assign(path, state);
}

void WorkspaceState::forget(const std::string& path) {
  erase_related(paths_, path);
  erase_related(params_, path);
  globs_.forget(path);
}

void WorkspaceState::forget(const pipeline::Dep& dep) {
  forget(dep.glob ? glob_base(dep.path) : dep.path);
  if (const auto link = links_.find(dep.path); link != links_.end()) {
    const std::string real = link->second;
    links_.erase(link);
    forget(real);
  }
}

void WorkspaceState::forget(const pipeline::Out& out) {
  forget(out.glob ? glob_base(out.path) : out.path);
}

}  // namespace cairn::ops
