// SPDX-License-Identifier: Apache-2.0
#include "sftp/address.h"

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "os/path.h"
#include "text/percent.h"

namespace cairn::sftp {
namespace {

constexpr int kMostPort = 65535;
constexpr int kMostSeconds = 3600;

bool is_word(std::string_view text, std::string_view also) {
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [also](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           also.find(c) != std::string_view::npos;
  });
}

Result<int> parse_number(std::string_view text, int most, std::string_view what) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most) {
    return Error(Code::usage, quoted(text) + " is no " + std::string(what) +
                                  ", which is a number from 1 to " + std::to_string(most));
  }
  return number;
}

/// "host", "host:22", "[::1]:22".
Status parse_host(std::string_view text, Address& out) {
  std::string_view host = text;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = std::min(text.find(']'), text.size());
    host = end == text.size() ? text : text.substr(1, end - 1);
    rest = text.substr(std::min(end + 1, text.size()));
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (!is_word(host, text.starts_with('[') ? ":." : ".-_")) {
    return Error(Code::usage, quoted(host) + " is no name of a host");
  }
  out.host = host;
  if (!rest.empty()) {
    CAIRN_TRY_ASSIGN(out.port, parse_number(rest.substr(rest.starts_with(':') ? 1 : 0), kMostPort, "port"));
  }
  return {};
}

/// "user@host:22".
Status parse_authority(std::string_view text, Address& out) {
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    out.user = text::percent_decoded(text.substr(0, at)).value_or("");
    text.remove_prefix(at + 1);
    if (out.user.empty()) {
      return Error(Code::usage, "it names no user before '@'");
    }
  }
  return parse_host(text, out);
}

Status parse_folder(std::string_view text, Address& out) {
  const auto path = text::percent_decoded(text);
  if (!path || path->empty() || path->find('\0') != std::string::npos) {
    return Error(Code::usage, "it names no folder of the host",
                 "write it as ssh://HOST/PATH, or ssh://HOST/~/PATH for one in your home folder there");
  }
  if (*path == "/~" || path->starts_with("/~/")) {
    out.folder = os::normalized(path->substr(std::min<std::size_t>(3, path->size())));
    out.folder = out.folder.empty() ? "." : out.folder;
  } else if (path->starts_with("/~")) {
    return Error(Code::usage, "the home folder of another user cannot be named by '~'",
                 "write the whole path, or /~/PATH for your own home folder there");
  } else {
    out.folder = os::normalized(*path);
  }
  return {};
}

Status adopt_settings(const transport::Place& place, Address& out) {
  out.user = place.find("user").value_or(out.user);
  out.keyfile = place.find("keyfile").value_or("");
  if (!out.keyfile.empty() && out.keyfile.front() != '/' && out.keyfile.front() != '~') {
    out.keyfile = os::join(place.base, out.keyfile);
  }
  if (const auto port = place.find("port")) {
    CAIRN_TRY_ASSIGN(out.port, parse_number(*port, kMostPort, "port"));
  }
  if (const auto timeout = place.find("timeout")) {
    CAIRN_TRY_ASSIGN(const int seconds, parse_number(*timeout, kMostSeconds, "time in seconds"));
    out.timeout = std::chrono::seconds(seconds);
  }
  if (!out.user.empty() && !is_word(out.user, ".-_+@")) {
    return Error(Code::usage, quoted(out.user) + " is no name of a user");
  }
  return {};
}

/// What stands between "//" and the path.
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  return url.substr(0, url.find('/'));
}

Status parse(const transport::Place& place, Address& out) {
  const std::string_view url = place.url;
  const std::string_view authority = authority_of(url);
  CAIRN_TRY(parse_authority(authority, out));
  CAIRN_TRY(parse_folder(url.substr(url.find("://") + 3 + authority.size()), out));
  return adopt_settings(place, out);
}

}  // namespace

std::string Address::describe() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return "ssh://" + (user.empty() ? "" : user + "@") + (bracketed ? "[" + host + "]" : host) +
         (port == 0 ? "" : ":" + std::to_string(port)) +
         escaped(folder.starts_with('/') ? folder
                 : folder == "."         ? "/~"
                                         : "/~/" + folder);
}

std::string Address::ssh_arguments() const {
  return (port == 0 ? "" : "-p " + std::to_string(port) + " ") + (user.empty() ? "" : user + "@") + host;
}

std::string Address::known_host() const {
  return port == 0 || port == 22 ? host : "[" + host + "]:" + std::to_string(port);
}

Result<Address> parse_address(const transport::Place& place) {
  const std::string_view authority = authority_of(place.url);
  if (authority.substr(0, authority.rfind('@') + 1).find(':') != std::string_view::npos) {
    return Error(Code::usage, "the remote's URL holds a password, which may not be written there",
                 "use a key: ssh-keygen, then ssh-copy-id to the host");
  }
  Address address;
  address.remote = place.name;
  Status parsed = parse(place, address);
  return parsed.ok() ? Result(std::move(address))
                     : parsed.error().with_context("the remote URL " + quoted(place.url));
}

}  // namespace cairn::sftp
