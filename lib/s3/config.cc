// SPDX-License-Identifier: Apache-2.0
#include "s3/config.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/escape.h"
#include "http/url.h"
#include "os/path.h"
#include "text/percent.h"

namespace cairn::s3 {
namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::string_view kDefaultRegion = "us-east-1";

std::string in_home(std::string_view name) {
  const auto home = environment("HOME");
  return home ? os::join(*home, name) : "";
}

bool is_true(const transport::Place& place, std::string_view key, bool fallback) {
  const auto value = place.find(key);
  return value ? *value == "true" : fallback;
}

std::optional<std::string> first_of(std::initializer_list<std::optional<std::string>> values) {
  const auto* found =
      std::find_if(values.begin(), values.end(), [](const auto& one) { return one && !one->empty(); });
  return found == values.end() ? std::nullopt : *found;
}

std::optional<std::string> in_profile(const Profile& profile, std::string_view key) {
  const auto found = profile.find(key);
  return found == profile.end() ? std::nullopt : std::optional(found->second);
}

/// It becomes part of host names.
bool is_region(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

/// Bucket names as AWS has them, and the upper-case letters and underscores of older ones.
bool is_bucket(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

Status take_address(const transport::Place& place, Config& config) {
  const std::string_view rest = std::string_view(place.url).substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  config.bucket = rest.substr(0, slash);
  config.prefix = os::normalized(rest.substr(std::min(slash + 1, rest.size())));
  if (!is_bucket(config.bucket) || (!config.prefix.empty() && !os::check_relative(config.prefix).ok())) {
    return Error(Code::usage, quoted(place.url) + " names no place in a bucket",
                 "write it as s3://BUCKET/PREFIX");
  }
  config.prefix += config.prefix.empty() ? "" : "/";
  return {};
}

Status take_profile(const transport::Place& place, Config& config) {
  const auto named = first_of({place.find("profile"), environment("AWS_PROFILE")});
  config.profile_name = named.value_or("default");
  auto credentials = first_of({place.find("credentialpath"), environment("AWS_SHARED_CREDENTIALS_FILE")});
  if (const auto path = place.find("credentialpath"); path && !path->starts_with('/')) {
    credentials = os::join(place.base, *path);
  }
  CAIRN_TRY_ASSIGN(
      config.profile,
      find_profile(credentials.value_or(in_home(".aws/credentials")),
                   environment("AWS_CONFIG_FILE").value_or(in_home(".aws/config")), config.profile_name));
  if (named && config.profile.empty()) {
    return Error(Code::usage, "there is no profile " + quoted(config.profile_name) + " in the AWS files",
                 "aws configure --profile " + config.profile_name);
  }
  return {};
}

/// Where requests go: to an endpoint with the bucket in the path, or to a host that is named after the
/// bucket.
Status take_host(const transport::Place& place, Config& config) {
  const auto endpoint =
      first_of({place.find("endpointurl"), environment("AWS_ENDPOINT_URL_S3"),
                environment("AWS_ENDPOINT_URL"), in_profile(config.profile, "endpoint_url")});
  config.endpoint = endpoint.value_or("");
  auto url = http::parse_url(endpoint.value_or("https://s3." + config.region + ".amazonaws.com"));
  if (!url.ok() || (url->scheme != "http" && url->scheme != "https")) {
    return Error(Code::usage, "the address of the S3 service is not of the form https://HOST[:PORT]",
                 "cairn config remote." + config.remote_name + ".endpointurl https://HOST");
  }
  const bool has_dots = config.bucket.find('.') != std::string::npos;  // no certificate fits such a host
  const bool in_path = is_true(place, "path_style", endpoint.has_value() || has_dots);
  config.scheme = url->scheme;
  config.host = in_path ? url->authority : config.bucket + "." + url->authority;
  config.path = url->path + (in_path ? "/" + text::percent_encoded(config.bucket) : "");
  return {};
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional(std::string(value));
}

Result<Config> read_config(const transport::Place& place) {
  Config config;
  config.remote_name = place.name;
  CAIRN_TRY(take_address(place, config));
  CAIRN_TRY(take_profile(place, config));
  config.region = first_of({place.find("region"), environment("AWS_REGION"),
                            environment("AWS_DEFAULT_REGION"), in_profile(config.profile, "region")})
                      .value_or(std::string(kDefaultRegion));
  if (!is_region(config.region)) {
    return Error(Code::usage, quoted(config.region) + " is no region of S3",
                 "cairn config remote." + config.remote_name + ".region NAME");
  }
  CAIRN_TRY(take_host(place, config));
  config.anonymous = is_true(place, "allow_anonymous_login", false);
  config.sse = place.find("sse").value_or("");
  config.sse_kms_key_id = place.find("sse_kms_key_id").value_or("");
  return config;
}

}  // namespace cairn::s3
