// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/message.h"
#include "s3/config.h"

namespace cairn::s3 {

/// What a service says about a request that it did not do.
struct ServiceError {
  int status = 0;
  std::string code;     ///< such as "NoSuchKey", "" when it gave none
  std::string message;  ///< its own words, "" when it gave none
  std::string region;   ///< the bucket's, where the answer tells it

  /// "CODE: message", or "status 404".
  [[nodiscard]] std::string text() const;
};

/// Reads the answer's XML (`Error`, also inside of `ErrorResponse`) and headers.
ServiceError read_error(const http::Response& response);

/// Whether an answer passes away: a slow upload that timed out (400), or an error that came after the
/// status 200.
bool is_transient(const http::Response& response);

/// Whether the body of an answer is an error, also when its status is 200.
bool is_error_body(const http::Response& response);

/// The error in words: `remote`, with what to do next about it. `credentials` says where these came from.
Error explain(const ServiceError& error, const Config& config, const std::string& credentials);

}  // namespace cairn::s3
