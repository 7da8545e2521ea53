// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "s3/s3.h"
#include "support/transport_suite.h"

namespace cairn::test {

/// How to reach a service for S3.
struct S3Service {
  std::string endpoint;
  std::map<std::string, std::string, std::less<>> settings;  ///< keys, region, ssl_verify
};

/// A folder of a new bucket.
class S3Place : public TransportPlace {
 public:
  explicit S3Place(S3Service service, s3::PartLimits limits = {});

  std::unique_ptr<transport::Transport> open() override { return open_as({}); }
  void fill(const std::string& prefix, int count) override;
  /// With other settings over those of the service.
  std::unique_ptr<s3::S3Transport> open_as(
      const std::map<std::string, std::string, std::less<>>& settings) const;
  /// Requests of any kind to the bucket.
  [[nodiscard]] std::unique_ptr<s3::Client> client() const;
  [[nodiscard]] const std::string& bucket() const { return bucket_; }

 private:
  [[nodiscard]] transport::Place place() const;

  S3Service service_;
  s3::PartLimits limits_;
  std::string bucket_;
};

}  // namespace cairn::test
