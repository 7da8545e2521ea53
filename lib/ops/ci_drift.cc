// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_drift.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/drift.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"

namespace cairn::ops {
namespace {

using project::Tracked;
using report::CheckState;

/// The data that a path is, or is inside of.
const Tracked* find_around(const std::vector<Tracked>& tracked, const std::string& path) {
  const auto at =
      std::ranges::find_if(tracked, [&](const Tracked& one) { return os::is_within(path, one.path); });
  return at == tracked.end() ? nullptr : &*at;
}

}  // namespace

Result<std::optional<DriftCheck::Base>> DriftCheck::find_base(const std::string& wanted) {
  const auto with_data = [this](const std::string& name,
                                const git::Oid& commit) -> Result<std::optional<Base>> {
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked_at(workspace_, commit, pipeline::read_lock_outputs));
    return std::optional(Base{name, commit, std::move(tracked)});
  };
  if (!wanted.empty()) {
    CAIRN_TRY_ASSIGN(const git::Oid commit, find_commit(workspace_, wanted));
    return with_data(wanted, commit);
  }
  const auto& versions = input_.versions;
  const auto newest = std::find_if(versions.rbegin(), versions.rend(),
                                   [this](const ResolvedVersion& one) { return one.commit != input_.head; });
  return newest == versions.rend() ? std::optional<Base>() : with_data(newest->name, newest->commit);
}

Result<bool> DriftCheck::is_same(const Base& base, const std::string& path) {
  if (!head_) {
    CAIRN_TRY_ASSIGN(head_, project::find_tracked_at(workspace_, input_.head, pipeline::read_lock_outputs));
  }
  const Tracked* before = find_around(base.tracked, path);
  const Tracked* after = find_around(*head_, path);
  return before != nullptr && after != nullptr && before->path == after->path &&
         before->object == after->object;
}

Status DriftCheck::check_gate(const std::string& file, const Base& base, const pipeline::DriftGate& gate,
                              report::Check& check) {
  CAIRN_TRY_ASSIGN(const bool same, is_same(base, gate.path));
  if (same) {
    return {};
  }
  DriftRequest request;
  request.before = base.commit.hex();
  request.after = input_.head.hex();
  request.paths = {gate.path};
  const std::string command = "cairn drift " + escaped(base.name) + " HEAD " + escaped(gate.path);
  const auto note = [&](CheckState state, const Error& error) {
    check.problems.push_back({state, file, gate.at.line, error});
  };
  const auto unknown = [&](const Error& error) {
    note(CheckState::unknown,
         Error(error.code(), "drift of " + quoted(gate.path) + " is not checked: " + error.message(),
               "cairn fetch " + escaped(gate.path) + " --rev " + escaped(base.name) + " --rev HEAD"));
  };
  const auto report = find_drift(workspace_, request, context_);
  if (!report.ok()) {
    if (report.error().code() == Code::interrupted) {
      return report.error();
    }
    unknown(report.error());
    return {};
  }
  for (const FileDrift& table : report->files) {
    for (const report::DriftHit& hit : table.hits) {
      note(CheckState::failed,
           Error(Code::conflict, quoted(table.path) + " drifted from " + base.name + ": " + hit.text,
                 command));
    }
  }
  std::ranges::for_each(report->errors, unknown);
  return {};
}

Status DriftCheck::check(const std::string& file, const pipeline::CiPolicy& policy,
                         const std::vector<pipeline::DriftGate>& gates, report::Check& check) {
  if (gates.empty()) {
    return {};
  }
  gates_ += gates.size();
  check.about = std::to_string(gates_) + (gates_ == 1 ? " gate" : " gates");
  const auto base = find_base(policy.drift_from);
  if (!base.ok()) {
    check.problems.push_back({CheckState::failed, file, policy.drift_from_at.line, base.error()});
    return {};
  }
  if (!*base) {
    check.about += ", no saved version of another commit to compare with";
    return {};
  }
  for (const pipeline::DriftGate& gate : gates) {
    CAIRN_TRY(check_gate(file, **base, gate, check));
  }
  check.about += ", against " + (*base)->name;
  return {};
}

}  // namespace cairn::ops
