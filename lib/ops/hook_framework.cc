// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_framework.h"

#include <cstdlib>

namespace cairn::ops {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// A push of a whole history names its branch only.
std::string pushed_line() {
  const std::string branch = variable("PRE_COMMIT_LOCAL_BRANCH");
  const std::string to = variable("PRE_COMMIT_TO_REF");
  const std::string from = variable("PRE_COMMIT_FROM_REF");
  return branch + " " + (to.empty() ? branch : to) + " " + variable("PRE_COMMIT_REMOTE_BRANCH") + " " +
         (from.empty() ? "0" : from) + "\n";
}

}  // namespace

HookCall as_git_called(HookCall call) {
  if (variable("PRE_COMMIT").empty() || !call.arguments.empty()) {
    return call;
  }
  if (call.name == "post-checkout") {
    call.arguments = {variable("PRE_COMMIT_FROM_REF"), variable("PRE_COMMIT_TO_REF"),
                      variable("PRE_COMMIT_CHECKOUT_TYPE")};
  } else if (call.name == "post-merge") {
    call.arguments = {variable("PRE_COMMIT_IS_SQUASH_MERGE")};
  } else if (call.name == "post-rewrite") {
    call.arguments = {variable("PRE_COMMIT_REWRITE_COMMAND")};
  } else if (call.name == "pre-push") {
    call.arguments = {variable("PRE_COMMIT_REMOTE_NAME"), variable("PRE_COMMIT_REMOTE_URL")};
    call.input = pushed_line();
  }
  return call;
}

bool are_hooks_off(const std::string& hook) {
  return !variable("CAIRN_NO_HOOKS").empty() ||
         (hook == "post-checkout" && !variable("_PRE_COMMIT_SKIP_POST_CHECKOUT").empty());
}

}  // namespace cairn::ops
