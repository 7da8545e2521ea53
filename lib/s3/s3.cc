// SPDX-License-Identifier: Apache-2.0
#include "s3/s3.h"

#include <algorithm>

#include "base/escape.h"
#include "http/download.h"
#include "s3/crypto.h"
#include "s3/listing.h"
#include "transport/answers.h"

namespace cairn::s3 {
namespace {

using transport::ObjectInfo;
using transport::Range;
using transport::Sink;
using transport::Source;

constexpr std::string_view kNoObject = "NoSuchKey";

/// Known not to be there. Without a body only the status speaks, and that also stands for a missing bucket.
bool is_missing(const http::Response& response) {
  return response.status == 404 && read_error(response).code == kNoObject;
}

}  // namespace

Result<std::unique_ptr<S3Transport>> S3Transport::open(const transport::Place& place,
                                                       const PartLimits& limits) {
  CAIRN_TRY(load_crypto());
  CAIRN_TRY_ASSIGN(Config config, read_config(place));
  http::ClientOptions options = http::client_options(place);
  if (options.ca_file.empty()) {
    options.ca_file = environment("AWS_CA_BUNDLE").value_or("");
  }
  return std::unique_ptr<S3Transport>(new S3Transport(place, std::move(config), std::move(options), limits));
}

std::string S3Transport::describe() const {
  const Config& config = client_.config();
  const std::string place = "s3://" + config.bucket + "/" + config.prefix;
  return "bucket " + quoted(place.substr(0, place.size() - 1)) +
         (config.endpoint.empty() ? "" : " at " + config.host);
}

Error S3Transport::failure(const Error& error, const std::string& name) const {
  const std::string object = name.empty() ? "" : ": " + quoted(name);
  return error.code() == Code::remote ? error.with_context(describe() + object) : error;
}

Error S3Transport::refused(const http::Response& response, const std::string& name) {
  return failure(client_.refusal(response), name);
}

http::Headers S3Transport::encryption_headers() const {
  const Config& config = client_.config();
  http::Headers headers;
  if (!config.sse.empty()) {
    headers.emplace_back("x-amz-server-side-encryption", config.sse);
  }
  if (!config.sse_kms_key_id.empty()) {
    headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", config.sse_kms_key_id);
  }
  return headers;
}

Status S3Transport::get(const std::string& name, std::optional<Range> range, const Sink& sink) {
  if (range && range->size == 0) {
    CAIRN_TRY_ASSIGN(const auto size, stat(name));
    return !size ? Status(Error(Code::not_found, quoted(name) + " is not in " + describe()))
           : range->offset <= *size
               ? Status()
               : failure(
                     Error(Code::remote, "it is cut short: it has only " + std::to_string(*size) + " bytes"),
                     name);
  }
  Status sink_error;
  auto response = client_.download({"GET", key(name), {}, {}, nullptr}, range, [&](Bytes piece) {
    sink_error = sink(piece);
    return sink_error;
  });
  if (!response.ok()) {
    return sink_error.ok() ? Status(failure(response.error(), name)) : sink_error;
  }
  if (is_missing(*response)) {
    return Error(Code::not_found, quoted(name) + " is not in " + describe());
  }
  if (response->status == 416) {
    return failure(Error(Code::remote, "it is cut short: the bytes that were asked for are not there"), name);
  }
  return response->ok() ? Status() : refused(*response, name);
}

Result<std::optional<std::uint64_t>> S3Transport::stat(const std::string& name) {
  auto size = find_size(name);
  return size.ok() ? std::move(size) : failure(size.error(), name);
}

/// By reading the first byte: unlike that to HEAD, the answer says what is wrong.
Result<std::optional<std::uint64_t>> S3Transport::find_size(const std::string& name) {
  CAIRN_TRY_ASSIGN(http::Response response,
                   client_.send({"GET", key(name), {}, {{"Range", "bytes=0-0"}}, nullptr}));
  if (is_missing(response)) {
    return std::optional<std::uint64_t>();
  }
  if (response.status == 206) {
    if (const auto size = http::size_in_content_range(response)) {
      return size;
    }
  }
  if (response.status == 416) {  // what is empty has no first byte
    CAIRN_TRY_ASSIGN(response, client_.send({"HEAD", key(name), {}, {}, nullptr}));
  }
  const std::string* length = response.find("content-length");
  if (response.status == 200 && response.body.empty() && length != nullptr && *length == "0") {
    return std::optional<std::uint64_t>(0);
  }
  return response.ok() ? Error(Code::remote, "the service does not tell its size")
                       : client_.refusal(response);
}

Result<std::optional<transport::ObjectState>> S3Transport::find_state(const std::string& name) {
  auto response = client_.send({"HEAD", key(name), {}, {}, nullptr});
  if (!response.ok()) {
    return failure(response.error(), name);
  }
  if (!response->ok()) {  // only an answer with a body says why
    CAIRN_TRY_ASSIGN(const auto size, stat(name));
    return size ? refused(*response, name) : Result(std::optional<transport::ObjectState>());
  }
  transport::ObjectState state = http::state_of(*response);
  const std::string* version = response->find("x-amz-version-id");
  state.version = version == nullptr || *version == "null" ? "" : *version;
  return std::optional(std::move(state));
}

Status S3Transport::put_if_absent(const std::string& name, Source& source) {
  CAIRN_TRY_ASSIGN(const auto there, stat(name));
  if (there) {
    return transport::check_taken(*this, name, *there, source.size());
  }
  auto response = upload(name, source);
  return response.ok() ? settle(name, source.size(), *response) : Status(failure(response.error(), name));
}

Result<http::Response> S3Transport::upload(const std::string& name, Source& source) {
  http::Headers headers = encryption_headers();
  if (source.size() > limits_.threshold) {
    return upload_in_parts(client_, key(name), source, headers, limits_, slots_);
  }
  Call call{"PUT", key(name), {}, headers, &source};
  call.headers.emplace_back("If-None-Match", "*");
  CAIRN_TRY_ASSIGN(http::Response response, client_.send(call));
  if (response.status == 501) {  // a service that knows no conditions; the size was looked at before
    call.headers = std::move(headers);
    CAIRN_TRY_ASSIGN(response, client_.send(call));
  }
  return response;
}

/// What an answer to an upload means. Somebody else may have been faster: by condition (412, 409), or by
/// finishing the same upload in parts (404).
Status S3Transport::settle(const std::string& name, std::uint64_t size, const http::Response& response) {
  if (response.ok()) {
    return {};
  }
  if (response.status == 412 || response.status == 409 || response.status == 404) {
    CAIRN_TRY_ASSIGN(const auto there, stat(name));
    if (there) {
      return transport::check_taken(*this, name, *there, size);
    }
  }
  return refused(response, name);
}

Status S3Transport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  auto response = client_.send({"PUT", key(name), {}, encryption_headers(), &source});
  if (!response.ok()) {
    return failure(response.error(), name);
  }
  return response->ok() ? Status() : refused(*response, name);
}

