// SPDX-License-Identifier: Apache-2.0
#include "s3/credentials.h"

#include <ctime>

#include "text/json.h"

namespace cairn::s3 {
namespace {

std::string string_in(const text::Value& map, std::string_view key) {
  const text::Value* found = map.find(key);
  return found != nullptr && found->is(text::Kind::string) ? found->string_value() : "";
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  std::tm utc{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr) {
    return std::nullopt;
  }
  std::string_view zone = rest;
  if (zone.starts_with('.')) {
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  }
  if (zone != "Z" && zone != "+00:00" && zone != "UTC") {
    return std::nullopt;
  }
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&utc)));
}

Result<Credentials> parse_process_output(std::string_view text, const std::string& source) {
  const auto parsed = text::parse_json(text, source);
  Credentials credentials;
  if (parsed.ok()) {
    credentials = {string_in(*parsed, "AccessKeyId"), string_in(*parsed, "SecretAccessKey"),
                   string_in(*parsed, "SessionToken"), source, parse_time(string_in(*parsed, "Expiration"))};
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return Error(Code::remote, "the " + source + " printed no JSON with AccessKeyId and SecretAccessKey",
                 "run the command by hand and look at what it prints");
  }
  return credentials;
}

}  // namespace cairn::s3
