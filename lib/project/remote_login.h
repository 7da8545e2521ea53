// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "project/config.h"

/// A password or token goes to the server that it was given for. The address of a remote is committed, so a
/// commit could send it to another: `remote.NAME.login_for`, which is never committed, says which server is
/// meant.
namespace cairn::project {

/// After `setting` was set in `level`: where it proves who the user is (`password`, `token`,
/// `token_command`), the server that the remote is at now is set beside it.
Status bind_login(Config& config, ConfigLevel level, std::string_view setting);

/// `remote` when the remote has a login and is not at the server that it is for; nothing is sent anywhere.
Status check_login(const Config& config, const std::string& remote);

}  // namespace cairn::project
