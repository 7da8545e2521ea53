// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/process.h"
#include "version/environment_kinds.h"

/// Programs that tell about an environment, or make one.
namespace cairn::version {

/// A program that was found in PATH.
struct Program {
  std::string path;            ///< absolute
  bool in_repository = false;  ///< it, or what a symlink there leads to, is inside the project
};

/// Looks `name` up as os::Process does; a name with a slash is a path from `root`. Nothing when there is no
/// such program.
std::optional<Program> find_program(const std::string& name, const std::string& root);

/// The first program of that name in PATH that is outside of all of `roots`: a virtual environment of the
/// project that is active is passed over. `name` has no slash.
std::optional<std::string> find_program_outside(const std::string& name,
                                                const std::vector<std::string>& roots);

/// Words of a command as a shell splits them: quotes and backslashes, no expansions. Error `malformed` for a
/// quote that does not end, and for a command without words.
Result<std::vector<std::string>> split_words(std::string_view command);

/// Runs a program in the project's root to its end, for at most 30 s. Errors: as os::capture.
Result<os::Captured> ask(std::vector<std::string> argv, const CaptureContext& context,
                         std::map<std::string, std::optional<std::string>> env = {});

}  // namespace cairn::version
