// SPDX-License-Identifier: Apache-2.0
#include "remote/open.h"

#include <algorithm>

#include "base/escape.h"
#include "http/curl.h"
#include "os/path.h"
#include "plugin/plugin.h"
#include "rclone/rclone.h"
#include "s3/s3.h"
#include "sftp/sftp.h"
#include "text/percent.h"
#include "transport/dir.h"
#include "webdav/http_tree.h"
#include "webdav/webdav.h"

namespace cairn::remote {
namespace {

using Opened = std::unique_ptr<transport::Transport>;

Result<std::string> folder_of_url(std::string_view rest, std::string_view url) {
  auto path = text::percent_decoded(rest);
  if (!path || !path->starts_with('/')) {
    return Error(Code::usage, "the remote URL " + quoted(url) + " names no folder of this machine",
                 "write it as file:///PATH, or as a plain path");
  }
  return *path;
}

/// The scheme of "scheme://…", "" for a path.
std::string_view scheme_of(std::string_view url) {
  std::size_t end = url.find("://");
  bool is_path = end == std::string_view::npos || url.substr(0, end).find('/') != std::string_view::npos;
  return is_path ? std::string_view() : url.substr(0, end);
}

Result<Opened> open_folder(const transport::Place& place, std::string_view scheme) {
  std::string_view url = place.url;
  std::string path(url);
  if (!scheme.empty()) {
    CAIRN_TRY_ASSIGN(path, folder_of_url(url.substr(scheme.size() + 3), url));
  }
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error(Code::usage, "the remote has no URL",
                 "cairn remote remove NAME, then cairn remote add NAME URL");
  }
  std::string full = path.starts_with('/') ? path : os::join(place.base, path);
  return Opened(std::make_unique<transport::DirTransport>(os::normalized(full)));
}

template <class Backend>
Result<Opened> open_over_http(const transport::Place& place) {
  CAIRN_TRY(http::load_curl());
  CAIRN_TRY_ASSIGN(auto transport, Backend::open(place));
  return Opened(std::move(transport));
}

Result<Opened> open_sftp(const transport::Place& place) {
  CAIRN_TRY_ASSIGN(sftp::Address address, sftp::parse_address(place));
  return Opened(std::make_unique<sftp::SftpTransport>(std::move(address), place.stop));
}

Result<Opened> open_plugin(const transport::Place& place) {
  CAIRN_TRY_ASSIGN(auto transport, plugin::PluginTransport::open(place));
  return Opened(std::move(transport));
}

/// "me@host:data", as scp and Git write it, could be a folder here as well.
Status check_not_scp(std::string_view url) {
  const std::size_t colon = std::min(url.find(':'), url.size());
  if (colon == url.size() || url.substr(0, colon).find('/') != std::string_view::npos) {
    return {};
  }
  const std::string host(url.substr(0, colon));
  const std::string path(url.substr(colon + 1));
  const std::string there = "ssh://" + host + (path.starts_with('/') ? "" : "/~/") + path;
  return Error(Code::usage, quoted(url) + " can be a folder here, or one on the host " + quoted(host),
               "write " + escaped(there) + " for the host, or ./" + escaped(url) + " for a folder");
}

}  // namespace

Result<std::unique_ptr<transport::Transport>> open_transport(const transport::Place& place) {
  const std::string_view scheme = scheme_of(place.url);
  if (place.url.starts_with("exec:")) {
    return open_plugin(place);
  }
  if (place.url.starts_with("rclone:")) {
    return open_over_http<rclone::RcloneTransport>(place);
  }
  if (scheme.empty()) {
    CAIRN_TRY(check_not_scp(place.url));
  }
  if (scheme.empty() || scheme == "file") {
    return open_folder(place, scheme);
  }
  if (scheme == "s3") {
    return open_over_http<s3::S3Transport>(place);
  }
  if (scheme == "webdav" || scheme == "webdavs") {
    return open_over_http<webdav::WebdavTransport>(place);
  }
  if (scheme == "http" || scheme == "https") {
    return open_over_http<webdav::HttpTransport>(place);
  }
  if (scheme == "ssh" || scheme == "sftp") {
    return open_sftp(place);
  }
  return Error(Code::unsupported,
               "this cairn has no remotes of the kind " + quoted(std::string(scheme) + "://"),
               "use a folder, or s3://, ssh://, webdavs://, https://, rclone: or exec:");
}

}  // namespace cairn::remote
