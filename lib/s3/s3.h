// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "s3/client.h"
#include "s3/multipart.h"
#include "transport/place.h"
#include "transport/transport.h"

namespace cairn::s3 {

/// A remote in a bucket of S3 or of what speaks its protocol. Objects are written whole, on the condition
/// that there is none of that name, and in parts if they are large; the server checks what arrives.
class S3Transport : public transport::Transport {
 public:
  /// Errors: as read_config. Nothing is asked of the network, and no credentials are looked for yet.
  static Result<std::unique_ptr<S3Transport>> open(const transport::Place& place,
                                                   const PartLimits& limits = {});

  [[nodiscard]] std::string describe() const override;
  std::string login_source() override { return client_.login_source(); }
  [[nodiscard]] transport::Capabilities capabilities() const override { return {}; }
  /// Buckets are not made: that is a matter of accounts and costs.
  Status prepare() override { return {}; }
  Status get(const std::string& name, std::optional<transport::Range> range,
             const transport::Sink& sink) override;
  Status put_if_absent(const std::string& name, transport::Source& source) override;
  Status put_replace(const std::string& name, Bytes bytes) override;
  Result<std::vector<transport::ObjectInfo>> list(const std::string& prefix) override;
  Result<std::vector<transport::ObjectInfo>> list_all(const std::vector<std::string>& prefixes) override;
  Result<std::optional<std::uint64_t>> stat(const std::string& name) override;
  /// ETag, version and time, by HEAD.
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name) override;
  Status remove(const std::string& name) override;

 private:
  S3Transport(const transport::Place& place, Config config, http::ClientOptions options,
              const PartLimits& limits)
      : client_(place, std::move(config), std::move(options)), limits_(limits) {}

  [[nodiscard]] std::string key(const std::string& name) const { return client_.config().prefix + name; }
  [[nodiscard]] Error failure(const Error& error, const std::string& name) const;
  Error refused(const http::Response& response, const std::string& name);
  Result<std::optional<std::uint64_t>> find_size(const std::string& name);
  Result<http::Response> upload(const std::string& name, transport::Source& source);
  Status settle(const std::string& name, std::uint64_t size, const http::Response& response);
  [[nodiscard]] http::Headers encryption_headers() const;

  Client client_;
  PartLimits limits_;
  PartSlots slots_{kMostParts};
};

}  // namespace cairn::s3
