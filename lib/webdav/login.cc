// SPDX-License-Identifier: Apache-2.0
#include "webdav/login.h"

#include "base/base64.h"
#include "base/escape.h"
#include "os/process.h"

namespace cairn::webdav {
namespace {

constexpr std::chrono::minutes kCommandLimit{2};

}  // namespace

Status Login::authorize(http::Request& request) {
  std::string proof;
  if (const auto token = place_.find("token")) {
    proof = "Bearer " + *token;
  } else if (const auto command = place_.find("token_command")) {
    CAIRN_TRY_ASSIGN(const std::string made, run_command(*command));
    proof = "Bearer " + made;
  } else if (const auto user = place_.find("user")) {
    proof = "Basic " + to_base64(as_bytes(*user + ":" + place_.find("password").value_or("")));
  }
  if (!proof.empty()) {
    request.headers.emplace_back("Authorization", proof);
  }
  return {};
}

std::string Login::source() const {
  for (const char* key : {"token", "token_command", "user"}) {
    if (place_.find(key)) {
      return "with remote." + place_.name + "." + key;
    }
  }
  return "no user or token is set";
}

Result<std::string> Login::run_command(const std::string& command) {
  const std::lock_guard lock(mutex_);
  if (token_) {
    return *token_;
  }
  os::ProcessOptions options;
  options.argv = {"/bin/sh", "-c", command};
  os::CaptureLimits limits;
  limits.timeout = kCommandLimit;
  limits.stop = place_.stop;
  CAIRN_TRY_ASSIGN(const os::Captured ran, os::capture(options, limits));
  const std::string token = ran.out.substr(0, ran.out.find_first_of("\r\n"));
  if (!ran.exit.ok() || token.empty()) {
    const std::string reason = ran.err.substr(0, ran.err.find('\n'));
    return Error(Code::remote,
                 "remote." + place_.name + ".token_command gave no token (status " +
                     std::to_string(ran.exit.status) + ")" + (reason.empty() ? "" : ": " + escaped(reason)),
                 "run the command by hand");
  }
  token_ = token;
  return token;
}

}  // namespace cairn::webdav
