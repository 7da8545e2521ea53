// SPDX-License-Identifier: Apache-2.0
#include "ops/source_url.h"

#include <algorithm>

#include "ops/source_clone.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// "user:password" of "scheme://user:password@host/path"; "" where there is none.
std::string_view login_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = url.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
}

}  // namespace

Status check_no_secret(std::string_view url) {
  const std::string_view login = login_of(url);
  const bool over_http = url.starts_with("http://") || url.starts_with("https://") ||
                         url.starts_with("webdav://") || url.starts_with("webdavs://");
  if (login.empty() || (!over_http && login.find(':') == std::string_view::npos)) {
    return {};
  }
  return Error(Code::usage, "the URL " + shown_url(std::string(url)) + " was given with a login",
               "give it without: of a Git repository, Git's credential helper knows the login; of other "
               "places, the settings of a remote (cairn remote add NAME URL, then remote://NAME/PATH)");
}

std::string placed_url(const std::string& url, const std::string& from, const std::string& root) {
  return is_relative_folder(url) ? os::relative_to(os::normalized(os::join(from, url)), root) : url;
}

bool looks_like_url(std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon != std::string_view::npos && word.substr(0, colon).find('/') == std::string_view::npos;
}

std::string shown_url(const std::string& url) {
  const std::string_view login = login_of(url);
  if (login.empty()) {
    return url;
  }
  const std::size_t scheme = url.find("://") + 3;
  return url.substr(0, scheme) + url.substr(scheme + login.size() + 1);
}

}  // namespace cairn::ops
