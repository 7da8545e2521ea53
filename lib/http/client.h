// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/curl.h"
#include "http/message.h"
#include "http/retry.h"
#include "transport/place.h"

namespace cairn::http {

struct ClientOptions {
  std::string remote_name;  ///< for the commands that messages propose
  bool verify = true;       ///< of TLS certificates
  /// Authorities that certificates are checked against; "": $CURL_CA_BUNDLE, $SSL_CERT_FILE or the system's.
  std::string ca_file;
  bool proxies = true;                      ///< false: the server is on this machine and asked directly
  const std::atomic<bool>* stop = nullptr;  ///< ends transfers within about a second; null: nothing does
  std::chrono::seconds connect_limit{30};
  std::chrono::seconds stall_limit{120};  ///< without a single byte
  RetryLimits retry;
};

/// Those for a place: its setting `ssl_verify` ("true", "false" or a file of authorities) and its stop flag.
ClientOptions client_options(const transport::Place& place);

/// Blocking HTTP requests over libcurl, which load_curl() has loaded, with proxies as libcurl reads them from
/// the environment. Connections are kept and used again. Threads: all functions may be called at once;
/// SIGPIPE must be ignored in the process. Errors are `remote`; they name scheme, host and path and never
/// headers, users, passwords or queries.
class Client {
 public:
  explicit Client(ClientOptions options);

  /// The answer, whatever its status, with its body if it is not larger than 64 MiB. Tries again as Retry
  /// says after broken connections and after 408, 429, 500, 502, 503 and 504, then returns that answer.
  /// Errors of the request's source are returned as they are.
  Result<Response> send(const Request& request) { return receive(request, {}); }
  /// The same; the body of a 2xx answer goes to `receiver`, which may see bytes of several attempts one after
  /// the other: request.prepare can ask for the rest.
  Result<Response> receive(const Request& request, const Receiver& receiver);

  [[nodiscard]] const ClientOptions& options() const { return options_; }

 private:
  using Easy = std::unique_ptr<CURL, decltype(Curl::easy_cleanup)>;
  struct Attempt;
  Easy take();
  void give_back(Easy easy);
  Attempt exchange(CURL* easy, const Request& request, const Receiver& receiver) const;
  Attempt try_once(const Request& request, const Receiver& receiver);
  Attempt follow(Request request, const Receiver& receiver);

  ClientOptions options_;
  std::mutex mutex_;
  std::vector<Easy> idle_;
};

}  // namespace cairn::http
