// SPDX-License-Identifier: Apache-2.0
#include "ceph.h"

#include "os/parallel.h"

namespace cairn::test {
namespace {

using ::testing::HasSubstr;
using transport::BytesSource;

template <S3Service (*kService)()>
TransportCase ceph_case(const std::string& name) {
  return {name, [] { return std::make_unique<S3Place>(kService()); }};
}

INSTANTIATE_TEST_SUITE_P(Ceph, TransportSuite,
                         ::testing::Values(ceph_case<plain>("plain"), ceph_case<encrypted>("tls"),
                                           ceph_case<session>("session")),
                         transport_case_name);

class CephTest : public ::testing::Test {
 protected:
  void SetUp() override { place_ = std::make_unique<S3Place>(plain(), kSmallParts); }

  Status put(s3::S3Transport& transport, const std::string& name, std::string_view content) {
    BytesSource source(as_bytes(content));
    return transport.put_if_absent(name, source);
  }
  /// What listing says with other settings.
  Status list_with(const std::map<std::string, std::string, std::less<>>& settings) {
    auto listed = place_->open_as(settings)->list("");
    return listed.ok() ? Status() : Status(listed.error());
  }

  std::unique_ptr<S3Place> place_;
};

/// Refused with that text, the place's name and that next step.
void expect_refused(const Status& status, const std::string& text, const std::string& step) {
  EXPECT_THAT(status, FailsWith(Code::remote, text));
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message(), HasSubstr("bucket 's3://"));
  EXPECT_THAT(status.error().hint(), HasSubstr(step));
}

TEST_F(CephTest, SaysThatTheKeyIsUnknown) {
  expect_refused(list_with({{"access_key_id", "NOBODY"}}),
                 "access key id is unknown (credentials from the remote's settings)",
                 "cairn config --local remote.origin.access_key_id");
}

TEST_F(CephTest, SaysThatTheSecretIsWrong) {
  expect_refused(list_with({{"secret_access_key", "wrong-secret"}}), "secret access key is wrong",
                 "secret_access_key");
  const Status refused = list_with({{"secret_access_key", "wrong-secret"}});
  EXPECT_THAT(refused.error().message() + refused.error().hint(), ::testing::Not(HasSubstr("wrong-secret")));
}

TEST_F(CephTest, SaysThatTheBucketIsMissing) {
  transport::Place place{"origin", "s3://nowhere-at-all/x", plain().settings, "/", nullptr};
  place.settings["endpointurl"] = plain().endpoint;
  ASSERT_OK_AND_ASSIGN(const auto transport, s3::S3Transport::open(place));
  auto sink = [](Bytes) { return Status(); };
  expect_refused(transport->get("format", std::nullopt, sink), "there is no bucket 'nowhere-at-all'",
                 "make it");
  auto size = transport->stat("format");
  expect_refused(Status(size.error()), "there is no bucket 'nowhere-at-all'", "make it");
  expect_refused(put(*transport, "format", "x"), "there is no bucket 'nowhere-at-all'", "make it");
}

TEST_F(CephTest, SaysThatThereIsNoPermission) {
  expect_refused(list_with({{"access_key_id", "GUEST"}, {"secret_access_key", "guest-secret"}}),
                 "no permission", "ask the bucket's owner");
}

TEST_F(CephTest, SaysThatTheTokenIsNotValid) {
  auto settings = session().settings;
  settings["endpointurl"] = session().endpoint;
  settings["session_token"] = "bm90IGEgdG9rZW4=";
  expect_refused(list_with(settings), "session token", "");
}

TEST_F(CephTest, SaysThatTheAccountIsFull) {
  S3Service small = plain();
  small.settings["access_key_id"] = "SMALL";
  small.settings["secret_access_key"] = "small-secret";
  const S3Place place(small);
  const auto transport = place.open_as({});
  ASSERT_OK(put(*transport, "a", noise(1000)));
  expect_refused(put(*transport, "b", noise(100'000)), "is full", "make room");
}

TEST_F(CephTest, SaysThatTheCertificateIsNotTrusted) {
  expect_refused(list_with({{"endpointurl", encrypted().endpoint}}),
                 "the TLS certificate of 'https://localhost", "remote.origin.ssl_verify FILE");
  EXPECT_OK(list_with({{"endpointurl", encrypted().endpoint}, {"ssl_verify", "false"}}));
}

TEST_F(CephTest, UsesHostsThatAreNamedAfterBuckets) {
  const auto transport = place_->open_as(
      {{"endpointurl", "http://" + host("localhost", ceph().port())}, {"path_style", "false"}});
  ASSERT_OK(put(*transport, "a b", "text"));
  ASSERT_OK_AND_ASSIGN(const auto objects, transport->list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"a b", 4}));
}

TEST_F(CephTest, ReadsPublicBucketsWithoutKeys) {
  ASSERT_OK(put(*place_->open_as({}), "a", "text"));
  const std::map<std::string, std::string, std::less<>> anonymous = {{"allow_anonymous_login", "true"}};
  expect_refused(list_with(anonymous), "no permission (credentials from nowhere: requests are not signed)",
                 "ask");
  BytesSource nothing{Bytes()};
  const auto opened =
      place_->client()->send({"PUT", "", {{"acl", ""}}, {{"x-amz-acl", "public-read"}}, &nothing});
  ASSERT_TRUE(opened.ok() && opened->ok());
  EXPECT_OK(list_with(anonymous));
}

/// Fails once after `good` bytes, as if its disk broke.
class BreakingSource : public transport::Source {
 public:
  BreakingSource(std::string_view content, std::uint64_t good) : content_(as_bytes(content)), good_(good) {}
  [[nodiscard]] std::uint64_t size() const override { return content_.size(); }
  Status rewind() override {
    done_ = 0;
    return {};
  }
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (done_ >= good_) {
      return Error(Code::io, "the disk is broken");
    }
    const std::size_t count = std::min(out.size(), content_.size() - done_);
    std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(done_), count, out.begin());
    done_ += count;
    return count;
  }

