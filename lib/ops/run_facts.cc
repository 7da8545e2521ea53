// SPDX-License-Identifier: Apache-2.0
#include "ops/run_facts.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "base/escape.h"
#include "base/version.h"
#include "version/system_facts.h"

namespace cairn::ops {
namespace {

/// Names come from the system and may hold any byte; what is no text is escaped.
std::string as_utf8(std::string_view text) {
  return is_utf8(text) ? std::string(text) : escaped(text);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? as_utf8(name.data()) : "";
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::to_string(::geteuid());
  }
  return as_utf8(found->pw_name);
}

void add_commit(project::Workspace& workspace, RunFacts& facts) {
  auto repository = workspace.git();
  if (!repository.ok()) {
    return;
  }
  auto head = (*repository)->head();
  if (!head.ok() || !head->has_value()) {
    return;
  }
  facts.commit = (*head)->hex();
  const auto changes = (*repository)->uncommitted();
  facts.dirty = changes.ok() && !changes->empty();
}

}  // namespace

RunFacts find_run_facts(project::Workspace& workspace) {
  RunFacts facts;
  if (workspace.git_layout()) {
    add_commit(workspace, facts);
  }
  facts.system = version::system_facts();
  facts.folder = workspace.files().path();
  facts.host = host_name();
  facts.user = user_name();
  return facts;
}

version::RunRecord begin_record(const RunFacts& facts, const pipeline::Stage& stage,
                                const pipeline::StageLock& wanted, const store::Id& key) {
  using std::chrono::milliseconds;
  version::RunRecord run;
  run.stage = stage.address();
  run.key = key;
  run.block = wanted;
  run.start_ms =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  run.cairn = own_version();
  run.commit = facts.commit;
  run.dirty = facts.dirty;
  run.system = facts.system;
  run.host = facts.host;
  run.user = facts.user;
  std::map<std::string, std::string> own;
  for (const pipeline::LockedVariable& variable : wanted.env) {
    own.emplace(variable.name, variable.value.value_or(""));
  }
  run.conditions = version::current_conditions(own, facts.folder);
  return run;
}

}  // namespace cairn::ops
