// SPDX-License-Identifier: Apache-2.0
#include "project/remote_login.h"

#include <algorithm>
#include <array>

#include "base/escape.h"

namespace cairn::project {
namespace {

constexpr std::array<std::string_view, 3> kProofs = {"password", "token", "token_command"};

std::string setting_of(std::string_view remote, std::string_view key) {
  return "remote." + std::string(remote) + "." + std::string(key);
}

/// "webdavs://dav.example.org:8443" of an address on a server that takes logins; "" for other places.
std::string server_of(std::string_view url) {
  const std::size_t end = url.find("://");
  const std::string_view scheme = url.substr(0, std::min(end, url.size()));
  const bool has_login = scheme == "http" || scheme == "https" || scheme == "webdav" || scheme == "webdavs";
  return end == std::string_view::npos || !has_login ? ""
                                                     : std::string(url.substr(0, url.find('/', end + 3)));
}

std::string server_of_remote(const Config& config, std::string_view remote) {
  return server_of(config.get_or(setting_of(remote, "url"), ""));
}

}  // namespace

Status bind_login(Config& config, ConfigLevel level, std::string_view setting) {
  const std::vector<std::string> keys = setting_keys(setting);
  if (keys.size() != 3 || keys[0] != "remote" || std::ranges::find(kProofs, keys[2]) == kProofs.end()) {
    return {};
  }
  const std::string server = server_of_remote(config, keys[1]);
  return server.empty() ? Status() : config.set(level, setting_of(keys[1], "login_for"), server);
}

Status check_login(const Config& config, const std::string& remote) {
  const std::string server = server_of_remote(config, remote);
  const bool has_login = std::ranges::any_of(
      kProofs, [&](std::string_view proof) { return config.find(setting_of(remote, proof)).has_value(); });
  const std::string meant = config.get_or(setting_of(remote, "login_for"), "");
  if (server.empty() || !has_login || server == meant) {
    return {};
  }
  const std::string given =
      meant.empty() ? "is not said to be for that server" : "was given for " + quoted(meant);
  return Error(
      Code::remote,
      "remote " + quoted(remote) + " is at " + quoted(server) + ", and its password or token " + given,
      "if that server may have it: cairn config --local " + escaped(setting_of(remote, "login_for")) + " " +
          escaped(server));
}

}  // namespace cairn::project