 private:
  Bytes content_;
  std::uint64_t good_;
  std::size_t done_ = 0;
};

/// Uploads that are not finished, as the service lists them.
std::string unfinished(const S3Place& place) {
  const auto listed = place.client()->send({"GET", "", {{"uploads", ""}}, {}, nullptr});
  return listed.ok() ? listed->body : "";
}

/// Parts of the one unfinished upload.
std::string parts_of(const S3Place& place, const std::string& key) {
  const std::string uploads = unfinished(place);
  const std::size_t begin = uploads.find("<UploadId>") + 10;
  const std::string id = uploads.substr(begin, uploads.find('<', begin) - begin);
  const auto listed = place.client()->send({"GET", key, {{"uploadId", id}}, {}, nullptr});
  return listed.ok() ? listed->body : "";
}

/// An upload breaks after `good` bytes, when part `sent` is there, and goes on.
void expect_resume(const S3Place& place, std::size_t size, std::uint64_t good, int sent) {
  const std::string content = noise(size);
  const auto transport = place.open_as({});
  BreakingSource breaking(content, good);
  EXPECT_THAT(transport->put_if_absent("packs/large", breaking), FailsWith(Code::io, "the disk is broken"));
  const std::string before = parts_of(place, "some/where/packs/large");
  EXPECT_THAT(before, HasSubstr("<PartNumber>" + std::to_string(sent) + "</PartNumber>"));
  ASSERT_OK_AND_ASSIGN(const auto nothing, transport->stat("packs/large"));
  EXPECT_FALSE(nothing.has_value());

  BytesSource whole(as_bytes(content));
  ASSERT_OK(transport->put_if_absent("packs/large", whole));
  EXPECT_THAT(unfinished(place), ::testing::Not(HasSubstr("<UploadId>"))) << "a second upload was begun";
  ASSERT_OK_AND_ASSIGN(const auto bytes, transport::find_object(*transport, "packs/large", 1u << 30));
  EXPECT_TRUE(bytes && as_text(*bytes) == content);
}

TEST_F(CephTest, GoesOnWithAnInterruptedUpload) {
  expect_resume(*place_, (10u << 20) + 77, 7u << 20, 3);
}

TEST_F(CephTest, GoesOnWithAnInterruptedUploadOf256MiB) {
  expect_resume(S3Place(plain()), 256u << 20, 200u << 20, 20);
}

TEST_F(CephTest, SendsPartsAgainThatDiffer) {
  const std::string other = noise((5u << 20) + 1);
  const std::string content = noise((5u << 20) + 2);
  const auto transport = place_->open_as({});
  BreakingSource breaking(other, 4u << 20);
  EXPECT_FALSE(transport->put_if_absent("packs/large", breaking).ok());
  ASSERT_OK(put(*transport, "packs/large", content));
  ASSERT_OK_AND_ASSIGN(const auto bytes, transport::find_object(*transport, "packs/large", 1u << 30));
  EXPECT_TRUE(bytes && as_text(*bytes) == content);
}

TEST_F(CephTest, LetsWritersOfOneLargeObjectWorkTogether) {
  const std::string content = noise((6u << 20) + 5);
  EXPECT_OK(os::parallel_for(4, 4, 1,
                             [&](std::size_t) { return put(*place_->open_as({}), "packs/large", content); }));
  ASSERT_OK_AND_ASSIGN(const auto bytes, transport::find_object(*place_->open(), "packs/large", 1u << 30));
  EXPECT_TRUE(bytes && as_text(*bytes) == content);
  const std::string other = content + "x";
  BytesSource longer(as_bytes(other));
  EXPECT_THAT(place_->open()->put_if_absent("packs/large", longer), FailsWith(Code::exists, "packs/large"));
}

TEST_F(CephTest, AsksForEncryptionOnTheServer) {
  // This server can only do it with a key store behind it, and says so.
  const auto transport = place_->open_as({{"sse", "aws:kms"}, {"sse_kms_key_id", "key"}});
  EXPECT_THAT(put(*transport, "a", "text"), FailsWith(Code::remote, "bucket 's3://"));
}

}  // namespace
}  // namespace cairn::test
