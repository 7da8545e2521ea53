// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "text/value.h"

namespace cairn::version {

/// How a stage's shell is started inside its environment.
struct Wrapping {
  std::vector<std::string> argv;  ///< in front of the shell; empty for none
  /// Variables set for the command, or removed where empty; what the stage itself sets wins.
  std::map<std::string, std::optional<std::string>> env;
  /// Ends a container of this name, as may be left by a command that was killed; empty without a container.
  /// To be run before the command, and after one that did not end by itself. Its failure means nothing.
  std::vector<std::string> clean_up;
};

struct WrapOptions {
  std::string root;                     ///< absolute folder of the project
  std::string folder;                   ///< absolute working folder of the command
  std::string stage;                    ///< its address
  std::vector<std::string> names;       ///< variables that the command must see, also in a container
  const text::Value* record = nullptr;  ///< what was captured: an image without digest runs by what it says
};

/// The wrapping that `spec` asks for. Programs are looked for in PATH, never in the repository. Errors:
/// `not_found` for an engine or a virtual environment that is not there, with the command that makes it;
/// `usage` for kinds that cannot be combined; `unsupported` for a root that an engine cannot mount.
Result<Wrapping> wrap_command(const pipeline::EnvironmentSpec& spec, const WrapOptions& options);

/// The variables alone, without programs: a virtual environment and node_modules/.bin in PATH. Nothing is
/// checked.
std::map<std::string, std::optional<std::string>> activation(const pipeline::EnvironmentSpec& spec,
                                                             const std::string& root);

}  // namespace cairn::version
