// SPDX-License-Identifier: Apache-2.0
#include "http/curl.h"

#include <optional>

#include "os/shared_library.h"

namespace cairn::http {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

std::optional<Curl> load() {
  os::SharedLibrary library(kLibrary);
  Curl curl{};
  library.find(curl.global_init, "curl_global_init");
  library.find(curl.easy_init, "curl_easy_init");
  library.find(curl.easy_cleanup, "curl_easy_cleanup");
  library.find(curl.easy_reset, "curl_easy_reset");
  library.find(curl.easy_setopt, "curl_easy_setopt");
  library.find(curl.easy_perform, "curl_easy_perform");
  library.find(curl.easy_getinfo, "curl_easy_getinfo");
  library.find(curl.easy_strerror, "curl_easy_strerror");
  library.find(curl.slist_append, "curl_slist_append");
  library.find(curl.slist_free_all, "curl_slist_free_all");
  library.find(curl.url, "curl_url");
  library.find(curl.url_cleanup, "curl_url_cleanup");
  library.find(curl.url_set, "curl_url_set");
  library.find(curl.url_get, "curl_url_get");
  library.find(curl.getdate, "curl_getdate");
  library.find(curl.free, "curl_free");
  const bool ready = library.whole() && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready ? std::optional(curl) : std::nullopt;
}

const std::optional<Curl>& loaded() {
  static const std::optional<Curl> curl = load();
  return curl;
}

}  // namespace

Status load_curl() {
  return loaded() ? Status()
                  : Error(Code::unsupported,
                          std::string("remotes over HTTP need libcurl, and ") + kLibrary +
                              " (7.85 or newer) cannot be loaded",
                          "install it; on Debian: apt-get install libcurl4");
}

const Curl& curl() {
  CAIRN_CHECK(loaded());
  return *loaded();
}

}  // namespace cairn::http
