// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <thread>

#include "http/download.h"
#include "support/matchers.h"
#include "support/temp_dir.h"
#include "support/test_server.h"

namespace cairn::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using transport::Range;

/// A client of nginx that reaches it through a proxy which breaks answers.
class HttpFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!nginx().missing().empty() || !proxy().missing().empty()) {
      GTEST_SKIP() << nginx().missing() << proxy().missing();
    }
    write_text(proxy().folder() + "/target", std::to_string(nginx().port()));
    write_text(nginx().folder() + "/files/a", content_);
    order("");
    write_text(proxy().folder() + "/requests", "");
  }

  static const TestServer& nginx() { return TestServer::shared("nginx-up.sh"); }
  static const TestServer& proxy() { return TestServer::shared("fault-proxy-up.sh"); }
  /// Faults of the next requests, as fault_proxy.py reads them.
  static void order(const std::string& faults) { write_text(proxy().folder() + "/faults", faults + "\n"); }
  static std::string requests() { return read_text(proxy().folder() + "/requests"); }

  static std::ptrdiff_t request_count() {
    const std::string lines = requests();
    return std::count(lines.begin(), lines.end(), '\n');
  }

  static std::string url(const std::string& path, const TestServer& server = proxy()) {
    return "http://127.0.0.1:" + std::to_string(server.port()) + path;
  }

  static http::ClientOptions options() {
    http::ClientOptions made;
    made.remote_name = "origin";
    made.stall_limit = std::chrono::seconds(1);
    made.retry.first_wait = std::chrono::milliseconds(1);
    return made;
  }

  Result<http::Response> get(const http::Request& request, std::optional<Range> range = std::nullopt) {
    got_.clear();
    return http::download(client_, request, range, [this](Bytes piece) {
      got_.append(as_text(piece));
      return Status();
    });
  }
  Result<http::Response> get(std::optional<Range> range = std::nullopt) {
    http::Request request;
    request.url = url("/a");
    return get(request, range);
  }
  void expect_whole() {
    const auto response = get();
    EXPECT_OK(response);
    EXPECT_TRUE(got_ == content_) << got_.size() << " of " << content_.size() << " bytes";
  }

  std::string content_ = [] {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
      text += std::to_string(i) + "\n";
    }
    return text;
  }();
  http::Client client_{options()};
  std::string got_;
};

TEST_F(HttpFaults, GetsAllAndParts) {
  expect_whole();
  EXPECT_OK(get(Range{7, 1000}));
  EXPECT_EQ(got_, content_.substr(7, 1000));
  EXPECT_OK(get(Range{content_.size() - 3, 3}));
  EXPECT_EQ(got_, content_.substr(content_.size() - 3));
}

TEST_F(HttpFaults, GoesOnWhereTheConnectionBroke) {
  order("1 GET /a reset 30000\n1 GET /a short 40000\n1 GET /a drop");
  expect_whole();
  EXPECT_THAT(requests(), HasSubstr("bytes=70000-"));
  order("2 GET /a short 100");
  EXPECT_OK(get(Range{500, 1000}));
  EXPECT_EQ(got_, content_.substr(500, 1000));
  EXPECT_THAT(requests(), HasSubstr("bytes=600-1499"));
}

TEST_F(HttpFaults, TriesAgainWhatPassesAway) {
  for (const char* status : {"408", "429", "500", "502", "503", "504"}) {
    order("3 GET /a status " + std::string(status));
    expect_whole();
  }
}

TEST_F(HttpFaults, GivesUpAfterSevenAttempts) {
  order("99 GET /a status 503");
  ASSERT_OK_AND_ASSIGN(const auto response, get());
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(request_count(), 7);
  order("99 GET /a drop");
  const auto broken = get();
  EXPECT_THAT(broken, FailsWith(Code::remote, "broke off"));
  EXPECT_GE(request_count(), 14);  // libcurl itself tries again when a connection that was kept is gone
}

TEST_F(HttpFaults, DoesNotTryAgainWhatStays) {
  for (const char* status : {"400", "403", "404", "501"}) {
    order("1 GET /a status " + std::string(status));
    ASSERT_OK_AND_ASSIGN(const auto response, get());
    EXPECT_EQ(std::to_string(response.status), status);
    EXPECT_EQ(got_, "");
  }
}

TEST_F(HttpFaults, RefusesAnswersToAnotherQuestion) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"whole", "does not give the part"},   {"shift", "gives another part"},
      {"gzip", "compressed (gzip)"},         {"long 5", "more than was asked"},
      {"endless", "does not give the part"}, {"garbage", "gave no proper answer"},
      {"headers", "256 KiB of headers"}};
  for (const auto& [fault, message] : faults) {
    order("1 GET /a " + fault);
    EXPECT_THAT(get(Range{10, 1000}), FailsWith(Code::remote, message)) << fault;
    EXPECT_TRUE(content_.substr(10, 1000) == got_ || got_.empty()) << fault;
  }
  order("1 GET /a unbounded");
  EXPECT_THAT(get(), FailsWith(Code::remote, "does not say how long it is"));
  order("1 GET /a status 416");
  ASSERT_OK_AND_ASSIGN(const auto response, get(Range{10, 1000}));
  EXPECT_EQ(response.status, 416);
}

