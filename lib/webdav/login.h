// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "http/message.h"
#include "transport/place.h"

namespace cairn::webdav {

/// Proves who asks, from the settings `token`, `token_command`, or `user` and `password`; a command is run
/// once, when it is first needed. Threads: any.
class Login {
 public:
  explicit Login(const transport::Place& place) : place_(place) {}

  /// Adds the header Authorization, if there is anything to prove it with. Errors: `remote` when the command
  /// fails.
  Status authorize(http::Request& request);
  /// Which setting is used: "remote.NAME.user"; "" for none.
  [[nodiscard]] std::string source() const;

 private:
  Result<std::string> run_command(const std::string& command);

  transport::Place place_;
  std::mutex mutex_;
  std::optional<std::string> token_;
};

}  // namespace cairn::webdav
