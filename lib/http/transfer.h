// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "http/client.h"
#include "http/curl.h"
#include "transport/watched_source.h"

namespace cairn::http {

/// One exchange of a request and its answer on a handle of libcurl.
class Transfer {
 public:
  Transfer(CURL* easy, const ClientOptions& options, const Request& request, const Receiver& receiver);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURLcode run();
  /// What came, also if it is not whole.
  [[nodiscard]] Response& response() { return response_; }
  /// Why it was given up on this side: the error of source, receiver, stop flag or a limit.
  [[nodiscard]] std::optional<Error> own_error() const;
  [[nodiscard]] const char* detail() const { return detail_; }

 private:
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_read(char* out, std::size_t, std::size_t size, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  template <class T>
  void set(CURLoption option, T value) {
    curl().easy_setopt(easy_, option, value);
  }
  void set_common();
  void set_method();
  void set_headers();
  void set_trust();
  Status take_header(std::string_view line);
  Status take_body(Bytes piece);
  Status begin();

  CURL* easy_;
  const ClientOptions& options_;
  const Request& request_;
  const Receiver& receiver_;
  std::optional<transport::WatchedSource> source_;
  curl_slist* sent_headers_ = nullptr;
  Response response_;
  std::size_t header_bytes_ = 0;
  bool begun_ = false;
  Status error_;
  char detail_[CURL_ERROR_SIZE] = {};
};

}  // namespace cairn::http
