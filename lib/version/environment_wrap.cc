// SPDX-License-Identifier: Apache-2.0
#include "version/environment_wrap.h"

#include <unistd.h>

#include <cstdlib>

#include "base/escape.h"
#include "codec/hash.h"
#include "os/path.h"
#include "version/engine.h"
#include "version/programs.h"

namespace cairn::version {
namespace {

using pipeline::EnvironmentSpec;

bool is_executable(const std::string& path) {
  return ::access(path.c_str(), X_OK) == 0;
}

bool is_there(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

/// A program outside of the repository. `install` is the hint when there is none.
Result<std::string> need_program(const std::string& name, const std::string& root) {
  auto program = find_program(name, root);
  if (!program || program->in_repository) {
    return Error(Code::not_found, "cannot find " + quoted(name) + ", which the stage's environment needs",
                 "install " + name + ", or put its folder into PATH");
  }
  return program->path;
}

/// Kinds that start the command in a world of their own.
std::vector<std::string> wrapping_kinds(const EnvironmentSpec& spec) {
  std::vector<std::string> kinds;
  auto add = [&kinds](bool present, const char* name) {
    if (present) {
      kinds.emplace_back(name);
    }
  };
  add(spec.image.has_value(), "image");
  add(spec.conda && !(spec.conda->name.empty() && spec.conda->prefix.empty()), "conda");
  add(spec.uv.has_value(), "uv");
  add(spec.python && (spec.python->is_venv || (spec.image && !spec.python->interpreter.empty())), "python");
  add(spec.image && spec.node, "node");
  return kinds;
}

Status check_kinds(const EnvironmentSpec& spec) {
  std::vector<std::string> kinds = wrapping_kinds(spec);
  if (kinds.size() > 1) {
    return Error(
        Code::usage,
        "'environment:' has both '" + kinds[0] + "' and '" + kinds[1] + "': a command runs in one of them",
        "keep one of them; lock files that shall count go under 'files:'");
  }
  return {};
}

Status check_venv(const pipeline::PythonSpec& python, const std::string& root) {
  std::string folder = os::join(root, python.interpreter);
  if (is_executable(os::join(folder, "bin/python"))) {
    return {};
  }
  std::string shown = escaped(python.interpreter);
  std::string make = "python3 -m venv " + shown;
  for (const std::string& file : python.files) {
    if (file.ends_with(".txt")) {
      make += " && " + shown + "/bin/pip install -r " + escaped(file);
      break;
    }
  }
  if (is_there(os::join(folder, "pyvenv.cfg"))) {
    return Error(Code::not_found,
                 "the interpreter of the virtual environment " + quoted(python.interpreter) +
                     " cannot be run: it was made on another machine, or moved",
                 "rm -r " + shown + " && " + make);
  }
  return Error(Code::not_found, "the virtual environment " + quoted(python.interpreter) + " is not there",
               make);
}

Result<Wrapping> wrap_conda(const pipeline::CondaSpec& conda, const WrapOptions& options) {
  Wrapping out;
  CAIRN_TRY_ASSIGN(std::string program, need_program("conda", options.root));
  out.argv = {program, "run", "--no-capture-output"};
  if (!conda.name.empty()) {
    out.argv.insert(out.argv.end(), {"-n", conda.name});
    return out;
  }
  std::string prefix = os::join(options.root, conda.prefix);
  if (!is_there(os::join(prefix, "conda-meta"))) {
    std::string from = conda.file.empty() ? "" : " -f " + escaped(conda.file);
    return Error(Code::not_found, "the Conda environment " + quoted(conda.prefix) + " is not there",
                 "conda env create -p " + escaped(conda.prefix) + from);
  }
  out.argv.insert(out.argv.end(), {"-p", prefix});
  return out;
}

Result<Wrapping> wrap_uv(const std::string& folder, const WrapOptions& options) {
  Wrapping out;
  CAIRN_TRY_ASSIGN(std::string program, need_program("uv", options.root));
  if (!is_there(os::join(options.root, os::join(folder, "uv.lock")))) {
    return Error(Code::not_found, "no lock " + quoted(os::join(folder, "uv.lock")),
                 folder.empty() ? "uv lock" : "uv lock --project " + escaped(folder));
  }
  std::string project = folder.empty() ? options.root : os::join(options.root, folder);
  out.argv = {program, "run", "--project", project, "--frozen", "--"};
  return out;
}

/// What is run: by digest wherever one is known, so that a tag that moves changes nothing. Without the tag,
/// since engines differ in whether they take both.
std::string image_to_run(const pipeline::ImageSpec& spec, const text::Value* record) {
  ImageName image = split_reference(spec.reference);
  const text::Value* captured = record != nullptr ? record->find("image") : nullptr;
  if (image.digest.empty() && captured != nullptr) {
    if (const text::Value* id = captured->find("id")) {
      return id->raw();
    }
    const text::Value* digest = captured->find("digest");
    image.digest = digest != nullptr ? digest->raw() : "";
  }
  return image.digest.empty() ? image.name : std::string(repository_of(image.name)) + "@" + image.digest;
}

/// One name for each stage of each work tree: a container that outlived a killed cairn is found again.
std::string container_name(const WrapOptions& options) {
  std::string key = options.root + '\0' + options.stage;
  return "cairn-" + codec::hash(as_bytes(key)).hex().substr(0, 16);
}

Result<Wrapping> wrap_image(const pipeline::ImageSpec& spec, const WrapOptions& options) {
  auto engine = find_engine(spec, options.root);
  if (!engine) {
    std::string wanted = spec.engine.empty() ? "docker or podman" : spec.engine;
    return Error(Code::not_found,
                 "cannot find " + wanted + ", which runs the image " + quoted(spec.reference),
                 "install " + wanted + ", or put its folder into PATH");
  }
  if (options.root.find(':') != std::string::npos) {
    return Error(Code::unsupported,
                 "the project " + quoted(options.root) + " cannot be mounted: its path has a colon",
                 "move it to a folder without one");
  }
  std::string image = image_to_run(spec, options.record);
  if (image.empty() || image.starts_with('-')) {
    return Error(Code::usage, "not an image: " + quoted(spec.reference),
                 "write it as python:3.11@sha256:...");
  }
  Wrapping out;
  std::string name = container_name(options);
  std::string user = std::to_string(::geteuid()) + ":" + std::to_string(::getegid());
  out.argv = {engine->path, "run",          "--rm",
              "-i",         "--init",       "--name",
              name,         "-v",           options.root + ":" + options.root,
              "-w",         options.folder, "-u",
              user};
  if (engine->name == "podman" && ::geteuid() != 0) {
    out.argv.emplace_back("--userns=keep-id");  // else files would belong to a subordinate id
  }
  out.argv.insert(out.argv.end(), {"-e", "HOME=/tmp"});
  for (const std::string& variable : options.names) {
    out.argv.insert(out.argv.end(), {"-e", variable});
  }
  out.argv.push_back(std::move(image));
  out.clean_up = {engine->path, "rm", "-f", name};
  return out;
}

}  // namespace

std::map<std::string, std::optional<std::string>> activation(const EnvironmentSpec& spec,
                                                             const std::string& root) {
  std::map<std::string, std::optional<std::string>> out;
  std::string front;
  if (spec.node) {
    front = os::join(root, os::join(os::parent_of(*spec.node), "node_modules/.bin")) + ":";
  }
  if (spec.python && spec.python->is_venv) {
    std::string folder = os::join(root, spec.python->interpreter);
    front = os::join(folder, "bin") + ":" + front;
    out["VIRTUAL_ENV"] = folder;
    out["PYTHONHOME"] = std::nullopt;
  }
  if (!front.empty()) {
    const char* path = std::getenv("PATH");
    out["PATH"] = front + (path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
  }
  return out;
}

Result<Wrapping> wrap_command(const EnvironmentSpec& spec, const WrapOptions& options) {
  CAIRN_TRY(check_kinds(spec));
  if (spec.image) {
    return wrap_image(*spec.image, options);
  }
  Wrapping out;
  if (spec.conda && !(spec.conda->name.empty() && spec.conda->prefix.empty())) {
    CAIRN_TRY_ASSIGN(out, wrap_conda(*spec.conda, options));
  } else if (spec.uv) {
    CAIRN_TRY_ASSIGN(out, wrap_uv(*spec.uv, options));
  } else if (spec.python && spec.python->is_venv) {
    CAIRN_TRY(check_venv(*spec.python, options.root));
  }
  if (spec.python && !spec.python->is_venv && !spec.python->interpreter.empty() &&
      !find_program(spec.python->interpreter, options.root)) {
    return Error(Code::not_found, "cannot find the interpreter " + quoted(spec.python->interpreter),
                 "install it, or put its folder into PATH; a virtual environment is written with a slash, as "
                 "./venv");
  }
  out.env = activation(spec, options.root);
  return out;
}

}  // namespace cairn::version
