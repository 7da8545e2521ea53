// SPDX-License-Identifier: Apache-2.0
#include "version/environment_plan.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/shell_words.h"
#include "version/engine.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;
using pipeline::shell_quoted;
using text::Value;

/// The text at two keys of the record, as "python", "version"; "" where it is not there.
std::string recorded(const PlanOptions& options, std::string_view kind, std::string_view key) {
  const Value* part = options.record != nullptr ? options.record->find(kind) : nullptr;
  const Value* value = part != nullptr ? part->find(key) : nullptr;
  return value != nullptr && value->is_scalar() ? value->raw() : "";
}

struct FoundProgram {
  std::string name;
  std::string path;
};

/// The first of them that is installed.
Result<FoundProgram> find_first(const std::vector<std::string>& names, const PlanOptions& options) {
  for (const std::string& name : names) {
    if (auto path = options.find(name)) {
      return FoundProgram{name, *path};
    }
  }
  std::string all;
  for (const std::string& name : names) {
    all += (all.empty() ? "" : " or ") + name;
  }
  return Error(Code::not_found, "cannot find " + all + ", which makes this environment",
               "install " + names.front() + ", or put its folder into PATH");
}

/// "3.11" of "3.11.7".
std::string minor_version(const std::string& version) {
  std::size_t dot = version.find('.');
  return dot == std::string::npos ? "" : version.substr(0, version.find('.', dot + 1));
}

/// pip reads everything that is no lock or build file of another tool.
bool is_requirements(std::string_view path) {
  constexpr std::array<std::string_view, 4> kOthers = {".toml", ".lock", ".py", ".cfg"};
  return std::none_of(kOthers.begin(), kOthers.end(),
                      [path](std::string_view end) { return path.ends_with(end); });
}

/// Interpreters that can make the recorded one, best first.
std::vector<std::string> interpreters(const PlanOptions& options) {
  const std::string base = recorded(options, "python", "implementation") == "pypy" ? "pypy" : "python";
  std::vector<std::string> names;
  if (std::string minor = minor_version(recorded(options, "python", "version")); !minor.empty()) {
    names.push_back(base + minor);
  }
  names.insert(names.end(), {base + "3", base});
  return names;
}

