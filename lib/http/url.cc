// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <memory>

#include "base/escape.h"
#include "http/curl.h"

namespace cairn::http {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(Curl::url_cleanup)>;

Handle parsed(std::string_view text) {
  Handle handle(curl().url(), curl().url_cleanup);
  constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS | CURLU_URLENCODE;
  if (curl().url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(), kFlags) != CURLUE_OK) {
    return {nullptr, curl().url_cleanup};
  }
  return handle;
}

/// "" for a part that is not there.
std::string part(const Handle& handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl().url_get(handle.get(), which, &text, flags) != CURLUE_OK) {
    return {};
  }
  std::string out(text);
  curl().free(text);
  return out;
}

std::string authority_of(const Handle& handle) {
  const std::string port = part(handle, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  return part(handle, CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  const Handle handle = parsed(text);
  if (!handle || part(handle, CURLUPART_HOST).empty()) {
    return Error(Code::usage, "the remote's URL is not of the form SCHEME://HOST/PATH",
                 "cairn remote remove NAME, then cairn remote add NAME URL");
  }
  if (!part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty()) {
    return Error(Code::usage, "a remote's URL may hold no user or password",
                 "leave it out there, and set it for this clone alone: cairn config --local "
                 "remote.NAME.password VALUE");
  }
  if (!part(handle, CURLUPART_QUERY).empty() || !part(handle, CURLUPART_FRAGMENT).empty()) {
    return Error(Code::usage,
                 "the remote's URL " + quoted(redacted(std::string(text))) + " may have no query or fragment",
                 "write '?' as %3F and '#' as %23");
  }
  Url url{part(handle, CURLUPART_SCHEME), authority_of(handle), part(handle, CURLUPART_PATH)};
  while (url.path.ends_with('/')) {
    url.path.pop_back();
  }
  return url;
}

Result<std::string> resolve_url(const std::string& base, const std::string& location) {
  const Handle handle = parsed(base);
  if (!handle || curl().url_set(handle.get(), CURLUPART_URL, location.c_str(),
                                CURLU_PATH_AS_IS | CURLU_URLENCODE) != CURLUE_OK) {
    return Error(Code::remote, quoted(redacted(base)) + " sends elsewhere, to what is no address");
  }
  return part(handle, CURLUPART_URL);
}

std::string redacted(const std::string& url) {
  const Handle handle = parsed(url);
  return handle ? part(handle, CURLUPART_SCHEME) + "://" + authority_of(handle) + part(handle, CURLUPART_PATH)
                : "(no address)";
}

std::string origin_of(const std::string& url) {
  const Handle handle = parsed(url);
  return handle ? part(handle, CURLUPART_SCHEME) + "://" + authority_of(handle) : "";
}

}  // namespace cairn::http
