// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/environment_spec.h"
#include "text/value.h"

/// Which command lines make an environment as it was recorded. Nothing is run here.
namespace cairn::version {

/// One of them.
struct BuildCommand {
  std::vector<std::string> argv;  ///< argv[0] is an absolute path
  std::string folder;             ///< that it runs in: a project path
  /// What it means that the command failed; empty where that ends the building. Then `otherwise` is run in
  /// its place, if it is not empty, and nothing after that.
  std::string if_failed;
  std::vector<std::string> otherwise;
};

struct EnvironmentPlan {
  std::string makes;  ///< the folder that comes to be, a project path; "" for an image
  std::vector<BuildCommand> commands;
  std::vector<std::string> notes;  ///< "python3.11 is not in PATH: made with python3"
};

struct PlanOptions {
  std::string root;  ///< absolute folder of the project that it is made in
  /// The absolute path of a program in PATH that may be run; nothing where there is none.
  std::function<std::optional<std::string>(const std::string& name)> find;
  const text::Value* record = nullptr;  ///< null where it is not at hand
  std::string packages;                 ///< absolute path of a file that holds recorded_packages(record)
  bool image_is_here = false;           ///< the engine has an image of the declared name
};

/// The plan for one kind, named as in the record: "python", "conda", "uv", "node", "image". Recorded versions
/// win over what lock files leave open; for Conda the files alone decide. Errors, with what to type:
/// `not_found` for a program that is not installed, `unsupported` for what cannot be made inside a work tree.
Result<EnvironmentPlan> plan_environment(std::string_view kind, const pipeline::EnvironmentSpec& spec,
                                         const PlanOptions& options);

/// NAME==VERSION lines of a record's Python packages, as pip reads requirements and constraints. Those that
/// did not come from an index, and so have no version there, are left out.
std::string recorded_packages(const text::Value& record);

}  // namespace cairn::version