/// What is declared, held to the recorded versions; then what was installed beside it.
void add_installs(EnvironmentPlan& plan, const std::string& python, std::vector<std::string> requirements,
                  bool has_packages, const PlanOptions& options) {
  const std::vector<std::string> pip = {
      python, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"};
  auto with = [&pip](const std::vector<std::string>& more) {
    std::vector<std::string> argv = pip;
    argv.insert(argv.end(), more.begin(), more.end());
    return argv;
  };
  if (!requirements.empty() && !has_packages) {
    plan.commands.push_back({with(requirements), "", "", {}});
  } else if (!requirements.empty()) {
    std::vector<std::string> held = requirements;
    held.insert(held.end(), {"-c", options.packages});
    plan.commands.push_back({with(held), "",
                             "the recorded versions cannot be installed: installed what the files allow now",
                             with(requirements)});
  }
  if (has_packages) {
    plan.commands.push_back({with({"--no-deps", "-r", options.packages}),
                             "",
                             requirements.empty() ? "" : "not all recorded packages can be installed",
                             {}});
  }
}

Result<EnvironmentPlan> plan_python(const pipeline::PythonSpec& spec, const PlanOptions& options) {
  if (!spec.is_venv) {
    return Error(Code::unsupported, "the packages of " + quoted(spec.interpreter) + " belong to this machine",
                 "install them yourself, or declare a virtual environment, as 'interpreter: ./.venv'");
  }
  std::vector<std::string> requirements;
  for (const std::string& file : spec.files) {
    if (is_requirements(file)) {
      requirements.insert(requirements.end(), {"-r", os::join(options.root, file)});
    }
  }
  const bool has_packages = options.record != nullptr && !recorded_packages(*options.record).empty();
  if (requirements.empty() && !has_packages) {
    return Error(Code::unsupported,
                 "nothing says what is installed in " + quoted(spec.interpreter) +
                     ": no requirements file is declared, and no packages are recorded here",
                 "name one under 'environment: python: files:'");
  }
  const std::vector<std::string> names = interpreters(options);
  CAIRN_TRY_ASSIGN(FoundProgram python, find_first(names, options));
  EnvironmentPlan plan{spec.interpreter, {}, {}};
  if (python.name != names.front() && names.front() != "python3") {
    plan.notes.push_back(names.front() + " is not in PATH: made with " + python.name);
  }
  const std::string folder = os::join(options.root, spec.interpreter);
  plan.commands.push_back({{python.path, "-I", "-m", "venv", folder}, "", "", {}});
  add_installs(plan, os::join(folder, "bin/python"), std::move(requirements), has_packages, options);
  return plan;
}

Result<EnvironmentPlan> plan_conda(const pipeline::CondaSpec& spec, const PlanOptions& options) {
  if (spec.file.empty()) {
    return Error(Code::unsupported, "no file says what is in the Conda environment",
                 "name its lock under 'environment: conda: file:'");
  }
  const bool yaml = spec.file.ends_with(".yml") || spec.file.ends_with(".yaml");
  if (spec.prefix.empty()) {
    return Error(Code::unsupported,
                 "the Conda environment " + quoted(spec.name) + " is used by name, outside of the work tree",
                 std::string("conda ") + (yaml ? "env create" : "create") + " -n " + shell_quoted(spec.name) +
                     (yaml ? " -f " : " --file ") + shell_quoted(spec.file));
  }
  const std::string prefix = os::join(options.root, spec.prefix);
  const std::string file = os::join(options.root, spec.file);
  EnvironmentPlan plan{spec.prefix, {}, {}};
  if (os::name_of(spec.file).find("conda-lock") != std::string_view::npos && yaml) {
    CAIRN_TRY_ASSIGN(FoundProgram tool, find_first({"conda-lock"}, options));
    plan.commands.push_back({{tool.path, "install", "--prefix", prefix, file}, "", "", {}});
    return plan;
  }
  CAIRN_TRY_ASSIGN(FoundProgram conda, find_first({"conda", "mamba", "micromamba"}, options));
  if (yaml && conda.name != "micromamba") {
    plan.commands.push_back({{conda.path, "env", "create", "-p", prefix, "-f", file}, "", "", {}});
  } else {
    plan.commands.push_back({{conda.path, "create", "--yes", "-p", prefix, "--file", file}, "", "", {}});
  }
  return plan;
}

Result<EnvironmentPlan> plan_uv(const std::string& folder, const PlanOptions& options) {
  CAIRN_TRY_ASSIGN(FoundProgram uv, find_first({"uv"}, options));
  const std::string project = folder.empty() ? options.root : os::join(options.root, folder);
  EnvironmentPlan plan{os::join(folder, ".venv"), {}, {}};
  plan.commands.push_back({{uv.path, "sync", "--frozen", "--project", project}, "", "", {}});
  return plan;
}

Result<EnvironmentPlan> plan_node(const std::string& lock, const PlanOptions& options) {
  std::string_view name = os::name_of(lock);
  if (name != "package-lock.json" && name != "npm-shrinkwrap.json") {
    return Error(Code::unsupported,
                 "node_modules is made from package-lock.json alone, not from " + quoted(lock),
                 "npm install, and name package-lock.json under 'environment: node:'");
  }
  CAIRN_TRY_ASSIGN(FoundProgram npm, find_first({"npm"}, options));
  std::string folder(os::parent_of(lock));
  EnvironmentPlan plan{os::join(folder, "node_modules"), {}, {}};
  plan.commands.push_back({{npm.path, "ci"}, std::move(folder), "", {}});
  return plan;
}

Result<EnvironmentPlan> plan_image(const pipeline::ImageSpec& spec, const PlanOptions& options) {
  const ImageName declared = split_reference(spec.reference);
  std::string digest = recorded(options, "image", "digest");
  if (digest.empty()) {
    digest = declared.digest;
  }
  if (digest.empty()) {
    return Error(Code::unsupported,
                 "no registry has the image " + quoted(spec.reference) + ": it was built on a machine",
                 "push it, and declare it as NAME@sha256:...");
  }
  std::vector<std::string> names = {"docker", "podman"};
  if (!spec.engine.empty()) {
    names = {spec.engine};
  }
  CAIRN_TRY_ASSIGN(FoundProgram engine, find_first(names, options));
  const std::string pinned = std::string(repository_of(declared.name)) + "@" + digest;
  if (declared.digest.empty() && options.image_is_here) {
    return Error(Code::unsupported,
                 quoted(declared.name) + " is another image on this machine, and is not replaced",
                 engine.name + " pull " + shell_quoted(pinned) + " && " + engine.name + " tag " +
                     shell_quoted(pinned) + " " + shell_quoted(declared.name));
  }
  EnvironmentPlan plan;
  plan.commands.push_back({{engine.path, "pull", pinned}, "", "", {}});
  if (declared.digest.empty()) {
    plan.commands.push_back({{engine.path, "tag", pinned, declared.name}, "", "", {}});
  }
  return plan;
}

}  // namespace

Result<EnvironmentPlan> plan_environment(std::string_view kind, const EnvironmentSpec& spec,
                                         const PlanOptions& options) {
  if (kind == "python" && spec.python) {
    return plan_python(*spec.python, options);
  }
  if (kind == "conda" && spec.conda) {
    return plan_conda(*spec.conda, options);
  }
  if (kind == "uv" && spec.uv) {
    return plan_uv(*spec.uv, options);
  }
  if (kind == "node" && spec.node) {
    return plan_node(*spec.node, options);
  }
  if (kind == "image" && spec.image) {
    return plan_image(*spec.image, options);
  }
  return Error(Code::unsupported, quoted(kind) + " of an environment cannot be made from files");
}

std::string recorded_packages(const Value& record) {
  constexpr std::string_view kPlainVersion =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+!_-";
  const Value* python = record.find("python");
  const Value* packages = python != nullptr ? python->find("packages") : nullptr;
  std::string out;
  for (const text::Entry& entry :
       packages != nullptr ? packages->entries() : std::span<const text::Entry>()) {
    std::string version = entry.value.raw();
    bool plain = !version.empty() && version.find_first_not_of(kPlainVersion) == std::string::npos &&
                 entry.key.find_first_not_of(kPlainVersion) == std::string::npos &&
                 !entry.key.starts_with('-');
    if (plain) {
      out += entry.key + "==" + version + "\n";
    }
  }
  return out;
}

}  // namespace cairn::version
