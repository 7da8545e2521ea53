// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "http/client.h"
#include "http/url.h"
#include "transport/place.h"
#include "transport/transport.h"
#include "webdav/login.h"

namespace cairn::webdav {

/// A folder on a web server, and what every one of them can do: to give the files in it. Threads: any.
class Site {
 public:
  /// `url` begins with http:// or https://.
  Site(const transport::Place& place, http::Url url);

  /// Reading follows redirects; nothing else does.
  Status get(const std::string& name, std::optional<transport::Range> range, const transport::Sink& sink);
  Result<std::optional<std::uint64_t>> stat(const std::string& name);
  Result<std::optional<transport::ObjectState>> find_state(const std::string& name);

  /// Makes a folder of WebDAV in it, whose parent is there; one that is there already is fine.
  Status make_folder(const std::string& folder);
  /// Makes the folder itself, and its parents where they are missing.
  Status make_place() { return make_collection(url_.path); }

  /// Any request. `path` is below the folder: "" for itself, "a/" for a folder in it. Errors are without the
  /// site's name.
  Result<http::Response> send(const std::string& method, const std::string& path, http::Headers headers = {},
                              transport::Source* body = nullptr);
  [[nodiscard]] std::string url_of(const std::string& path) const;
  /// "'https://host/path'".
  [[nodiscard]] std::string shown() const;
  [[nodiscard]] const http::Url& url() const { return url_; }
  /// As Login.
  [[nodiscard]] std::string login_source() const { return login_.source(); }

  /// What an answer that says no means, in words.
  [[nodiscard]] Error refusal(const http::Response& response, const std::string& name) const;
  /// An error of the remote with the names of site and object in front.
  [[nodiscard]] Error failure(const Error& error, const std::string& name) const;
  [[nodiscard]] Error missing(const std::string& name) const;

 private:
  Result<std::optional<http::Response>> head(const std::string& name);
  [[nodiscard]] http::Request request(const std::string& method, std::string url);
  Status make_collection(const std::string& path);

  std::string remote_name_;
  http::Url url_;
  http::Client client_;
  Login login_;
};

}  // namespace cairn::webdav
