// SPDX-License-Identifier: Apache-2.0
#include "transport/user_command.h"

#include "base/escape.h"
#include "os/process.h"

namespace cairn::transport {
namespace {

constexpr std::chrono::minutes kLimit{2};

}  // namespace

Result<std::string> run_user_command(const Place& place, const std::string& command,
                                     const std::string& what) {
  os::ProcessOptions options;
  options.argv = {"/bin/sh", "-c", command};
  os::CaptureLimits limits;
  limits.timeout = kLimit;
  limits.stop = place.stop;
  CAIRN_TRY_ASSIGN(os::Captured ran, os::capture(options, limits));
  if (!ran.exit.ok()) {
    const std::string reason = ran.err.substr(0, ran.err.find('\n'));
    return Error(Code::remote,
                 "the " + what + " failed with status " + std::to_string(ran.exit.status) +
                     (reason.empty() ? "" : ": " + escaped(reason)),
                 "run the command by hand");
  }
  return std::move(ran.out);
}

}  // namespace cairn::transport
