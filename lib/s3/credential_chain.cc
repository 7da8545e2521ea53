// SPDX-License-Identifier: Apache-2.0
#include "s3/credential_chain.h"

#include "base/escape.h"
#include "s3/web_identity.h"
#include "transport/user_command.h"

namespace cairn::s3 {
namespace {

using std::chrono::system_clock;

/// Credentials are renewed that long before they expire, as the AWS tools do.
constexpr std::chrono::minutes kRenewal{5};

std::string value_of(const Profile& profile, std::string_view key) {
  const auto found = profile.find(key);
  return found == profile.end() ? "" : found->second;
}

Error expired(const Credentials& credentials) {
  return {Code::remote, "the session token has expired (credentials from " + credentials.source + ")",
          "log in again to get a new one, then run the command again"};
}

}  // namespace

Result<Credentials> CredentialChain::get() {
  const std::lock_guard lock(mutex_);
  const auto now = system_clock::now();
  if (!known_ || (known_->expires && *known_->expires - kRenewal < now)) {
    CAIRN_TRY_ASSIGN(known_, find());
  }
  if (!known_) {
    return Error(Code::remote, "no credentials for S3 were found",
                 "aws configure, or cairn config --local remote." + config_.remote_name +
                     ".access_key_id ID and the same with secret_access_key; for a public bucket: cairn "
                     "config remote." +
                     config_.remote_name + ".allow_anonymous_login true");
  }
  if (known_->expires && *known_->expires < now) {
    return expired(*known_);
  }
  return *known_;
}

Result<std::optional<Credentials>> CredentialChain::find() {
  const bool profile_first = place_.find("profile") || place_.find("credentialpath");
  CAIRN_TRY_ASSIGN(auto found, from_settings());
  if (!found && profile_first) {
    CAIRN_TRY_ASSIGN(found, from_profile());
  }
  if (!found) {
    found = from_environment();
  }
  if (!found) {
    CAIRN_TRY_ASSIGN(found, from_profile());
  }
  if (!found) {
    CAIRN_TRY_ASSIGN(found, from_web_identity());
  }
  return found;
}

Result<std::optional<Credentials>> CredentialChain::from_settings() const {
  const auto id = place_.find("access_key_id");
  const auto secret = place_.find("secret_access_key");
  if (id.has_value() != secret.has_value()) {
    const std::string missing = id ? "secret_access_key" : "access_key_id";
    return Error(Code::remote,
                 "remote." + config_.remote_name + "." + (id ? "access_key_id" : "secret_access_key") +
                     " is set, but not " + missing,
                 "cairn config --local remote." + config_.remote_name + "." + missing + " VALUE");
  }
  if (id) {
    return std::optional(
        Credentials{*id, *secret, place_.find("session_token").value_or(""), "the remote's settings", {}});
  }
  if (const auto command = place_.find("credential_process")) {
    CAIRN_TRY_ASSIGN(Credentials made, from_process(*command, "credential_process of the remote's settings"));
    return std::optional(std::move(made));
  }
  return std::optional<Credentials>();
}

std::optional<Credentials> CredentialChain::from_environment() {
  const auto id = environment("AWS_ACCESS_KEY_ID");
  const auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!id || !secret) {
    return std::nullopt;
  }
  return Credentials{*id, *secret, environment("AWS_SESSION_TOKEN").value_or(""), "AWS_ACCESS_KEY_ID",
                     parse_time(environment("AWS_CREDENTIAL_EXPIRATION").value_or(""))};
}

Result<std::optional<Credentials>> CredentialChain::from_profile() const {
  const Profile& profile = config_.profile;
  const std::string source = "profile " + quoted(config_.profile_name);
  const std::string id = value_of(profile, "aws_access_key_id");
  const std::string secret = value_of(profile, "aws_secret_access_key");
  if (!id.empty() && !secret.empty()) {
    return std::optional(Credentials{id, secret, value_of(profile, "aws_session_token"), source, {}});
  }
  if (const std::string command = value_of(profile, "credential_process"); !command.empty()) {
    CAIRN_TRY_ASSIGN(Credentials made, from_process(command, "credential_process of " + source));
    return std::optional(std::move(made));
  }
  if (profile.contains("sso_start_url") || profile.contains("sso_session") ||
      profile.contains("source_profile")) {
    return Error(Code::remote, source + " gets its keys in a way that only the AWS tools know",
                 "cairn config --local remote." + config_.remote_name +
                     ".credential_process 'aws configure export-credentials --profile " +
                     config_.profile_name + "'");
  }
  return std::optional<Credentials>();
}

Result<Credentials> CredentialChain::from_process(const std::string& command,
                                                  const std::string& source) const {
  CAIRN_TRY_ASSIGN(const std::string printed, transport::run_user_command(place_, command, source));
  return parse_process_output(printed, source);
}

Result<std::optional<Credentials>> CredentialChain::from_web_identity() {
  WebIdentity identity{environment("AWS_WEB_IDENTITY_TOKEN_FILE").value_or(""),
                       environment("AWS_ROLE_ARN").value_or(""),
                       environment("AWS_ROLE_SESSION_NAME").value_or("cairn"),
                       environment("AWS_ENDPOINT_URL_STS").value_or("")};
  if (identity.token_file.empty()) {
    identity.token_file = value_of(config_.profile, "web_identity_token_file");
    identity.role_arn = value_of(config_.profile, "role_arn");
  }
  if (identity.token_file.empty() || identity.role_arn.empty()) {
    return std::optional<Credentials>();
  }
  if (identity.endpoint.empty()) {  // never the remote's own: who commits it would be given the token
    identity.endpoint = "https://sts." + config_.region + ".amazonaws.com";
  }
  CAIRN_TRY_ASSIGN(Credentials made, assume_role(identity, client_));
  return std::optional(std::move(made));
}

}  // namespace cairn::s3
