// SPDX-License-Identifier: Apache-2.0
#include "http/download.h"

#include <charconv>

#include "base/escape.h"
#include "http/url.h"

namespace cairn::http {
namespace {

using transport::Range;

/// A longer ETag is none: it goes into a pointer.
constexpr std::size_t kLongestStateText = 1024;

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

/// "bytes FIRST-LAST/SIZE".
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size = 0;
};

std::optional<ContentRange> content_range(const Response& response) {
  const std::string* header = response.find("content-range");
  constexpr std::string_view kUnit = "bytes ";
  if (header == nullptr || !header->starts_with(kUnit)) {
    return std::nullopt;
  }
  const std::string_view text = std::string_view(*header).substr(kUnit.size());
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash) {
    return std::nullopt;
  }
  const auto first = to_number(text.substr(0, dash));
  const auto last = to_number(text.substr(dash + 1, slash - dash - 1));
  const auto size = to_number(text.substr(slash + 1));
  const bool sound = first && last && size && *first <= *last && *last < *size;
  return sound ? std::optional(ContentRange{*first, *last, *size}) : std::nullopt;
}

/// Keeps count of what came over all attempts.
class Download {
 public:
  Download(std::string url, std::optional<Range> range, const transport::Sink& sink)
      : shown_(quoted(redacted(url))), range_(range), sink_(sink) {}

  Status prepare(Request& request) {
    if (range_ || done_ > 0) {
      std::string value = "bytes=" + std::to_string(next()) + "-";
      value += range_ ? std::to_string(range_->offset + range_->size - 1) : "";
      request.headers.emplace_back("Range", std::move(value));
    }
    if (done_ > 0 && !etag_.empty()) {
      request.headers.emplace_back("If-Match", etag_);
    }
    return {};
  }

  Status begin(const Response& head) {
    const std::string* encoding = head.find("content-encoding");
    if (encoding != nullptr && *encoding != "identity") {
      return wrong("sends it compressed (" + escaped(*encoding) + ")");
    }
    const std::string* etag = head.find("etag");
    if (done_ == 0 && etag != nullptr && !etag->starts_with("W/")) {
      etag_ = *etag;
    }
    return range_ || done_ > 0 ? begin_part(head) : begin_whole(head);
  }

  Status take(Bytes piece) {
    if (wanted_ && piece.size() > *wanted_ - done_) {
      return wrong("sends more than was asked for");
    }
    CAIRN_TRY(sink_(piece));
    done_ += piece.size();
    return {};
  }

  [[nodiscard]] Status check_end() const {
    return !wanted_ || done_ == *wanted_ ? Status() : wrong("sends less than it should");
  }

 private:
  [[nodiscard]] std::uint64_t next() const { return (range_ ? range_->offset : 0) + done_; }

  [[nodiscard]] Status wrong(const std::string& what) const {
    return Error(Code::remote, shown_ + ": the server " + what,
                 "try again; a proxy or cache on the way may be the cause");
  }

  Status begin_whole(const Response& head) {
    if (head.status != 200) {
      return wrong("answers with status " + std::to_string(head.status) + " instead of 200");
    }
    wanted_ = length_of(head);
    const bool ends_by_itself = head.find("transfer-encoding") != nullptr;
    return wanted_ || ends_by_itself ? Status() : wrong("does not say how long it is");
  }

  Status begin_part(const Response& head) {
    const auto got = content_range(head);
    if (head.status != 206 || !got) {
      return wrong("does not give the part of it that was asked for");
    }
    const std::uint64_t last = range_ ? range_->offset + range_->size - 1 : got->size - 1;
    if (range_ && last >= got->size) {
      return Error(Code::remote,
                   shown_ + " is cut short: it has only " + std::to_string(got->size) + " bytes");
    }
    if (got->first != next() || got->last != last || (size_ != 0 && got->size != size_)) {
      return wrong("gives another part of it than was asked for");
    }
    size_ = got->size;
    wanted_ = last + 1 - (range_ ? range_->offset : 0);
    return {};
  }

  std::string shown_;
  std::optional<Range> range_;
  const transport::Sink& sink_;
  std::uint64_t done_ = 0;
  std::optional<std::uint64_t> wanted_;  ///< bytes all in all, once known
  std::uint64_t size_ = 0;               ///< of the whole resource, 0 while unknown
  std::string etag_;
};

}  // namespace

Result<Response> download(Client& client, const Request& request, std::optional<Range> range,
                          const transport::Sink& sink) {
  Download state(request.url, range, sink);
  Request one = request;
  one.prepare = [&state](Request& next) { return state.prepare(next); };
  const Receiver receiver{[&state](const Response& head) { return state.begin(head); },
                          [&state](Bytes piece) { return state.take(piece); }};
  CAIRN_TRY_ASSIGN(Response response, client.receive(one, receiver));
  if (response.ok()) {
    CAIRN_TRY(state.check_end());
  }
  return response;
}

std::optional<std::uint64_t> length_of(const Response& response) {
  const std::string* length = response.find("content-length");
  return length == nullptr ? std::nullopt : to_number(*length);
}

transport::ObjectState state_of(const Response& response) {
  const auto header = [&response](std::string_view name) {
    const std::string* value = response.find(name);
    return value == nullptr || value->size() > kLongestStateText || !is_utf8(*value) ? std::string() : *value;
  };
  transport::ObjectState state;
  state.size = length_of(response).value_or(0);
  state.etag = header("etag");
  state.modified = header("last-modified");
  return state;
}

std::optional<std::uint64_t> size_in_content_range(const Response& response) {
  const std::string* header = response.find("content-range");
  const std::size_t slash = header == nullptr ? std::string::npos : header->find('/');
  return slash == std::string::npos ? std::nullopt : to_number(std::string_view(*header).substr(slash + 1));
}

}  // namespace cairn::http
