// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/version_run.h"

namespace cairn::cmd {

/// What a run of a version differs in, as text or Markdown.
std::string version_run_text(const ops::VersionRunReport& report, bool markdown);
/// Puts the same into the command's document.
void put_version_run(Json& json, const ops::VersionRunReport& report);

}  // namespace cairn::cmd
