// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/version_list.h"

/// Versions in JSON (docs/reference/json.md).
namespace cairn::cmd {

/// {"name":…,"commit":…,"tag":…,"author":…,"time":…,"message":…,"aliases":[…],"verdict":…,"metrics":{…}}
Json listed_json(const ops::ListedVersion& listed);
/// The same with all of the manifest and all verdicts.
Json shown_json(const ops::ShownVersion& shown);

}  // namespace cairn::cmd
