// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "s3/credentials.h"

namespace cairn::s3 {

/// A token that another service gave this machine, and the role that it stands for.
struct WebIdentity {
  std::string token_file;
  std::string role_arn;
  std::string session_name;
  std::string endpoint;  ///< of the token service (STS)
};

/// Exchanges the token for credentials that pass away: AssumeRoleWithWebIdentity of STS, version 2011-06-15.
/// Errors: `remote` when the service refuses, `not_found` when the file is missing.
Result<Credentials> assume_role(const WebIdentity& identity, http::Client& client);

}  // namespace cairn::s3
