// SPDX-License-Identifier: Apache-2.0
#include "webdav/login.h"

#include "base/base64.h"
#include "base/escape.h"
#include "transport/user_command.h"

namespace cairn::webdav {

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
      return "remote." + place_.name + "." + key;
    }
  }
  return {};
}

Result<std::string> Login::run_command(const std::string& command) {
  const std::lock_guard lock(mutex_);
  if (token_) {
    return *token_;
  }
  const std::string what = "token_command of remote " + quoted(place_.name);
  CAIRN_TRY_ASSIGN(const std::string printed, transport::run_user_command(place_, command, what));
  const std::string token = printed.substr(0, printed.find_first_of("\r\n"));
  if (token.empty()) {
    return Error(Code::remote, "the " + what + " printed no token", "run the command by hand");
  }
  token_ = token;
  return token;
}

}  // namespace cairn::webdav
