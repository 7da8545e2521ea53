// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "text/value.h"
#include "version/environment_kinds.h"

/// Files of the project that describe an environment. Internal to version/.
namespace cairn::version {

/// Content of a project path; nothing when there is no such file. At most 64 MiB. Error: `malformed` for a
/// folder.
Result<std::optional<std::string>> find_project_file(const std::string& path, const CaptureContext& context);

/// {path, hash}, or {path, missing: true} without content.
text::Value describe_file(const std::string& path, const std::optional<std::string>& content);

}  // namespace cairn::version
