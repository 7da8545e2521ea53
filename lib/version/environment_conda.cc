// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "text/yaml.h"
#include "version/environment_kinds.h"
#include "version/packages.h"
#include "version/project_file.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

/// "numpy-1.26.4-py311h64a7726_0" as name and "1.26.4 py311h64a7726_0"; other names are passed over.
void add_build(Packages& packages, std::string_view stem) {
  std::size_t build = stem.rfind('-');
  std::size_t version = build == std::string_view::npos || build == 0 ? build : stem.rfind('-', build - 1);
  if (version == std::string_view::npos || version == 0) {
    return;
  }
  packages.add(
      std::string(stem.substr(0, version)),
      std::string(stem.substr(version + 1, build - version - 1)) + " " + std::string(stem.substr(build + 1)));
}

/// A dependency of environment.yml: "conda-forge::numpy=1.26=py311", "numpy >=1.20", "numpy==1.26.4".
void add_dependency(Packages& packages, std::string_view text) {
  if (std::size_t channel = text.find("::"); channel != std::string_view::npos) {
    text.remove_prefix(channel + 2);
  }
  std::size_t end = text.find_first_of(" =<>!~[");
  std::string_view rest = end == std::string_view::npos ? std::string_view() : text.substr(end);
  rest.remove_prefix(std::min(rest.find_first_not_of(" ="), rest.size()));
  packages.add(std::string(text.substr(0, end)), rest);
}

/// Requirements below "pip:" in environment.yml.
void add_pip(Packages& packages, const Value& dependency) {
  const Value* pip = dependency.find("pip");
  for (const Value& item : pip != nullptr ? pip->items() : std::span<const Value>()) {
    if (item.is(Kind::string)) {
      packages.add_missing(parse_requirements(item.string_value()).pins);
    }
  }
}

Result<Packages> parse_yaml_file(const std::string& path, const std::string& content) {
  CAIRN_TRY_ASSIGN(Value document, text::parse_yaml(content, path));
  Packages out = locked_packages(document);  // conda-lock.yml
  const Value* dependencies = document.find("dependencies");
  for (const Value& item : dependencies != nullptr ? dependencies->items() : std::span<const Value>()) {
    if (item.is(Kind::string)) {
      add_dependency(out, item.string_value());
    } else {
      add_pip(out, item);
    }
  }
  return out;
}

/// An explicit lock: one URL of a package a line.
Packages parse_explicit(std::string_view content) {
  Packages out;
  while (!content.empty()) {
    std::size_t end = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    line = line.substr(0, line.find_first_of("# \r"));
    std::string_view name = os::name_of(line);
    for (std::string_view suffix : {".conda", ".tar.bz2"}) {
      if (name.ends_with(suffix)) {
        add_build(out, name.substr(0, name.size() - suffix.size()));
      }
    }
  }
  return out;
}

Status describe_spec_file(Value& out, const std::string& path, const CaptureContext& context) {
  CAIRN_TRY_ASSIGN(auto content, find_project_file(path, context));
  Value file = describe_file(path, content);
  if (content) {
    Packages pins;
    if (path.ends_with(".yml") || path.ends_with(".yaml")) {
      CAIRN_TRY_ASSIGN(pins, parse_yaml_file(path, *content));
    } else {
      pins = parse_explicit(*content);
    }
    if (!pins.empty()) {
      file.set("pins", pins.to_value());
    }
  }
  out.set("file", std::move(file));
  return {};
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Prefixes that Conda has made for this user, one a line.
std::vector<std::string> known_prefixes(const std::string& home) {
  std::vector<std::string> out;
  auto content = os::find_file(os::join(home, ".conda/environments.txt"));
  if (!content.ok() || !content->has_value()) {
    return out;
  }
  for (std::string_view rest = as_text(**content); !rest.empty();) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

/// Where an environment of that name may be, likeliest first.
std::vector<std::string> candidates(const std::string& name) {
  std::vector<std::string> out;
  std::string home = variable("HOME");
  for (const std::string& prefix : known_prefixes(home)) {
    if (os::name_of(prefix) == name) {
      out.push_back(prefix);
    }
  }
  for (const char* folders : {"CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"}) {
    std::string list = variable(folders);
    for (std::string_view rest = list; !rest.empty();) {
      std::size_t end = std::min(rest.find(':'), rest.size());
      out.push_back(os::join(rest.substr(0, end), name));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::vector<std::string> installs = {variable("MAMBA_ROOT_PREFIX"),
                                       std::string(os::parent_of(os::parent_of(variable("CONDA_EXE"))))};
  for (std::string_view install : {"miniconda3", "miniforge3", "mambaforge", "anaconda3", ".conda"}) {
    installs.push_back(os::join(home, install));
  }
  for (const std::string& install : installs) {
    if (!install.empty()) {
      out.push_back(name == "base" ? install : os::join(os::join(install, "envs"), name));
    }
  }
  return out;
}

/// The folder of the environment; nothing when it is not on this machine.
Result<std::optional<std::string>> find_prefix(const pipeline::CondaSpec& spec,
                                               const CaptureContext& context) {
  std::vector<std::string> places =
      spec.prefix.empty() ? candidates(spec.name) : std::vector{os::join(context.root, spec.prefix)};
  for (const std::string& place : places) {
    CAIRN_TRY_ASSIGN(auto found, os::find_stat(os::join(place, "conda-meta")));
    if (place.starts_with('/') && found) {
      return std::optional(place);
    }
  }
  return std::optional<std::string>();
}

Status describe_prefix(Value& out, const std::string& prefix) {
  CAIRN_TRY_ASSIGN(auto entries, os::list_folder(os::join(prefix, "conda-meta")));
  Packages packages;
  for (const os::DirEntry& entry : entries) {
    if (entry.name.ends_with(".json") && is_utf8(entry.name)) {
      add_build(packages, std::string_view(entry.name).substr(0, entry.name.size() - 5));
    }
  }
  out.set("packages", packages.to_value());
  CAIRN_TRY_ASSIGN(Packages distributions, distributions_below(prefix));
  if (!distributions.empty()) {
    out.set("distributions", distributions.to_value());
  }
  return {};
}

}  // namespace

Result<Value> capture_conda(const pipeline::CondaSpec& spec, const CaptureContext& context) {
  Value out = Value::map();
  if (!spec.name.empty()) {
    out.set("name", Value::string(spec.name));
  }
  if (!spec.prefix.empty()) {
    out.set("prefix", Value::string(spec.prefix));
  }
  if (!spec.name.empty() || !spec.prefix.empty()) {
    CAIRN_TRY_ASSIGN(auto prefix, find_prefix(spec, context));
    if (prefix) {
      CAIRN_TRY(describe_prefix(out, *prefix));
    } else {
      out.set("missing", Value::boolean(true));
    }
  }
  if (!spec.file.empty()) {
    CAIRN_TRY(describe_spec_file(out, spec.file, context));
  }
  return out;
}

}  // namespace cairn::version
