// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "text/value.h"

namespace cairn::pipeline {

/// A Python: a virtual environment or an interpreter, and the files that pin what is installed in it.
struct PythonSpec {
  std::string interpreter;         ///< a folder made by `python -m venv` (project path), or a program's name
  bool is_venv = false;            ///< `interpreter` is a folder
  std::vector<std::string> files;  ///< lock and requirements files, project paths
};

/// A Conda environment: the file that describes or locks it, and the name or prefix that commands run in.
struct CondaSpec {
  std::string file;    ///< project path; "" for none
  std::string name;    ///< "" for none; either name or prefix
  std::string prefix;  ///< project path; "" for none
};

/// A container image that commands run in.
struct ImageSpec {
  std::string reference;  ///< "python:3.11@sha256:…"
  std::string engine;     ///< "docker", "podman", "" for whichever is installed
};

/// What a stage's commands run in, as `environment:` declares it (docs/format/cairn-yaml.md). Everything that
/// is set counts for the stage key. Captured and wrapped by lib/version.
struct EnvironmentSpec {
  std::optional<PythonSpec> python;
  std::optional<CondaSpec> conda;
  std::optional<std::string> uv;    ///< folder of the uv project (holds uv.lock), project path
  std::optional<std::string> node;  ///< package-lock.json or the like, project path
  std::optional<ImageSpec> image;
  std::vector<std::string> tools;  ///< commands whose output tells a version: "gcc --version"
  std::vector<std::string> files;  ///< files whose content counts, project paths
  bool system = false;             ///< OS, CPU, GPU and driver count
  text::Position at;
};

}  // namespace cairn::pipeline
