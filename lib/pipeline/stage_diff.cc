// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <map>

namespace cairn::pipeline {
namespace {

using text::Kind;

/// Names under one key, with their values.
using Named = std::map<std::string, std::string>;

std::string flag(bool set) {
  return set ? "true" : "false";
}

Named deps_of(const Stage& stage) {
  Named deps;
  for (const Dep& dep : stage.deps) {
    deps[dep.path] = dep.glob ? "glob" : "";
  }
  return deps;
}

/// The flags of an out that are not the default.
std::string flags_of(const Out& out) {
  std::vector<std::string> flags;
  const auto add = [&flags](bool set, std::string text) {
    if (set) {
      flags.push_back(std::move(text));
    }
  };
  add(out.glob, "glob");
  add(out.kind == OutKind::metric, "metric");
  add(out.kind == OutKind::plot, "plot");
  add(!out.cached, "cache: false");
  add(out.persist, "persist: true");
  add(!out.push, "push: false");
  add(out.optional, "optional: true");
  add(!out.remote.empty(), "remote: " + out.remote);
  add(!out.compare.is(Kind::null), "compare: " + text::canonical(out.compare));
  return fmt::format("{}", fmt::join(flags, ", "));
}

Named outs_of(const Stage& stage) {
  Named outs;
  for (const Out& out : stage.outs) {
    outs[out.path] = flags_of(out);
  }
  return outs;
}

Named params_of(const Stage& stage) {
  Named params;
  for (const ParamFile& file : stage.params) {
    if (file.whole) {
      params[file.file] = "";
    }
    for (const ParamKey& key : file.keys) {
      params[file.file + ":" + key.key] = "";
    }
  }
  return params;
}

Named plain(const std::vector<std::string>& names) {
  Named out;
  for (const std::string& name : names) {
    out[name] = "";
  }
  return out;
}

Named code_of(const Stage& stage) {
  Named code = plain(stage.code.globs);
  if (!stage.code.words) {
    code["false"] = "";
  }
  return code;
}

void add_files(Named& named, const std::string& what, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    named[what + " " + file] = "";
  }
}

Named environment_of(const Stage& stage) {
  Named named;
  if (!stage.environment) {
    return named;
  }
  const EnvironmentSpec& spec = *stage.environment;
  if (spec.python) {
    named["python"] = spec.python->interpreter;
    add_files(named, "python file", spec.python->files);
  }
  if (spec.conda) {
    named["conda"] = fmt::format("{} {} {}", spec.conda->file, spec.conda->name, spec.conda->prefix);
  }
  if (spec.uv) {
    named["uv"] = spec.uv->empty() ? "." : *spec.uv;
  }
  if (spec.node) {
    named["node"] = *spec.node;
  }
  if (spec.image) {
    named["image"] = spec.image->reference + (spec.image->engine.empty() ? "" : " " + spec.image->engine);
  }
  if (spec.system) {
    named["system"] = flag(true);
  }
  add_files(named, "tool", spec.tools);
  add_files(named, "file", spec.files);
  return named;
}

std::string wdir_of(const Stage& stage) {
  return stage.wdir.empty() ? "." : stage.wdir;
}

/// Keys with one value, and how it is told.
struct Scalar {
  std::string_view key;
  std::string (*value)(const Stage& stage);
};
constexpr std::array<Scalar, 6> kScalars{
    {{"cmd", [](const Stage& stage) { return stage.cmd; }},
     {"shell", [](const Stage& stage) { return stage.shell; }},
     {"wdir", wdir_of},
     {"deterministic", [](const Stage& stage) { return flag(stage.deterministic); }},
     {"frozen", [](const Stage& stage) { return flag(stage.frozen); }},
     {"always_changed", [](const Stage& stage) { return flag(stage.always_changed); }}}};

/// Keys with names in them.
struct List {
  std::string_view key;
  Named (*names)(const Stage& stage);
};
constexpr std::array<List, 7> kLists{
    {{"code", code_of},
     {"deps", deps_of},
     {"params", params_of},
     {"outs", outs_of},
     {"env", [](const Stage& stage) { return Named(stage.env); }},
     {"track_env", [](const Stage& stage) { return plain(stage.track_env); }},
     {"environment", environment_of}}};

std::optional<std::string> find(const Named& named, const std::string& name) {
  const auto found = named.find(name);
  return found == named.end() ? std::nullopt : std::optional(found->second);
}

void diff_names(std::string_view key, const Named& before, const Named& after,
                std::vector<StageDifference>& out) {
  Named all = before;
  all.insert(after.begin(), after.end());
  for (const auto& [name, value] : all) {
    StageDifference one{std::string(key), name, find(before, name), find(after, name)};
    if (one.before != one.after) {
      out.push_back(std::move(one));
    }
  }
}

}  // namespace

std::vector<StageDifference> diff_stages(const Stage& before, const Stage& after) {
  std::vector<StageDifference> differences;
  for (const Scalar& scalar : kScalars) {
    StageDifference one{std::string(scalar.key), "", scalar.value(before), scalar.value(after)};
    if (one.before != one.after) {
      differences.push_back(std::move(one));
    }
  }
  for (const List& list : kLists) {
    diff_names(list.key, list.names(before), list.names(after), differences);
  }
  return differences;
}

}  // namespace cairn::pipeline
