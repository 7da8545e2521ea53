// SPDX-License-Identifier: Apache-2.0
#include "support/transport_suite.h"

#include <algorithm>
#include <thread>

#include "support/random.h"

namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using transport::BytesSource;
using transport::ObjectInfo;
using transport::Range;

/// Larger than any buffer of a backend, and no multiple of one.
constexpr std::size_t kLarge = (5u << 20) + 123;

std::string noise(std::size_t size) {
  SplitMix64 random(size);
  std::string out(size, '\0');
  for (char& c : out) {
    c = static_cast<char>(random.next());
  }
  return out;
}

/// Gives `good` bytes, then fails.
class FailingSource : public transport::Source {
 public:
  FailingSource(std::uint64_t size, std::uint64_t good) : size_(size), good_(good) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Status rewind() override {
    done_ = 0;
    return {};
  }
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (done_ >= good_) {
      return Error(Code::corrupt, "the source is damaged");
    }
    auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), good_ - done_));
    std::fill_n(out.begin(), count, std::uint8_t{7});
    done_ += count;
    return count;
  }

 private:
  std::uint64_t size_;
  std::uint64_t good_;
  std::uint64_t done_ = 0;
};

}  // namespace

void TransportSuite::SetUp() {
  if (const std::string missing = GetParam().missing(); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  place_ = GetParam().make();
  transport_ = place_->open();
  ASSERT_OK(transport_->prepare());
}

void TransportSuite::put(const std::string& name, std::string_view content) {
  BytesSource source(as_bytes(content));
  ASSERT_OK(transport_->put_if_absent(name, source));
}

std::string TransportSuite::get(const std::string& name) {
  auto bytes = transport::find_object(*transport_, name, 1u << 30);
  EXPECT_OK(bytes);
  EXPECT_TRUE(bytes.ok() && bytes->has_value()) << name << " is not there";
  return bytes.ok() && *bytes ? std::string(as_text(**bytes)) : "";
}

TEST_P(TransportSuite, GivesBackWhatWasPut) {
  std::string large = noise(kLarge);
  put("packs/large", large);
  put("packs/empty", "");
  put("top", std::string_view("a\0b", 3));
  EXPECT_TRUE(get("packs/large") == large);
  EXPECT_EQ(get("packs/empty"), "");
  EXPECT_EQ(get("top"), std::string_view("a\0b", 3));
}

TEST_P(TransportSuite, ShowsAnObjectToOtherClients) {
  put("packs/a", "text");
  transport_ = place_->open();
  EXPECT_EQ(get("packs/a"), "text");
}

TEST_P(TransportSuite, ReadsRanges) {
  std::string large = noise(kLarge);
  put("packs/large", large);
  for (auto [offset, size] :
       {std::pair<std::size_t, std::size_t>{0, 1}, {1, 2'000'000}, {kLarge - 5, 5}, {kLarge, 0}}) {
    Buffer out(size);
    ASSERT_OK(transport::read_range(*transport_, "packs/large", offset, out));
    EXPECT_TRUE(as_text(out) == std::string_view(large).substr(offset, size)) << offset;
  }
}

TEST_P(TransportSuite, RefusesARangePastTheEnd) {
  put("packs/a", "12345");
  Buffer out(3);
  EXPECT_THAT(transport::read_range(*transport_, "packs/a", 3, out), FailsWith(Code::remote, ""));
  EXPECT_THAT(transport::read_range(*transport_, "packs/a", 6, out), FailsWith(Code::remote, ""));
}

TEST_P(TransportSuite, TellsAMissingObjectFromAnError) {
  auto sink = [](Bytes) { return Status(); };
  EXPECT_THAT(transport_->get("packs/none", std::nullopt, sink), FailsWith(Code::not_found, "none"));
  EXPECT_THAT(transport_->get("packs/none", Range{0, 1}, sink), FailsWith(Code::not_found, "none"));
  ASSERT_OK_AND_ASSIGN(auto size, transport_->stat("packs/none"));
  EXPECT_FALSE(size.has_value());
  EXPECT_OK(transport_->remove("packs/none"));
}

TEST_P(TransportSuite, ReturnsTheErrorOfASink) {
  put("packs/a", "text");
  auto sink = [](Bytes) { return Status(Error(Code::interrupted, "stop")); };
  EXPECT_THAT(transport_->get("packs/a", std::nullopt, sink), FailsWith(Code::interrupted, "stop"));
}

TEST_P(TransportSuite, StatsTheSize) {
  put("packs/a", "12345");
  ASSERT_OK_AND_ASSIGN(auto size, transport_->stat("packs/a"));
  EXPECT_EQ(size, 5u);
}

TEST_P(TransportSuite, NeverReplacesAnObjectByPutIfAbsent) {
  put("packs/a", "first");
  put("packs/a", "other");  // same size: taken for the same
  EXPECT_EQ(get("packs/a"), "first");
  std::string_view longer = "longer text";
  BytesSource source(as_bytes(longer));
  EXPECT_THAT(transport_->put_if_absent("packs/a", source), FailsWith(Code::exists, "packs/a"));
  EXPECT_EQ(get("packs/a"), "first");
}

TEST_P(TransportSuite, PublishesNothingOfASourceThatFails) {
  for (std::uint64_t good : {std::uint64_t{0}, std::uint64_t{1000}, std::uint64_t{3'000'000}}) {
    FailingSource source(3'000'001, good);
    EXPECT_THAT(transport_->put_if_absent("packs/a", source), FailsWith(Code::corrupt, "damaged"));
    ASSERT_OK_AND_ASSIGN(auto size, transport_->stat("packs/a"));
    EXPECT_FALSE(size.has_value());
  }
  ASSERT_OK_AND_ASSIGN(auto objects, transport_->list(""));
  EXPECT_THAT(objects, IsEmpty());
}

TEST_P(TransportSuite, ReplacesSmallObjects) {
  ASSERT_OK(transport_->put_replace("hint", as_bytes("one")));
  ASSERT_OK(transport_->put_replace("hint", as_bytes("three")));
  EXPECT_EQ(get("hint"), "three");
}

TEST_P(TransportSuite, ListsBelowAPrefixAtAnyDepth) {
  put("roots/p/b", "12");
  put("roots/p/a", "1");
  put("roots/q/c", "123");
  put("rootsy", "");
  put("packs/x", "");
  ASSERT_OK_AND_ASSIGN(auto roots, transport_->list("roots/"));
  EXPECT_THAT(
      roots, ElementsAre(ObjectInfo{"roots/p/a", 1}, ObjectInfo{"roots/p/b", 2}, ObjectInfo{"roots/q/c", 3}));
  ASSERT_OK_AND_ASSIGN(auto all, transport_->list(""));
  EXPECT_EQ(all.size(), 5u);
  ASSERT_OK_AND_ASSIGN(auto none, transport_->list("indexes/"));
  EXPECT_THAT(none, IsEmpty());
}

TEST_P(TransportSuite, ListsTenThousandObjects) {
  place_->fill("packs/", 10'000);
  ASSERT_OK_AND_ASSIGN(auto objects, transport_->list("packs/"));
  EXPECT_EQ(objects.size(), 10'000u);
  EXPECT_TRUE(std::is_sorted(objects.begin(), objects.end(),
                             [](const ObjectInfo& a, const ObjectInfo& b) { return a.name < b.name; }));
}

TEST_P(TransportSuite, KeepsOddNames) {
  const std::vector<std::string> names = {
      "x/with space", "x/100%25", "x/a+b&c=d?e#f", "x/\xc3\xa9\xe2\x82\xac",
      "x/quote'\"",   "x/-dash",  "x/star*[a]",    "x/a..."};
  for (const std::string& name : names) {
    put(name, name);
  }
  for (const std::string& name : names) {
    EXPECT_EQ(get(name), name);
  }
  ASSERT_OK_AND_ASSIGN(auto objects, transport_->list("x/"));
  EXPECT_EQ(objects.size(), names.size());
}

TEST_P(TransportSuite, RemovesObjects) {
  put("packs/a", "1");
  put("packs/b", "2");
  ASSERT_OK(transport_->remove("packs/a"));
  ASSERT_OK_AND_ASSIGN(auto objects, transport_->list("packs/"));
  EXPECT_THAT(objects, ElementsAre(ObjectInfo{"packs/b", 1}));
  put("packs/a", "again");
  EXPECT_EQ(get("packs/a"), "again");
}

TEST_P(TransportSuite, LetsOneOfConcurrentWritersWin) {
  constexpr int kWriters = 8;
  constexpr std::size_t kSize = 300'000;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([this, i] {
      auto transport = place_->open();
      std::string content(kSize, static_cast<char>('a' + i));
      for (int round = 0; round < 5; ++round) {
        BytesSource source(as_bytes(content));
        EXPECT_OK(transport->put_if_absent("packs/" + std::to_string(round), source));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (int round = 0; round < 5; ++round) {
    std::string content = get("packs/" + std::to_string(round));
    EXPECT_EQ(content.size(), kSize);
    EXPECT_EQ(std::count(content.begin(), content.end(), content.front()),
              static_cast<std::ptrdiff_t>(kSize));
  }
  ASSERT_OK_AND_ASSIGN(auto objects, transport_->list(""));
  EXPECT_EQ(objects.size(), 5u);
}

TEST_P(TransportSuite, ServesThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      for (int k = 0; k < 10; ++k) {
        std::string name = "packs/" + std::to_string(i) + "-" + std::to_string(k);
        std::string content(static_cast<std::size_t>(1000 + i * 10 + k), static_cast<char>('a' + i));
        BytesSource source(as_bytes(content));
        EXPECT_OK(transport_->put_if_absent(name, source));
        EXPECT_EQ(get(name), content);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace cairn::test
