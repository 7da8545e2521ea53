// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "http/client.h"
#include "s3/config.h"
#include "s3/credentials.h"

namespace cairn::s3 {

/// Finds credentials when they are first needed and again before they expire. In this order: the remote's
/// settings (keys, then `credential_process`), AWS_ACCESS_KEY_ID and its like in the environment, the profile
/// of the AWS tools' files (keys, then its `credential_process`), a web identity (environment, then profile).
/// An explicit profile stands before the environment. Threads: any.
class CredentialChain {
 public:
  /// The client and the place's settings must outlive it.
  CredentialChain(const transport::Place& place, const Config& config, http::Client& client)
      : place_(place), config_(config), client_(client) {}

  /// Errors: `remote` when there are none, when their source fails, or when they have expired.
  Result<Credentials> get();

 private:
  Result<std::optional<Credentials>> find();
  [[nodiscard]] Result<std::optional<Credentials>> from_settings() const;
  [[nodiscard]] static std::optional<Credentials> from_environment();
  [[nodiscard]] Result<std::optional<Credentials>> from_profile() const;
  [[nodiscard]] Result<Credentials> from_process(const std::string& command, const std::string& source) const;
  Result<std::optional<Credentials>> from_web_identity();

  const transport::Place& place_;
  const Config& config_;
  http::Client& client_;
  std::mutex mutex_;
  std::optional<Credentials> known_;
};

}  // namespace cairn::s3
