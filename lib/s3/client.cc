// SPDX-License-Identifier: Apache-2.0
#include "s3/client.h"

#include "base/base64.h"
#include "base/hex.h"
#include "http/download.h"
#include "s3/digest.h"
#include "text/percent.h"

namespace cairn::s3 {
namespace {

std::string path_of(const Config& config, const std::string& key) {
  return config.path + (key.empty() ? "" : "/" + text::percent_encoded(key, "/"));
}

}  // namespace

Client::Client(transport::Place place, Config config, http::ClientOptions options)
    : place_(std::move(place)),
      config_(std::move(config)),
      http_(std::move(options)),
      credentials_(place_, config_, http_) {}

Status Client::authorize(const Call& call, const std::string& payload_hash, http::Request& request) {
  if (config_.anonymous) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const Credentials credentials, credentials_.get());
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  sign({call.method, config_.host, path_of(config_, call.key), canonical_query(call.query), payload_hash,
        config_.region},
       credentials, now, request.headers);
  return {};
}

Result<http::Request> Client::prepared(const Call& call) {
  http::Request request;
  request.method = call.method;
  const std::string path = path_of(config_, call.key);
  const std::string query = canonical_query(call.query);
  request.url = config_.scheme + "://" + config_.host + (path.empty() ? "/" : path) +
                (query.empty() ? "" : "?" + query);
  request.headers = call.headers;
  request.body = call.body;
  request.is_transient = &is_transient;
  std::string payload_hash(kUnsignedPayload);
  if (!config_.is_encrypted()) {
    transport::BytesSource nothing{Bytes()};
    CAIRN_TRY_ASSIGN(const Buffer hash,
                     hash_of(call.body != nullptr ? *call.body : nothing, HashKind::sha256));
    payload_hash = to_hex(hash);
  } else if (call.body != nullptr) {
    CAIRN_TRY_ASSIGN(const Buffer hash, hash_of(*call.body, HashKind::md5));
    request.headers.emplace_back("Content-MD5", to_base64(hash));
  }
  request.authorize = [this, call, payload_hash](http::Request& next) {
    return authorize(call, payload_hash, next);
  };
  return request;
}

Result<http::Response> Client::send(const Call& call) {
  CAIRN_TRY_ASSIGN(const http::Request request, prepared(call));
  return http_.send(request);
}

Result<http::Response> Client::download(const Call& call, std::optional<transport::Range> range,
                                        const transport::Sink& sink) {
  CAIRN_TRY_ASSIGN(const http::Request request, prepared(call));
  return http::download(http_, request, range, sink);
}

std::string Client::login_source() {
  if (config_.anonymous) {
    return "nowhere: requests are not signed";
  }
  const auto credentials = credentials_.get();
  return credentials.ok() ? credentials->source : "nowhere";
}

Error Client::refusal(const http::Response& response) {
  return explain(read_error(response), config_, login_source());
}

}  // namespace cairn::s3
