// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "transport/transport.h"

namespace cairn::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The answer to a request.
struct Response {
  int status = 0;
  Headers headers;   ///< names in lower case
  std::string body;  ///< "" where it went into a sink

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
  /// The first header of that lower-case name; nullptr when there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const;
};

struct Request {
  std::string method = "GET";
  std::string url;  ///< percent-encoded
  Headers headers;
  transport::Source* body = nullptr;  ///< rewound before each attempt; nullptr: none
  /// Whether redirects of GET and HEAD are followed: to the same scheme only, and five at most.
  bool follow = false;
  /// Called before each attempt, for headers that depend on the time or on what came so far.
  std::function<Status(Request&)> prepare = {};
  /// Adds what proves who asks; after prepare(), and never for another host than the first.
  std::function<Status(Request&)> authorize = {};
  /// Whether this answer passes away although its status does not say so.
  bool (*is_transient)(const Response&) = nullptr;
};

/// Takes the body of an answer whose status is 2xx.
struct Receiver {
  /// Called once, before the first byte; its error ends the transfer and is returned as it is.
  std::function<Status(const Response& head)> begin;
  transport::Sink sink;
};

}  // namespace cairn::http
