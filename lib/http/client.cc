// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "http/failure.h"
#include "http/transfer.h"
#include "http/url.h"

namespace cairn::http {
namespace {

constexpr int kMostRedirects = 5;

bool is_transient(const Request& request, const Response& response) {
  constexpr std::array kStatuses = {408, 429, 500, 502, 503, 504};
  return std::find(kStatuses.begin(), kStatuses.end(), response.status) != kStatuses.end() ||
         (request.is_transient != nullptr && request.is_transient(response));
}

bool is_redirect(const Response& response) {
  constexpr std::array kStatuses = {301, 302, 303, 307, 308};
  return std::find(kStatuses.begin(), kStatuses.end(), response.status) != kStatuses.end() &&
         response.find("location") != nullptr;
}

}  // namespace

const std::string* Response::find(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& one) { return one.first == name; });
  return found == headers.end() ? nullptr : &found->second;
}

ClientOptions client_options(const transport::Place& place) {
  ClientOptions options;
  options.remote_name = place.name;
  options.stop = place.stop;
  const std::string trust = place.find("ssl_verify").value_or("true");
  options.verify = trust != "false";
  if (trust != "false" && trust != "true") {
    options.ca_file = trust;
  }
  return options;
}

/// What one attempt came to.
struct Client::Attempt {
  Result<Response> result;
  Patience patience = Patience::none;
  std::chrono::seconds retry_after{0};
};

Client::Client(ClientOptions options) : options_(std::move(options)) {}

Client::Easy Client::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    return {curl().easy_init(), curl().easy_cleanup};
  }
  Easy easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

void Client::give_back(Easy easy) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(easy));
}

Client::Attempt Client::exchange(CURL* easy, const Request& request, const Receiver& receiver) const {
  Transfer transfer(easy, options_, request, receiver);
  const CURLcode code = transfer.run();
  if (auto error = transfer.own_error()) {
    return {*std::move(error)};
  }
  if (code != CURLE_OK) {
    long system_error = 0;
    curl().easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
    const std::string detail = *transfer.detail() == '\0' ? curl().easy_strerror(code) : transfer.detail();
    Failure failure = explain({code, static_cast<int>(system_error), detail, request.url,
                               static_cast<long>(options_.stall_limit.count())},
                              options_.remote_name);
    return {std::move(failure.error), failure.patience};
  }
  curl_off_t retry_after = 0;
  curl().easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
  const bool transient = is_transient(request, transfer.response());
  return {std::move(transfer.response()), transient ? Patience::full : Patience::none,
          std::chrono::seconds(retry_after)};
}

Client::Attempt Client::try_once(const Request& request, const Receiver& receiver) {
  Easy easy = take();
  Attempt attempt = exchange(easy.get(), request, receiver);
  if (attempt.result.ok()) {  // else its connection is of no more use
    give_back(std::move(easy));
  }
  return attempt;
}

Client::Attempt Client::follow(Request request, const Receiver& receiver) {
  const std::string first = request.url;
  for (int hops = 0;; ++hops) {
    Request one = request;
    if (one.authorize && origin_of(one.url) == origin_of(first)) {
      if (Status done = one.authorize(one); !done.ok()) {
        return {std::move(done.error())};
      }
    }
    Attempt attempt = try_once(one, receiver);
    if (!request.follow || !attempt.result.ok() || !is_redirect(*attempt.result)) {
      return attempt;
    }
    auto target = resolve_url(request.url, *attempt.result->find("location"));
    if (!target.ok()) {
      return {std::move(target.error())};
    }
    const std::string from = quoted(redacted(first));
    if (hops == kMostRedirects) {
      return {Error(Code::remote, from + " sends from one address to the next without end")};
    }
    if (target->substr(0, target->find(':')) != first.substr(0, first.find(':'))) {
      return {Error(Code::remote, from + " sends to " + quoted(redacted(*target)) + ", which is not followed",
                    "if that is right, make it the address of the remote")};
    }
    request.url = std::move(*target);
  }
}

Result<Response> Client::receive(const Request& request, const Receiver& receiver) {
  Retry retry(options_.retry, options_.stop);
  while (true) {
    Request one = request;
    if (one.prepare) {
      CAIRN_TRY(one.prepare(one));
    }
    Attempt attempt = follow(std::move(one), receiver);
    if (attempt.patience == Patience::none) {
      return std::move(attempt.result);
    }
    CAIRN_TRY_ASSIGN(const bool again, retry.wait(attempt.patience, attempt.retry_after));
    if (!again) {
      return std::move(attempt.result);
    }
  }
}

}  // namespace cairn::http
