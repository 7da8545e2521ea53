// SPDX-License-Identifier: Apache-2.0
#include "pipeline/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/escape.h"
#include "git/glob.h"

namespace cairn::pipeline {
namespace {

std::vector<LockedPath> locked(const std::vector<FoundPath>& found) {
  std::vector<LockedPath> paths;
  paths.reserve(found.size());
  for (const FoundPath& path : found) {
    if (path.state.has_value()) {
      paths.push_back({path.path, *path.state});
    }
  }
  std::sort(paths.begin(), paths.end(),
            [](const LockedPath& a, const LockedPath& b) { return a.path < b.path; });
  const auto same = [](const LockedPath& a, const LockedPath& b) { return a.path == b.path; };
  paths.erase(std::unique(paths.begin(), paths.end(), same), paths.end());
  return paths;
}

std::vector<LockedParam> locked(const std::vector<FoundParam>& found) {
  std::vector<LockedParam> params;
  params.reserve(found.size());
  for (const FoundParam& param : found) {
    if (param.value.has_value()) {
      params.push_back({param.file, param.key, *param.value});
    }
  }
  std::sort(params.begin(), params.end(), [](const LockedParam& a, const LockedParam& b) {
    return std::tie(a.file, a.key) < std::tie(b.file, b.key);
  });
  const auto same = [](const LockedParam& a, const LockedParam& b) {
    return a.file == b.file && a.key == b.key;
  };
  params.erase(std::unique(params.begin(), params.end(), same), params.end());
  return params;
}

Error missing(const Stage& stage, const text::Position& at, std::string_view what, std::string_view name) {
  return Error(Code::not_found, fmt::format("{}: {} {} of stage {} is missing", text::place(stage.file, at),
                                            what, quoted(name), quoted(stage.address())));
}

text::Position dep_place(const Stage& stage, const FoundPath& found) {
  const std::string& declared = found.glob.empty() ? found.path : found.glob;
  for (const Dep& dep : stage.deps) {
    if (dep.path == declared && dep.glob == !found.glob.empty()) {
      return dep.at;
    }
  }
  return stage.at;
}

Error missing_dep(const Stage& stage, const FoundPath& dep) {
  const text::Position at = dep_place(stage, dep);
  if (dep.glob == dep.path) {
    return Error(Code::not_found,
                 fmt::format("{}: dep {} of stage {} matches nothing", text::place(stage.file, at),
                             quoted(dep.path), quoted(stage.address())))
        .with_hint("make what it should match, or bring back what is stored with: cairn checkout");
  }
  return missing(stage, at, "dep", dep.path)
      .with_hint("make it, or bring back what is stored with: cairn checkout");
}

/// Puts what was recorded, and is not there, in place of "it is missing" and "nothing matches". `glob` as in
/// FoundPath.
template <class Locked>
void add_recorded(const std::string& glob, const std::vector<const Locked*>& recorded,
                  std::vector<FoundPath>& found) {
  for (const Locked* item : recorded) {
    std::erase_if(found, [&](const FoundPath& one) {
      return one.glob == glob && !one.state.has_value() && (one.path == item->path || one.path == glob);
    });
    found.push_back({item->path, item->state, glob});
  }
}

bool is_there(const std::vector<FoundPath>& found, const std::string& path) {
  return std::any_of(found.begin(), found.end(),
                     [&path](const FoundPath& one) { return one.path == path && one.state.has_value(); });
}

void assume_outs(const Stage& stage, const StageLock& block, std::vector<FoundPath>& found) {
  for (const Out& out : stage.outs) {
    const std::string glob = out.glob ? out.path : "";
    std::vector<const LockedOut*> lost;
    for (const LockedOut& locked : block.outs) {
      if (locked.declared() == out.path && locked.glob == glob && locked.state.has_value() &&
          !is_there(found, locked.path)) {
        lost.push_back(&locked);
      }
    }
    add_recorded(glob, lost, found);
  }
}

text::Position param_place(const Stage& stage, const FoundParam& param) {
  for (const ParamFile& file : stage.params) {
    if (file.file != param.file) {
      continue;
    }
    for (const ParamKey& key : file.keys) {
      if (key.key == param.key) {
        return key.at;
      }
    }
    return file.at;
  }
  return stage.at;
}

}  // namespace

std::vector<LockedVariable> command_variables(const Stage& stage) {
  std::map<std::string, std::string> set = stage.env;
  if (stage.seed.has_value()) {
    const std::int64_t seed = stage.seed->value;
    set.emplace("CAIRN_SEED", std::to_string(seed));
    set.emplace("PYTHONHASHSEED", std::to_string(static_cast<std::uint32_t>(seed)));
    for (const std::string& name : stage.seed->variables) {
      set.emplace(name, std::to_string(seed));
    }
  }
  std::vector<LockedVariable> variables;
  variables.reserve(set.size());
  for (auto& [name, value] : set) {
    variables.push_back({name, std::move(value)});
  }
  return variables;
}

StageLock make_block(const Stage& stage, const Inputs& inputs) {
  StageLock block;
  block.name = stage.name;
  block.cmd = stage.cmd;
  block.shell = stage.shell;
  block.wdir = stage.wdir;
  block.code = locked(inputs.code);
  block.deps = locked(inputs.deps);
  block.params = locked(inputs.params);
  block.env = command_variables(stage);
  block.track_env = inputs.variables;
  std::sort(block.track_env.begin(), block.track_env.end(),
            [](const LockedVariable& a, const LockedVariable& b) { return a.name < b.name; });
  if (stage.seed.has_value()) {
    block.seed = stage.seed->value;
  }
  block.environment = inputs.environment;
  block.outs.reserve(stage.outs.size());
  for (const Out& out : stage.outs) {
    block.outs.push_back(
        {out.path, {}, out.cached, out.kind, out.glob ? out.path : "", out.push, out.remote});
  }
  std::sort(block.outs.begin(), block.outs.end(),
            [](const LockedOut& a, const LockedOut& b) { return a.path < b.path; });
  return block;
}

void assume_recorded_deps(const Stage& stage, const StageLock& block,
                          const std::function<bool(const Dep&)>& which, std::vector<FoundPath>& found) {
  for (const Dep& dep : stage.deps) {
    if (!which(dep)) {
      continue;
    }
    const std::optional<git::PathGlob> glob =
        dep.glob ? git::PathGlob::compile(dep.path) : std::optional<git::PathGlob>();
    std::vector<const LockedPath*> lost;
    for (const LockedPath& locked : block.deps) {
      const bool meant = dep.glob ? glob.has_value() && glob->matches(locked.path) : dep.path == locked.path;
      if (meant && !is_there(found, locked.path)) {
        lost.push_back(&locked);
      }
    }
    add_recorded(dep.glob ? dep.path : "", lost, found);
  }
}

Inputs assume_recorded(const Stage& stage, const StageLock* block, Inputs inputs) {
  if (block != nullptr) {
    assume_recorded_deps(
        stage, *block, [](const Dep&) { return true; }, inputs.deps);
    assume_outs(stage, *block, inputs.outs);
  }
  return inputs;
}

Status check_inputs(const Stage& stage, const Inputs& inputs) {
  for (const FoundPath& dep : inputs.deps) {
    if (!dep.state.has_value()) {
      return missing_dep(stage, dep);
    }
  }
  for (const FoundPath& code : inputs.code) {
    if (!code.state.has_value()) {
      return missing(stage, stage.at, "code file", code.path)
          .with_hint("bring it back with: git checkout -- FILE");
    }
  }
  for (const FoundParam& param : inputs.params) {
    if (!param.value.has_value()) {
      const bool whole = param.key.empty();
      return missing(stage, param_place(stage, param), whole ? "params file" : "parameter",
                     whole ? param.file : fmt::format("{}:{}", param.file, param.key))
          .with_hint("add it to the params file, or take it out of the stage's 'params'");
    }
  }
  return {};
}

}  // namespace cairn::pipeline
