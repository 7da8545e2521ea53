// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "transport/place.h"

namespace cairn::transport {

/// What a command of the user's own (in the local settings, or the files of other tools) prints, by /bin/sh,
/// in two minutes at most. `what` names it in messages: "credential_process of profile 'work'". Errors:
/// `remote` when it fails, with the first line of what it says about it; `interrupted` once the place's flag
/// is set.
Result<std::string> run_user_command(const Place& place, const std::string& command, const std::string& what);

}  // namespace cairn::transport
