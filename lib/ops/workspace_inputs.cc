// SPDX-License-Identifier: Apache-2.0
// What a stage is judged by: paths that its deps and outs stand for now, params, variables, environment.
#include <algorithm>
#include <cstdlib>

#include "ops/at_place.h"
#include "ops/follow_links.h"
#include "ops/workspace_state.h"
#include "pipeline/glob_overlap.h"

namespace cairn::ops {
Result<std::optional<pipeline::PathState>> WorkspaceState::followed(const std::string& path) {
  auto direct = this->path(path);
  if (direct.ok() && direct->has_value()) {
    return direct;
  }
  CAIRN_TRY_ASSIGN(std::string real, follow_links(workspace_, path));
  if (real == path) {
    return direct;
  }
  links_[path] = real;
  return this->path(real);
}

const std::string& WorkspaceState::real_path(const std::string& path) const {
  const auto link = links_.find(path);
  return link == links_.end() ? path : link->second;
}

Result<std::vector<pipeline::FoundPath>> WorkspaceState::find_code(const pipeline::Stage& stage) {
  std::vector<pipeline::FoundPath> found;
  CAIRN_TRY_ASSIGN(const pipeline::TrackedFiles* tracked, tracked_files());
  for (std::string& path : pipeline::code_files(stage, *tracked)) {
    auto state = followed(path);
    if (!state.ok()) {
      return at_place(stage, stage.at, "code", state.error());
    }
    found.push_back({std::move(path), *state, {}});
  }
  return found;
}

Result<std::vector<pipeline::FoundPath>> WorkspaceState::find_deps(const pipeline::Stage& stage) {
  std::vector<pipeline::FoundPath> found;
  for (const pipeline::Dep& dep : stage.deps) {
    const std::string glob = dep.glob ? dep.path : "";
    std::vector<std::string> paths{dep.path};
    if (dep.glob) {
      auto matches = counted_matches(stage, dep);
      if (!matches.ok()) {
        return at_place(stage, dep.at, "dep", matches.error());
      }
      paths = std::move(*matches);
    }
    for (std::string& path : paths) {
      auto state = followed(path);
      if (!state.ok()) {
        return at_place(stage, dep.at, "dep", state.error());
      }
      found.push_back({std::move(path), *state, glob});
    }
    if (paths.empty()) {
      found.push_back({dep.path, std::nullopt, glob});
    }
  }
  return found;
}

Result<std::vector<std::string>> WorkspaceState::counted_matches(const pipeline::Stage& stage,
                                                                 const pipeline::Dep& dep) {
  CAIRN_TRY_ASSIGN(const std::vector<std::string> matches, globs_.matches(dep.path));
  std::vector<std::string> counted;
  for (const std::string& path : matches) {
    CAIRN_TRY_ASSIGN(const bool counts, this->counts(path));
    const pipeline::PathPattern match = pipeline::PathPattern::path(path);
    const bool own = std::any_of(stage.outs.begin(), stage.outs.end(), [&match](const pipeline::Out& out) {
      const auto pattern =
          out.glob ? pipeline::PathPattern::glob(out.path) : pipeline::PathPattern::path(out.path);
      return pattern.can_equal(match) || pattern.can_hold(match);
    });
    if (counts && !own) {
      counted.push_back(path);
    }
  }
  return counted;
}

Result<std::vector<pipeline::FoundPath>> WorkspaceState::find_outs(const pipeline::Stage& stage) {
  std::vector<pipeline::FoundPath> found;
  for (const pipeline::Out& out : stage.outs) {
    const std::string glob = out.glob ? out.path : "";
    std::vector<std::string> paths{out.path};
    if (out.glob) {
      auto matches = globs_.matches(out.path);
      if (!matches.ok()) {
        return at_place(stage, out.at, "out", matches.error());
      }
      paths = std::move(*matches);
    }
    for (std::string& path : paths) {
      auto state = this->path(path);
      if (!state.ok()) {
        return at_place(stage, out.at, "out", state.error());
      }
      found.push_back({std::move(path), std::move(*state), glob});
    }
    if (paths.empty()) {
      found.push_back({out.path, std::nullopt, glob});
    }
  }
  return found;
}

Result<pipeline::Inputs> WorkspaceState::inputs(const pipeline::Stage& stage,
                                                const pipeline::StageLock* block) {
  pipeline::Inputs inputs;
  CAIRN_TRY_ASSIGN(inputs.code, find_code(stage));
  CAIRN_TRY_ASSIGN(inputs.deps, find_deps(stage));
  CAIRN_TRY_ASSIGN(inputs.outs, find_outs(stage));
  for (const pipeline::ParamFile& file : stage.params) {
    CAIRN_TRY_ASSIGN(const text::Value* document, params(file.file));
    for (pipeline::FoundParam& param : pipeline::find_params(file, document)) {
      inputs.params.push_back(std::move(param));
    }
  }
  for (const std::string& name : stage.track_env) {
    const char* value = std::getenv(name.c_str());
    inputs.variables.push_back({name, value == nullptr ? std::nullopt : std::optional<std::string>(value)});
  }
  if (stage.environment.has_value() && probe_ != nullptr) {
    CAIRN_TRY_ASSIGN(inputs.environment, probe_->object(stage, block));
  } else if (stage.environment.has_value() && block != nullptr) {
    inputs.environment = block->environment;
  }
  return inputs;
}

}  // namespace cairn::ops
