// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "s3/config.h"
#include "s3/credential_chain.h"
#include "s3/error.h"
#include "s3/signer.h"

namespace cairn::s3 {

/// One request to the bucket.
struct Call {
  std::string method = "GET";
  std::string key;  ///< of the object; "" for the bucket itself
  Query query;
  http::Headers headers;
  transport::Source* body = nullptr;
};

/// Signed requests to one bucket, tried again and checked as http::Client does. A body is protected on its
/// way: by its hash in the signature, or over TLS by Content-MD5. Threads: any.
class Client {
 public:
  Client(transport::Place place, Config config, http::ClientOptions options);

  /// The answer, whatever its status. Errors: `remote` when there is no answer or there are no credentials;
  /// those of the body's source.
  Result<http::Response> send(const Call& call);
  /// An object, or a range of at least one byte, into `sink`: as http::download.
  Result<http::Response> download(const Call& call, std::optional<transport::Range> range,
                                  const transport::Sink& sink);
  /// Where the credentials come from: "profile 'default'".
  std::string login_source();
  /// Why an answer says no, in words.
  [[nodiscard]] Error refusal(const http::Response& response);

  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Result<http::Request> prepared(const Call& call);
  Status authorize(const Call& call, const std::string& payload_hash, http::Request& request);

  transport::Place place_;
  Config config_;
  http::Client http_;
  CredentialChain credentials_;
};

}  // namespace cairn::s3
