// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/resolve.h"

namespace cairn::cmd {

/// "conflict images/cat.png: changed on both sides", one a line behind `indent`; long lists are cut.
std::string conflict_lines(const Invocation& invocation, const ops::ResolvedFile& file,
                           const std::string& indent);

/// [{"path":…,"settled":…,"conflicts":[{"path":…,"words":…,"base":…,"ours":…,"theirs":…}],"keys":[…]}]
Json conflicts_json(const std::vector<ops::ResolvedFile>& files);

/// What `resolve` settled, and what is left; what was asked for and is left is an error.
Outcome outcome_of(const Invocation& invocation, const std::vector<ops::ResolvedFile>& files);

}  // namespace cairn::cmd
