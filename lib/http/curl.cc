// SPDX-License-Identifier: Apache-2.0
#include "http/curl.h"

#include <dlfcn.h>

#include <optional>

namespace cairn::http {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

class Loader {
 public:
  explicit Loader(void* library) : library_(library) {}

  template <class Function>
  void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(library_, name));
    whole_ = whole_ && function != nullptr;
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  void* library_;
  bool whole_ = true;
};

std::optional<Curl> load() {
  void* library = ::dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return std::nullopt;
  }
  Curl curl{};
  Loader loader(library);
  loader.find(curl.global_init, "curl_global_init");
  loader.find(curl.easy_init, "curl_easy_init");
  loader.find(curl.easy_cleanup, "curl_easy_cleanup");
  loader.find(curl.easy_reset, "curl_easy_reset");
  loader.find(curl.easy_setopt, "curl_easy_setopt");
  loader.find(curl.easy_perform, "curl_easy_perform");
  loader.find(curl.easy_getinfo, "curl_easy_getinfo");
  loader.find(curl.easy_strerror, "curl_easy_strerror");
  loader.find(curl.slist_append, "curl_slist_append");
  loader.find(curl.slist_free_all, "curl_slist_free_all");
  loader.find(curl.url, "curl_url");
  loader.find(curl.url_cleanup, "curl_url_cleanup");
  loader.find(curl.url_set, "curl_url_set");
  loader.find(curl.url_get, "curl_url_get");
  loader.find(curl.free, "curl_free");
  const bool ready = loader.whole() && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
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
