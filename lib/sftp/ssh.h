// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sftp/address.h"

namespace cairn::sftp {

/// The command that connects its stdin and stdout to the SFTP server of `address`. Everything that
/// ssh_config(5) can say applies: host aliases, keys, agent, jump hosts, a shared master connection.
/// `program` is ssh with options in front of ours. Without `ask` ssh asks nothing and fails instead.
std::vector<std::string> ssh_command(std::vector<std::string> program, const Address& address, bool ask);

/// What went wrong and what to do, from what ssh printed when it did not connect. Error `remote`; the message
/// does not name the remote.
Error explain_ssh(std::string_view complaint, const Address& address);

}  // namespace cairn::sftp
