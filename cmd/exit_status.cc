// SPDX-License-Identifier: Apache-2.0
#include "exit_status.h"

namespace cairn::cmd {

int exit_status(Code code) {
  switch (code) {
    case Code::usage:
      return kExitUsage;
    case Code::partial:
      return kExitPartial;
    case Code::corrupt:
      return kExitIntegrity;
    case Code::locked:
      return kExitLocked;
    case Code::no_repository:
      return kExitNoRepository;
    case Code::remote:
      return kExitRemote;
    case Code::stage_failed:
      return kExitStageFailed;
    case Code::interrupted:
      return kExitInterrupted;
    default:
      return kExitFailed;
  }
}

const char* code_name(Code code) {
  switch (code) {
    case Code::usage:
      return "usage";
    case Code::not_found:
      return "not_found";
    case Code::exists:
      return "exists";
    case Code::conflict:
      return "conflict";
    case Code::permission:
      return "permission";
    case Code::no_space:
      return "no_space";
    case Code::io:
      return "io";
    case Code::malformed:
      return "malformed";
    case Code::corrupt:
      return "corrupt";
    case Code::unsupported:
      return "unsupported";
    case Code::locked:
      return "locked";
    case Code::no_repository:
      return "no_repository";
    case Code::remote:
      return "remote";
    case Code::stage_failed:
      return "stage_failed";
    case Code::partial:
      return "partial";
    case Code::interrupted:
      return "interrupted";
  }
  return "unknown";
}

}  // namespace cairn::cmd
