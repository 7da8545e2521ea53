// SPDX-License-Identifier: Apache-2.0
#include "http/transfer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "base/escape.h"
#include "base/version.h"
#include "http/url.h"

namespace cairn::http {
namespace {

constexpr std::size_t kHeaderLimit = 256u << 10;
constexpr std::size_t kBodyLimit = 64u << 20;
constexpr long kBufferSize = 512L << 10;

Transfer* as_transfer(void* self) {
  return static_cast<Transfer*>(self);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Transfer::Transfer(CURL* easy, const ClientOptions& options, const Request& request, const Receiver& receiver)
    : easy_(easy), options_(options), request_(request), receiver_(receiver) {
  if (request.body != nullptr) {
    source_.emplace(*request.body);
  }
}

Transfer::~Transfer() {
  curl().easy_reset(easy_);  // it must not keep what points here; its connections stay
  curl().slist_free_all(sent_headers_);
}

CURLcode Transfer::run() {
  set_common();
  set_method();
  set_headers();
  set_trust();
  if (source_ && !(error_ = source_->rewind()).ok()) {
    return CURLE_READ_ERROR;
  }
  const CURLcode code = error_.ok() ? curl().easy_perform(easy_) : CURLE_BAD_FUNCTION_ARGUMENT;
  if (code == CURLE_OK && error_.ok()) {
    error_ = begin();
  }
  return code;
}

std::optional<Error> Transfer::own_error() const {
  if (source_ && !source_->error().ok()) {
    return source_->error().error();
  }
  return error_.ok() ? std::nullopt : std::optional(error_.error());
}

void Transfer::set_common() {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_ERRORBUFFER, detail_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_limit.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_limit.count()));
  if (!options_.proxies) {
    set(CURLOPT_NOPROXY, "*");
  }
  set(CURLOPT_BUFFERSIZE, kBufferSize);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kBufferSize);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(CURLOPT_XFERINFODATA, this);
}

void Transfer::set_method() {
  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (source_) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(source_->size()));
    set(CURLOPT_READFUNCTION, &Transfer::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    set(CURLOPT_SEEKDATA, this);
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_headers() {
  const auto add = [this](const std::string& line) {
    sent_headers_ = curl().slist_append(sent_headers_, line.c_str());
  };
  add("Expect:");
  add("User-Agent: cairn/" + std::string(own_version()));
  for (const auto& [name, value] : request_.headers) {
    if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return std::iscntrl(c) != 0; })) {
      error_ = Error(Code::usage, "the value of header '" + name + "' has control characters in it");
    }
    add(name + ": " + value);
  }
  set(CURLOPT_HTTPHEADER, sent_headers_);
}

void Transfer::set_trust() {
  set(CURLOPT_SSL_VERIFYPEER, options_.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, options_.verify ? 2L : 0L);
  // libcurl itself does not read these, only its command-line tool does.
  std::string file = options_.ca_file;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    file = file.empty() ? environment(name) : file;
  }
  if (!file.empty()) {
    set(CURLOPT_CAINFO, file.c_str());
  }
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  Transfer& transfer = *as_transfer(self);
  transfer.error_ = transfer.take_header({data, size});
  return transfer.error_.ok() ? size : 0;
}

Status Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    return Error(Code::remote, quoted(redacted(request_.url)) + " sends more than 256 KiB of headers");
  }
  if (line.starts_with("HTTP/")) {  // also after those of a proxy or of "100 Continue"
    response_ = {};
    const std::size_t space = line.find(' ');
    const std::string_view digits = line.substr(std::min(space, line.size() - 1) + 1, 3);
    std::from_chars(digits.data(), digits.data() + digits.size(), response_.status);
    return {};
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    response_.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  }
  return {};
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  Transfer& transfer = *as_transfer(self);
  transfer.error_ = transfer.take_body(as_bytes({data, size}));
  return transfer.error_.ok() ? size : 0;
}

Status Transfer::begin() {
  const bool due = response_.ok() && receiver_.begin && !begun_;
  begun_ = true;
  return due ? receiver_.begin(response_) : Status();
}

Status Transfer::take_body(Bytes piece) {
  if (response_.ok() && receiver_.sink) {
    CAIRN_TRY(begin());
    return receiver_.sink(piece);
  }
  if (piece.size() > kBodyLimit - response_.body.size()) {
    return Error(Code::remote, quoted(redacted(request_.url)) + " sends an answer of more than 64 MiB");
  }
  response_.body.append(as_text(piece));
  return {};
}

std::size_t Transfer::on_read(char* out, std::size_t, std::size_t size, void* self) {
  auto count = as_transfer(self)->source_->read({reinterpret_cast<std::uint8_t*>(out), size});
  return count.ok() ? *count : CURL_READFUNC_ABORT;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (offset != 0 || origin != SEEK_SET) {
    return CURL_SEEKFUNC_CANTSEEK;
  }
  return as_transfer(self)->source_->rewind().ok() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Transfer& transfer = *as_transfer(self);
  const std::atomic<bool>* stop = transfer.options_.stop;
  if (stop == nullptr || !stop->load(std::memory_order_relaxed)) {
    return 0;
  }
  transfer.error_ = stopped();
  return 1;
}

}  // namespace cairn::http
