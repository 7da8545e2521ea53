// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "http/retry.h"

namespace cairn::http {

/// A transfer that brought no whole answer.
struct Failure {
  Error error;
  Patience patience = Patience::none;
};

/// What libcurl knows of such a transfer.
struct CurlFailure {
  int code = 0;          ///< CURLcode
  int system_error = 0;  ///< errno, 0 where there is none
  std::string detail;    ///< its error buffer
  std::string url;
  long stall_limit_s = 0;
};

/// The failure in words: `remote`, with the next step for the remote of that name.
Failure explain(const CurlFailure& failure, const std::string& remote_name);

}  // namespace cairn::http
