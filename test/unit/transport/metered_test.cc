// SPDX-License-Identifier: Apache-2.0
#include "transport/metered.h"

#include "support/temp_dir.h"
#include "support/transport_suite.h"
#include "transport/dir.h"

namespace cairn::test {
namespace {

using transport::DirTransport;
using transport::metered;
using transport::ReadMeter;

class MeteredPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override {
    return metered(std::make_unique<DirTransport>(dir_ / "remote"), meter_);
  }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(dir_ / ("remote/" + prefix + std::to_string(i)), "");
    }
  }

 private:
  TempDir dir_;
  ReadMeter meter_{0};
};

INSTANTIATE_TEST_SUITE_P(Metered, TransportSuite,
                         ::testing::Values(TransportCase{"metered",
                                                         [] { return std::make_unique<MeteredPlace>(); }}),
                         transport_case_name);

TEST(Metered, CountsBytesOfObjectsAlone) {
  TempDir dir;
  ReadMeter meter{0};
  const auto transport = metered(std::make_unique<DirTransport>(dir / "remote"), meter);
  ASSERT_OK(transport->prepare());
  transport::BytesSource source(as_bytes(std::string_view("0123456789")));
  ASSERT_OK(transport->put_if_absent("a", source));
  ASSERT_OK(transport->list(""));
  ASSERT_OK(transport->stat("a"));
  EXPECT_EQ(meter, 0U);
  ASSERT_OK(transport::find_object(*transport, "a", 100));
  EXPECT_EQ(meter, 10U);
  Buffer part(3);
  ASSERT_OK(transport::read_range(*transport, "a", 2, part));
  EXPECT_EQ(meter, 13U);
}

}  // namespace
}  // namespace cairn::test
