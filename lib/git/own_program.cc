// SPDX-License-Identifier: Apache-2.0
#include "git/own_program.h"

#include "base/escape.h"

namespace cairn::git {
namespace {

constexpr const char* kProgramKey = "cairn.program";

}  // namespace

Status record_program(Repository& repository, const std::string& program) {
  if (!program.starts_with('/')) {
    return Error(Code::usage, "the path of cairn " + quoted(program) + " is not absolute");
  }
  CAIRN_TRY_ASSIGN(const auto recorded, repository.config(kProgramKey));
  return recorded == program ? Status() : repository.set_config(kProgramKey, program);
}

Status forget_program(Repository& repository) {
  return repository.unset_config(kProgramKey);
}

}  // namespace cairn::git
