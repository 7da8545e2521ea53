// SPDX-License-Identifier: Apache-2.0
#include "s3/signer.h"

#include <algorithm>
#include <cctype>
#include <ctime>

#include "base/hex.h"
#include "s3/digest.h"
#include "text/percent.h"

namespace cairn::s3 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// "20130524T000000Z".
std::string timestamp(std::chrono::sys_seconds now) {
  const std::time_t time = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::string out(16, '\0');
  std::strftime(out.data(), out.size() + 1, "%Y%m%dT%H%M%SZ", &utc);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Outer blanks gone, inner ones single.
std::string folded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) {
      out.push_back(c);
    }
  }
  while (out.ends_with(' ')) {
    out.pop_back();
  }
  return out;
}

http::Headers signed_headers(const ToSign& what, const http::Headers& headers) {
  http::Headers out = {{"host", what.host}};
  for (const auto& [name, value] : headers) {
    out.emplace_back(lower(name), folded(value));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string canonical_query(Query query) {
  for (auto& [name, value] : query) {
    name = text::percent_encoded(name);
    value = text::percent_encoded(value);
  }
  std::sort(query.begin(), query.end());
  std::string out;
  for (const auto& [name, value] : query) {
    out += (out.empty() ? "" : "&") + name + "=" + value;
  }
  return out;
}

void sign(const ToSign& what, const Credentials& credentials, std::chrono::sys_seconds now,
          http::Headers& headers) {
  const std::string time = timestamp(now);
  const std::string day = time.substr(0, 8);
  headers.emplace_back("x-amz-date", time);
  headers.emplace_back("x-amz-content-sha256", what.payload_hash);
  if (!credentials.session_token.empty()) {
    headers.emplace_back("x-amz-security-token", credentials.session_token);
  }
  std::string lines;
  std::string names;
  for (const auto& [name, value] : signed_headers(what, headers)) {
    lines += name + ":" + value + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  const std::string canonical = what.method + "\n" + (what.path.empty() ? "/" : what.path) + "\n" +
                                what.query + "\n" + lines + "\n" + names + "\n" + what.payload_hash;
  const std::string scope = day + "/" + what.region + "/s3/aws4_request";
  const std::string to_sign =
      std::string(kAlgorithm) + "\n" + time + "\n" + scope + "\n" + to_hex(sha256(as_bytes(canonical)));
  Buffer key = hmac_sha256(as_bytes("AWS4" + credentials.secret_access_key), day);
  for (const std::string_view part :
       {std::string_view(what.region), std::string_view("s3"), std::string_view("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  headers.emplace_back("Authorization", std::string(kAlgorithm) + " Credential=" + credentials.access_key_id +
                                            "/" + scope + ", SignedHeaders=" + names +
                                            ", Signature=" + to_hex(hmac_sha256(key, to_sign)));
}

}  // namespace cairn::s3
