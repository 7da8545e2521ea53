// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "version/programs.h"

/// Container engines. Internal to version/.
namespace cairn::version {

/// A program that runs containers: "docker" or "podman", outside the repository.
struct Engine {
  std::string name;
  std::string path;
};

/// The engine that the spec names, else docker, else podman; nothing when none is installed.
std::optional<Engine> find_engine(const pipeline::ImageSpec& spec, const std::string& root);

/// "python:3.11@sha256:…" in two; the digest is empty when the reference has none.
struct ImageName {
  std::string name;
  std::string digest;
};
ImageName split_reference(const std::string& reference);

/// "python" of "python:3.11", "host:5000/a" of "host:5000/a:1".
std::string_view repository_of(std::string_view name);

/// The command that a user types to see the digest of an image.
std::string digest_command(const std::string& engine, const std::string& name);

}  // namespace cairn::version
