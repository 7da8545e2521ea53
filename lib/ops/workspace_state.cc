// SPDX-License-Identifier: Apache-2.0
#include "ops/workspace_state.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/root_files.h"
#include "project/scan.h"
#include "text/json.h"
#include "text/toml.h"
#include "text/yaml.h"

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

Result<text::Value> parse_params(std::string_view text, const std::string& file) {
  if (file.ends_with(".json")) {
    return text::parse_json(text, file);
  }
  if (file.ends_with(".toml")) {
    return text::parse_toml(text, file);
  }
  return text::parse_yaml(text, file);
}

std::vector<pipeline::FoundPath> found_paths(const std::vector<std::string>& names) {
  std::vector<pipeline::FoundPath> out;
  for (const std::string& name : names) {
    out.push_back({name, std::nullopt});
  }
  return out;
}

template <class Declared>
std::vector<std::string> names_of(const std::vector<Declared>& declared) {
  std::vector<std::string> names;
  for (const Declared& one : declared) {
    names.push_back(one.path);
  }
  return names;
}

/// Takes out what Git ignores, and folders that then are empty: they come and go with caches such as
/// __pycache__.
Status drop_ignored(git::Repository& repository, const std::string& prefix, const std::string& path,
                    project::Scan& scan) {
  std::vector<project::ScannedFile> kept;
  std::string dropped_folder;
  for (project::ScannedFile& file : scan.files) {
    if (!dropped_folder.empty() && os::is_within(file.path, dropped_folder)) {
      continue;
    }
    bool folder = file.kind == store::TreeKind::folder;
    std::string whole = os::join(prefix, os::join(path, file.path)) + (folder ? "/" : "");
    CAIRN_TRY_ASSIGN(bool ignored, repository.is_ignored(whole));
    if (!ignored) {
      kept.push_back(std::move(file));
    } else if (folder) {
      dropped_folder = file.path;
    }
  }
  scan.files = std::move(kept);
  return {};
}

}  // namespace

Result<std::optional<pipeline::PathState>> WorkspaceState::path(const std::string& path) {
  if (auto known = paths_.find(path); known != paths_.end()) {
    return known->second;
  }
  CAIRN_TRY_ASSIGN(std::optional<project::Scan> scan, project::scan_path(workspace_, path, context_));
  std::optional<pipeline::PathState> state;
  if (scan) {
    if (scan->kind == os::Kind::folder && workspace_.git_layout() && !is_kept(path)) {
      CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
      CAIRN_TRY(drop_ignored(*repository, workspace_.git_prefix(), path, *scan));
    }
    CAIRN_TRY(project::hash_files(workspace_, path, *scan, context_));
    if (!scan->errors.empty()) {
      return scan->errors.front();
    }
    CAIRN_TRY_ASSIGN(project::Summary summary, project::summarize(*scan, nullptr));
    std::uint64_t files = summary.object.family == store::Family::tree ? summary.files : 0;
    state = pipeline::PathState{summary.object, files, summary.executable};
  }
  paths_.emplace(path, state);
  return state;
}

bool WorkspaceState::is_kept(const std::string& path) {
  auto materialised = workspace_.materialised();
  if (!materialised.ok()) {
    return false;
  }
  for (std::string_view above = path; !above.empty(); above = os::parent_of(above)) {
    if ((*materialised)->find(above) != nullptr) {
      return true;
    }
  }
  return false;
}

Result<const text::Value*> WorkspaceState::params(const std::string& file) {
  auto known = params_.find(file);
  if (known == params_.end()) {
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), file));
    std::optional<text::Value> value;
    if (text) {
      CAIRN_TRY_ASSIGN(value, parse_params(*text, file));
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

Status WorkspaceState::fill(std::vector<pipeline::FoundPath>& found) {
  for (pipeline::FoundPath& one : found) {
    CAIRN_TRY_ASSIGN(one.state, path(one.path));
  }
  return {};
}

Result<pipeline::Inputs> WorkspaceState::inputs(const pipeline::Stage& stage) {
  pipeline::Inputs inputs;
  CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* tracked, tracked_files());
  inputs.code = found_paths(pipeline::code_files(stage, *tracked));
  inputs.deps = found_paths(names_of(stage.deps));
  inputs.outs = found_paths(names_of(stage.outs));
  CAIRN_TRY(fill(inputs.code));
  CAIRN_TRY(fill(inputs.deps));
  CAIRN_TRY(fill(inputs.outs));
  for (const pipeline::ParamFile& file : stage.params) {
    CAIRN_TRY_ASSIGN(const text::Value* document, params(file.file));
    for (pipeline::FoundParam& param : pipeline::find_params(file, document)) {
      inputs.params.push_back(std::move(param));
    }
  }
  return inputs;
}

void WorkspaceState::forget(const std::string& path) {
  auto related = [&](const auto& entry) {
    return os::is_within(entry.first, path) || os::is_within(path, entry.first);
  };
  std::erase_if(paths_, related);
  std::erase_if(params_, related);
}

}  // namespace cairn::ops
