// SPDX-License-Identifier: Apache-2.0
#include "s3_place.h"

#include "os/file.h"
#include "os/parallel.h"

namespace cairn::test {

S3Place::S3Place(S3Service service, s3::PartLimits limits)
    : service_(std::move(service)), limits_(limits), bucket_("b-" + os::random_name()) {
  const auto made = client()->send({"PUT", "", {}, {}, nullptr});
  EXPECT_TRUE(made.ok() && made->ok()) << (made.ok() ? made->body : made.error().message());
}

transport::Place S3Place::place() const {
  transport::Place place{"origin", "s3://" + bucket_ + "/some/where", service_.settings, "/", nullptr};
  place.settings["endpointurl"] = service_.endpoint;
  return place;
}

std::unique_ptr<s3::S3Transport> S3Place::open_as(
    const std::map<std::string, std::string, std::less<>>& settings) const {
  transport::Place other = place();
  for (const auto& [key, value] : settings) {
    other.settings[key] = value;
  }
  auto transport = s3::S3Transport::open(other, limits_);
  EXPECT_OK(transport);
  return transport.ok() ? *std::move(transport) : nullptr;
}

std::unique_ptr<s3::Client> S3Place::client() const {
  auto config = s3::read_config(place());
  EXPECT_OK(config);
  return std::make_unique<s3::Client>(place(), *config, http::client_options(place()));
}

void S3Place::fill(const std::string& prefix, int count) {
  const auto transport = open();
  EXPECT_OK(os::parallel_for(static_cast<std::size_t>(count), 8, 100, [&](std::size_t i) {
    return transport->put_replace(prefix + std::to_string(i), {});
  }));
}

}  // namespace cairn::test
