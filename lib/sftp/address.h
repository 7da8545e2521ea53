// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "transport/place.h"

namespace cairn::sftp {

/// A folder on a server.
struct Address {
  std::string remote;                ///< its name, for the commands that messages propose
  std::string host;                  ///< as ssh takes it: a name, an address, or an alias of ssh_config
  std::string user;                  ///< "": as ssh_config says
  int port = 0;                      ///< 0: as ssh_config says
  std::string folder;                ///< absolute; or relative to the home folder there, which is "."
  std::string keyfile;               ///< "": as ssh_config says
  std::chrono::seconds timeout{30};  ///< to connect

  /// "ssh://user@host:port/folder".
  [[nodiscard]] std::string describe() const;
  /// What to write after "ssh" to get there: "-p 22 user@host".
  [[nodiscard]] std::string ssh_arguments() const;
  /// The host as known_hosts has it: "host", or "[host]:port".
  [[nodiscard]] std::string known_host() const;
};

/// From ssh://[USER@]HOST[:PORT]/PATH, or the same with sftp://; /~/ begins a path in the home folder. The
/// settings `user` and `port` win over the URL. Error `usage` that says what is wrong. Host and user must be
/// plain words: a URL may come from a repository, and ssh hands both to commands of the user's configuration.
Result<Address> parse_address(const transport::Place& place);

}  // namespace cairn::sftp
