// SPDX-License-Identifier: Apache-2.0
#include "ceph.h"

#include <fstream>

#include "support/random.h"

namespace cairn::test {

const TestServer& ceph() {
  return TestServer::shared("ceph-up.sh");
}

std::string host(const std::string& name, int port) {
  return name + ":" + std::to_string(port);
}

S3Service plain() {
  return {"http://" + host("127.0.0.1", ceph().port()),
          {{"access_key_id", "CAIRN"}, {"secret_access_key", "cairn-secret"}}};
}

S3Service encrypted() {
  S3Service service = plain();
  service.endpoint = "https://" + host("localhost", ceph().port() + 1);
  service.settings["ssl_verify"] = ceph().folder() + "/ca.pem";
  return service;
}

S3Service session() {
  S3Service service = encrypted();
  std::ifstream file(ceph().folder() + "/session");
  for (const char* key : {"access_key_id", "secret_access_key", "session_token"}) {
    std::getline(file, service.settings[key]);
  }
  return service;
}

std::string noise(std::size_t size) {
  SplitMix64 random(size);
  std::string out(size, '\0');
  for (char& c : out) {
    c = static_cast<char>(random.next());
  }
  return out;
}

namespace {

class CephEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    if (!ceph().missing().empty()) {
      GTEST_SKIP() << ceph().missing();
    }
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new CephEnvironment);

}  // namespace
}  // namespace cairn::test
