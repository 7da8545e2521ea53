// SPDX-License-Identifier: Apache-2.0
#include "transport/forwarding.h"

#include "support/temp_dir.h"
#include "support/transport_suite.h"
#include "transport/dir.h"
#include "transport/metered.h"
#include "transport/paced.h"

namespace cairn::test {
namespace {

using transport::DirTransport;
using transport::metered;
using transport::ReadMeter;
using transport::Transport;

using Wrap = std::function<std::unique_ptr<Transport>(std::unique_ptr<Transport>)>;

/// A folder behind a wrapper.
class WrappedPlace : public TransportPlace {
 public:
  explicit WrappedPlace(Wrap wrap) : wrap_(std::move(wrap)) {}
  std::unique_ptr<Transport> open() override {
    return wrap_(std::make_unique<DirTransport>(dir_ / "remote"));
  }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(dir_ / ("remote/" + prefix + std::to_string(i)), "");
    }
  }

 private:
  TempDir dir_;
  Wrap wrap_;
};

TransportCase wrapped(const std::string& name, const Wrap& wrap) {
  return {name, [wrap] { return std::make_unique<WrappedPlace>(wrap); }};
}

ReadMeter suite_meter{0};

INSTANTIATE_TEST_SUITE_P(
    Wrapped, TransportSuite,
    ::testing::Values(wrapped("metered", [](auto inner) { return metered(std::move(inner), suite_meter); }),
                      wrapped("paced",
                              [](auto inner) { return transport::paced(std::move(inner), 1U << 30); })),
    transport_case_name);

/// Bytes that tell how many of them were asked for at once.
class WatchedBytes : public transport::BytesSource {
 public:
  using BytesSource::BytesSource;
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    most_ = std::max(most_, out.size());
    return BytesSource::read(out);
  }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  std::size_t most_ = 0;
};

TEST(Paced, ReadsALittleAtATimeSoThatPausesAreShort) {
  TempDir dir;
  const auto transport = transport::paced(std::make_unique<DirTransport>(dir / "remote"), 2'000'000);
  ASSERT_OK(transport->prepare());
  const Buffer bytes(300'000, 7);
  WatchedBytes source(bytes);
  ASSERT_OK(transport->put_if_absent("a", source));
  EXPECT_LE(source.most(), 100'000U);
  ASSERT_OK_AND_ASSIGN(const auto there, transport::find_object(*transport, "a", bytes.size()));
  EXPECT_EQ(there, bytes);
}

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