Result<std::vector<ObjectInfo>> S3Transport::list(const std::string& prefix) {
  std::vector<ObjectInfo> objects;
  if (Status listed = list_objects(client_, key(prefix), objects); !listed.ok()) {
    return failure(listed.error(), prefix);
  }
  transport::sort_by_name(objects);
  return objects;
}

/// A small remote is listed by one request for everything; of a large one that brings what nobody asked for.
Result<std::vector<ObjectInfo>> S3Transport::list_all(const std::vector<std::string>& prefixes) {
  std::vector<ObjectInfo> objects;
  const auto next = list_page(client_, key(""), "", objects);
  if (!next.ok()) {
    return failure(next.error(), "");
  }
  if (!next->empty()) {
    return Transport::list_all(prefixes);
  }
  std::erase_if(objects, [&prefixes](const ObjectInfo& object) {
    return std::ranges::none_of(
        prefixes, [&object](const std::string& prefix) { return object.name.starts_with(prefix); });
  });
  transport::sort_by_name(objects);
  return objects;
}

Status S3Transport::remove(const std::string& name) {
  auto response = client_.send({"DELETE", key(name), {}, {}, nullptr});
  if (!response.ok()) {
    return failure(response.error(), name);
  }
  return response->ok() || is_missing(*response) ? Status() : refused(*response, name);
}

}  // namespace cairn::s3
