// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_verified.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "version/version_walk.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;
using pipeline::StageLock;
using report::CheckState;
using version::StageResult;
using version::Verdict;

const StageResult* result_of(const Verdict& verdict, const std::string& address) {
  const auto at = std::ranges::find(verdict.stages, address, &StageResult::stage);
  const bool told = at != verdict.stages.end() && at->verdict != version::StageVerdict::skipped;
  return told ? &*at : nullptr;
}

}  // namespace

Result<const std::vector<Verdict>*> VerifiedCheck::verdicts() {
  if (!verdicts_) {
    CAIRN_TRY_ASSIGN(verdicts_, version::all_verdicts(workspace_));
  }
  return &*verdicts_;
}

Result<const StageLock*> VerifiedCheck::block_at(const git::Oid& commit, const Stage& stage) {
  const std::string path = os::join(stage.folder(), pipeline::kLockFile);
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
  CAIRN_TRY_ASSIGN(const auto file, git->find_blob(commit, os::join(workspace_.git_prefix(), path)));
  if (!file) {
    return nullptr;
  }
  auto known = locks_.find(file->blob);
  if (known == locks_.end()) {
    CAIRN_TRY_ASSIGN(const Buffer bytes, git->read_blob(file->blob));
    CAIRN_TRY_ASSIGN(pipeline::Lock lock, pipeline::parse_lock(as_text(bytes), path));
    known = locks_.emplace(file->blob, std::move(lock)).first;
  }
  return known->second.find(stage.name);
}

Status VerifiedCheck::check_stage(const Stage& stage, unsigned line, const std::string& file,
                                  report::Check& check) {
  const std::string address = stage.address();
  CAIRN_TRY_ASSIGN(const StageLock* wanted, block_at(input_.head, stage));
  if (wanted == nullptr) {
    return {};  // never run: the check of stages tells it
  }
  const auto fail = [&](const std::string& why) {
    const Error error(Code::conflict, "the result of stage " + quoted(address) + " is not verified: " + why,
                      "cairn pipeline verify");
    check.problems.push_back({CheckState::failed, file, line, error});
  };
  CAIRN_TRY_ASSIGN(const std::vector<Verdict>* verdicts, this->verdicts());
  for (const Verdict& verdict : *verdicts) {
    const StageResult* result = result_of(verdict, address);
    const auto commit = git::Oid::parse(verdict.commit);
    if (result == nullptr || !commit) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const StageLock* block, block_at(*commit, stage));
    if (block == nullptr || *block != *wanted) {
      continue;
    }
    if (result->verdict != version::StageVerdict::reproduced) {
      fail("its last verdict is " + std::string(version::verdict_name(result->verdict)));
    }
    return {};
  }
  fail("there is no verdict on it");
  return {};
}

Status VerifiedCheck::check(const std::string& file, const pipeline::CiPolicy& policy, report::Check& check) {
  const unsigned line = policy.verified_at.line;
  for (const std::string& name : policy.verified) {
    if (!input_.graph.find(pipeline::stage_address(file, name))) {
      const Error unknown(Code::malformed, "there is no stage " + quoted(name) + " to verify",
                          "cairn stage list");
      check.problems.push_back({CheckState::failed, file, line, unknown});
    }
  }
  for (const pipeline::StageIndex index : input_.graph.order()) {
    const Stage& stage = input_.graph.stage(index);
    const bool named = std::ranges::find(policy.verified, stage.name) != policy.verified.end();
    if (stage.file == file && (named || (policy.verify_all && !stage.frozen))) {
      CAIRN_TRY(check_stage(stage, line, file, check));
      ++stages_;
      check.about = std::to_string(stages_) + (stages_ == 1 ? " stage" : " stages");
    }
  }
  return {};
}

}  // namespace cairn::ops
