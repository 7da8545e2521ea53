// SPDX-License-Identifier: Apache-2.0
#include "s3/multipart.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>

#include "base/hex.h"
#include "os/parallel.h"
#include "s3/digest.h"
#include "text/xml.h"
#include "transport/watched_source.h"

namespace cairn::s3 {
namespace {

/// The protocol's own limit.
constexpr std::uint64_t kMostPartsOfObject = 10'000;
constexpr std::uint64_t kPartStep = 1u << 20;

std::string without_quotes(std::string_view etag) {
  std::string out(etag);
  std::erase(out, '"');
  return out;
}

unsigned to_number(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Error strange_answer() {
  return {Code::remote, "the service gave an answer that is not understood", "try again"};
}

std::uint64_t part_size_for(std::uint64_t size, const PartLimits& limits) {
  const std::uint64_t least = size / kMostPartsOfObject + 1;
  return std::max(limits.part_size, (least + kPartStep - 1) / kPartStep * kPartStep);
}

class Upload {
 public:
  Upload(Client& client, std::string key, transport::Source& source, const PartLimits& limits,
         PartSlots& slots)
      : client_(client), key_(std::move(key)), source_(source), limits_(limits), slots_(slots) {}

  Result<http::Response> run(const http::Headers& headers) {
    CAIRN_TRY(resume());
    if (id_.empty()) {
      CAIRN_TRY_ASSIGN(http::Response begun, begin(headers));
      if (!begun.ok()) {
        return begun;
      }
    }
    CAIRN_TRY(source_.rewind());
    part_size_ = part_size_for(source_.size(), limits_);
    CAIRN_TRY(os::run_workers(limits_.workers, [this](unsigned) { return send_parts(); }));
    if (refusal_) {
      return *std::move(refusal_);
    }
    return complete();
  }

 private:
  /// Takes the newest unfinished upload of the key, if the service tells.
  Status resume() {
    CAIRN_TRY_ASSIGN(const http::Response response,
                     client_.send({"GET", "", {{"uploads", ""}, {"prefix", key_}}, {}, nullptr}));
    const auto document = text::parse_xml(response.body);
    if (!response.ok() || !document.ok()) {
      return {};  // whoever may not list uploads may begin one all the same
    }
    std::string newest;
    for (const text::XmlElement& one : document->children) {
      const std::string time(one.text_of("Initiated"));
      if (one.name == "Upload" && one.text_of("Key") == key_ && time >= newest) {
        newest = time;
        id_ = one.text_of("UploadId");
      }
    }
    return id_.empty() ? Status() : list_parts();
  }

  Status list_parts() {
    unsigned marker = 0;
    while (true) {
      CAIRN_TRY_ASSIGN(const http::Response response,
                       client_.send({"GET",
                                     key_,
                                     {{"uploadId", id_}, {"part-number-marker", std::to_string(marker)}},
                                     {},
                                     nullptr}));
      const auto document = text::parse_xml(response.body);
      if (!response.ok() || !document.ok()) {
        id_.clear();  // it was finished or given up meanwhile
        there_.clear();
        return {};
      }
      for (const text::XmlElement& one : document->children) {
        if (one.name == "Part") {
          there_[to_number(one.text_of("PartNumber"))] = without_quotes(one.text_of("ETag"));
        }
      }
      const unsigned next = to_number(document->text_of("NextPartNumberMarker"));
      if (document->text_of("IsTruncated") != "true" || next <= marker) {
        return {};
      }
      marker = next;
    }
  }

  Result<http::Response> begin(const http::Headers& headers) {
    CAIRN_TRY_ASSIGN(http::Response response,
                     client_.send({"POST", key_, {{"uploads", ""}}, headers, nullptr}));
    if (response.ok()) {
      const auto document = text::parse_xml(response.body);
      id_ = document.ok() ? document->text_of("UploadId") : "";
      if (id_.empty()) {
        return strange_answer();
      }
    }
    return response;
  }

  struct Part {
    unsigned number = 0;
    Buffer bytes;
  };

  /// The next part of the source; nothing at its end.
  Result<std::optional<Part>> read_part() {
    const std::lock_guard lock(mutex_);
    if (refusal_ || failed_ || offset_ >= source_.size()) {
      return std::optional<Part>();
    }
    Part part{++last_number_,
              Buffer(static_cast<std::size_t>(std::min(part_size_, source_.size() - offset_)))};
    for (std::size_t done = 0; done < part.bytes.size();) {
      auto count = source_.read(std::span(part.bytes).subspan(done));
      if (!count.ok()) {
        failed_ = true;
        return std::move(count.error());
      }
      done += *count;
    }
    offset_ += part.bytes.size();
    return std::optional(std::move(part));
  }

  Status send_parts() {
    while (true) {
      slots_.acquire();
      Result<bool> sent = send_next_part();
      slots_.release();
      if (!sent.ok()) {
        const std::lock_guard lock(mutex_);
        failed_ = true;
        return std::move(sent.error());
      }
      if (!*sent) {
        return {};
      }
    }
  }

  /// False when there is none left to send.
  Result<bool> send_next_part() {
    CAIRN_TRY_ASSIGN(const std::optional<Part> part, read_part());
    if (!part) {
      return false;
    }
    const auto there = there_.find(part->number);
    if (there != there_.end() && there->second == to_hex(md5(part->bytes))) {
      keep_etag(part->number, there->second);
      return true;
    }
    transport::BytesSource body(part->bytes);
    CAIRN_TRY_ASSIGN(
        http::Response response,
        client_.send(
            {"PUT", key_, {{"partNumber", std::to_string(part->number)}, {"uploadId", id_}}, {}, &body}));
    const std::string* etag = response.find("etag");
    if (response.ok() && etag != nullptr) {
      keep_etag(part->number, without_quotes(*etag));
      return true;
    }
    if (response.ok()) {
      return strange_answer();
    }
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(response);
    return false;
  }

  void keep_etag(unsigned number, std::string etag) {
    const std::lock_guard lock(mutex_);
    etags_[number] = std::move(etag);
  }

  Result<http::Response> complete() {
    std::string text = "<CompleteMultipartUpload>";
    for (const auto& [number, etag] : etags_) {
      text += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>&quot;" + etag +
              "&quot;</ETag></Part>";
    }
    text += "</CompleteMultipartUpload>";
    transport::BytesSource body(as_bytes(text));
    CAIRN_TRY_ASSIGN(http::Response response,
                     client_.send({"POST",
                                   key_,
                                   {{"uploadId", id_}},
                                   {{"Content-Type", "application/xml"}, {"If-None-Match", "*"}},
                                   &body}));
    if (response.ok() && is_error_body(response)) {
      response.status = 500;  // the service had begun its answer before it failed
    }
    return response;
  }

  Client& client_;
  std::string key_;
  transport::WatchedSource source_;
  const PartLimits& limits_;
  PartSlots& slots_;
  std::string id_;
  std::uint64_t part_size_ = 0;
  std::map<unsigned, std::string> there_;  ///< parts that an earlier run sent: MD5 in hex

  std::mutex mutex_;  // guards what follows
  std::uint64_t offset_ = 0;
  unsigned last_number_ = 0;
  bool failed_ = false;
  std::optional<http::Response> refusal_;
  std::map<unsigned, std::string> etags_;
};

}  // namespace

Result<http::Response> upload_in_parts(Client& client, const std::string& key, transport::Source& source,
                                       const http::Headers& headers, const PartLimits& limits,
                                       PartSlots& slots) {
  return Upload(client, key, source, limits, slots).run(headers);
}

}  // namespace cairn::s3
