// SPDX-License-Identifier: Apache-2.0
#include "rclone/address.h"

#include <algorithm>

#include "base/escape.h"

namespace cairn::rclone {
namespace {

constexpr std::string_view kScheme = "rclone:";

/// Where the colon stands that ends "NAME,KEY='a:b':PATH"; npos when there is none. A backend's own colon
/// in front does not count.
std::size_t end_of_remote(std::string_view text) {
  char quote = '\0';
  for (std::size_t i = text.starts_with(':') ? 1 : 0; i < text.size(); ++i) {
    if (quote != '\0') {
      quote = text[i] == quote ? '\0' : quote;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == ':') {
      return i;
    }
  }
  return std::string_view::npos;
}

/// Letters, digits and what else rclone allows in names of remotes.
bool is_name(std::string_view name) {
  constexpr std::string_view kAlso = "_-. +@";
  return !name.empty() && name.front() != '-' && name.front() != ' ' &&
         std::all_of(name.begin(), name.end(), [kAlso](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 ||
                  kAlso.find(static_cast<char>(c)) != std::string_view::npos;
         });
}

Error bad_address(const std::string& what) {
  return {Code::usage, "the rclone URL " + what,
          "write it as rclone:REMOTE:PATH; rclone listremotes shows the remotes"};
}

}  // namespace

std::string Address::describe() const {
  return "rclone remote " + quoted(shown);
}

Result<Address> parse_address(std::string_view url) {
  const std::string_view text = url.substr(kScheme.size());
  const std::size_t end = end_of_remote(text);
  if (end == std::string_view::npos) {
    return bad_address("has no ':' after the name of a remote");
  }
  const std::string_view remote = text.substr(0, end);
  const std::string_view path = text.substr(end + 1);
  const std::string_view colon = remote.substr(0, remote.starts_with(':') ? 1 : 0);
  const std::string_view name = remote.substr(colon.size(), remote.find(',') - colon.size());
  if (!is_name(name)) {
    return bad_address("names no remote");
  }
  return Address{std::string(text), std::string(colon) + std::string(name) + ":" + std::string(path)};
}

}  // namespace cairn::rclone
