// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/ci_policy.h"
#include "pipeline/ci_policy.h"
#include "pipeline/drift_gate.h"
#include "project/tracked.h"

namespace cairn::ops {

/// Drift gates of HEAD against `drift_from`, else the newest saved version of another commit. A table that is
/// the same in both passes without being read; others are judged by profiles that are kept here, or by data
/// that is here, and are told as not checked where there is neither.
class DriftCheck {
 public:
  DriftCheck(project::Workspace& workspace, const PolicyInput& input, const Context& context)
      : workspace_(workspace), input_(input), context_(context) {}
  /// Adds to `check` what the gates of a cairn.yaml find.
  Status check(const std::string& file, const pipeline::CiPolicy& policy,
               const std::vector<pipeline::DriftGate>& gates, report::Check& check);

 private:
  /// What gates compare with.
  struct Base {
    std::string name;
    git::Oid commit;
    std::vector<project::Tracked> tracked;
  };
  Result<std::optional<Base>> find_base(const std::string& wanted);
  Status check_gate(const std::string& file, const Base& base, const pipeline::DriftGate& gate,
                    report::Check& check);
  Result<bool> is_same(const Base& base, const std::string& path);

  project::Workspace& workspace_;
  const PolicyInput& input_;
  const Context& context_;
  std::optional<std::vector<project::Tracked>> head_;
  std::size_t gates_ = 0;
};

}  // namespace cairn::ops