TEST_F(HttpFaults, RefusesARangePastTheEnd) {
  EXPECT_THAT(get(Range{content_.size() - 3, 5}), FailsWith(Code::remote, "cut short"));
}

TEST_F(HttpFaults, EndsAnEndlessAnswer) {
  order("1 GET /a endless");
  http::Request request;
  request.url = url("/a");
  EXPECT_THAT(client_.send(request), FailsWith(Code::remote, "more than 64 MiB"));
}

TEST_F(HttpFaults, EndsATransferThatStalls) {
  order("9 GET /a stall 100");
  EXPECT_THAT(get(Range{0, 1000}), FailsWith(Code::remote, "stalls: nothing was moved for 1 s"));
  order("1 GET /a stall 100");
  expect_whole();
}

TEST_F(HttpFaults, StopsWhenTheUserSaysSo) {
  std::atomic<bool> stop = false;
  http::ClientOptions patient = options();
  patient.stall_limit = std::chrono::seconds(1000);
  patient.stop = &stop;
  http::Client client(patient);
  order("1 GET /a stall 100");
  http::Request request;
  request.url = url("/a");
  const auto sink = [&stop](Bytes) {
    stop = true;
    return Status();
  };
  EXPECT_THAT(http::download(client, request, std::nullopt, sink), FailsWith(Code::interrupted, ""));
  EXPECT_THAT(client.send(request), FailsWith(Code::interrupted, ""));
}

TEST_F(HttpFaults, SendsABodyAgainFromItsBegin) {
  std::string body(300'000, 'x');
  transport::BytesSource source(as_bytes(body));
  http::Request request;
  request.method = "PUT";
  request.url = url("/dav/up");
  request.body = &source;
  request.headers = {{"Authorization", "Basic Y2Fpcm46ZGF2LXNlY3JldA=="}};
  order("1 PUT /dav/up lose\n1 PUT /dav/up status 500\n1 PUT /dav/up drop");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.send(request));
  EXPECT_TRUE(response.ok()) << response.status;
  EXPECT_TRUE(read_text(nginx().folder() + "/files/dav/up") == body);
}

TEST_F(HttpFaults, FollowsRedirectsOfTheSameScheme) {
  http::Request request;
  request.url = url("/moved/a", nginx());
  ASSERT_OK_AND_ASSIGN(const auto stays, get(request));
  EXPECT_EQ(stays.status, 302);
  request.follow = true;
  ASSERT_OK(get(request));
  EXPECT_TRUE(got_ == content_);
  request.url = url("/around/", nginx());
  EXPECT_THAT(get(request), FailsWith(Code::remote, "without end"));
  request.url = url("/secure/", nginx());
  EXPECT_THAT(get(request), FailsWith(Code::remote, "which is not followed"));
}

TEST_F(HttpFaults, TakesNoSecretToAnotherHost) {
  http::Request request;
  request.follow = true;
  request.authorize = [](http::Request& next) -> Status {
    next.headers.emplace_back("Authorization", "Bearer dav-token");
    return {};
  };
  request.url = url("/token/a", nginx());
  ASSERT_OK_AND_ASSIGN(const auto here, get(request));
  EXPECT_EQ(here.status, 200);
  request.url = url("/away/a", nginx());
  ASSERT_OK_AND_ASSIGN(const auto there, get(request));
  EXPECT_EQ(there.status, 401) << "the token went along";
}

TEST_F(HttpFaults, SaysThatNobodyAnswersThere) {
  http::Request request;
  request.url = "http://127.0.0.1:" + std::to_string(free_port()) + "/a?secret=hidden";
  const auto refused = client_.send(request);
  EXPECT_THAT(refused, FailsWith(Code::remote, "cannot connect to 'http://127.0.0.1:"));
  EXPECT_THAT(refused, FailsWith(Code::remote, "Connection refused"));
  EXPECT_THAT(refused.error().message(), Not(HasSubstr("hidden")));
  request.url = "http://no-such-host.invalid/a";
  EXPECT_THAT(client_.send(request),
              FailsWith(Code::remote, "there is no host for 'http://no-such-host.invalid'"));
}

TEST_F(HttpFaults, RefusesHeadersThatHoldLineEnds) {
  http::Request request;
  request.url = url("/a");
  request.headers = {{"X", "a\r\nY: b"}};
  EXPECT_THAT(client_.send(request), FailsWith(Code::usage, "control characters"));
}

TEST_F(HttpFaults, ServesThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] {
      for (int k = 0; k < 5; ++k) {
        http::Request request;
        request.url = url("/a", nginx());
        const auto response = client_.send(request);
        EXPECT_TRUE(response.ok() && response->body == content_);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace cairn::test
