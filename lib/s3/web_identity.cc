// SPDX-License-Identifier: Apache-2.0
#include "s3/web_identity.h"

#include "base/escape.h"
#include "os/file.h"
#include "s3/error.h"
#include "s3/signer.h"
#include "text/xml.h"

namespace cairn::s3 {
namespace {

constexpr std::uint64_t kTokenLimit = 64u << 10;

std::string without_line_end(std::string_view text) {
  return std::string(text.substr(0, text.find_last_not_of("\r\n ") + 1));
}

}  // namespace

Result<Credentials> assume_role(const WebIdentity& identity, http::Client& client) {
  CAIRN_TRY_ASSIGN(const Buffer token, os::read_file(identity.token_file, kTokenLimit));
  const std::string form = canonical_query({{"Action", "AssumeRoleWithWebIdentity"},
                                            {"Version", "2011-06-15"},
                                            {"RoleArn", identity.role_arn},
                                            {"RoleSessionName", identity.session_name},
                                            {"WebIdentityToken", without_line_end(as_text(token))}});
  transport::BytesSource body(as_bytes(form));
  http::Request request;
  request.method = "POST";
  request.url = identity.endpoint.ends_with('/') ? identity.endpoint : identity.endpoint + "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = &body;
  CAIRN_TRY_ASSIGN(const http::Response response, client.send(request));
  if (!response.ok()) {
    const ServiceError error = read_error(response);
    return Error(
        Code::remote,
        "the token service refuses the web identity for " + quoted(identity.role_arn) + ": " + error.text(),
        "check AWS_ROLE_ARN and " + escaped(identity.token_file));
  }
  const auto document = text::parse_xml(response.body);
  const text::XmlElement* result =
      document.ok() ? document->find("AssumeRoleWithWebIdentityResult") : nullptr;
  const text::XmlElement* found = result == nullptr ? nullptr : result->find("Credentials");
  if (found == nullptr || found->text_of("AccessKeyId").empty() ||
      found->text_of("SecretAccessKey").empty()) {
    return Error(Code::remote, "the token service answered without credentials");
  }
  return Credentials{std::string(found->text_of("AccessKeyId")),
                     std::string(found->text_of("SecretAccessKey")),
                     std::string(found->text_of("SessionToken")), "web identity " + quoted(identity.role_arn),
                     parse_time(std::string(found->text_of("Expiration")))};
}

}  // namespace cairn::s3
