// SPDX-License-Identifier: Apache-2.0
#include "ops/doctor.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/version.h"
#include "git/hooks.h"
#include "os/parallel.h"
#include "os/process.h"

namespace cairn::ops {
namespace {

std::string system_name() {
  utsname name{};
  if (uname(&name) != 0) {
    return "unknown";
  }
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

Finding git_program() {
  os::ProcessOptions options;
  options.argv = {"git", "--version"};
  auto ran = os::capture(options);
  if (!ran.ok() || !ran->exit.ok()) {
    return {"git", "not found", true, "install git"};
  }
  std::string text = ran->out;
  text.erase(std::find(text.begin(), text.end(), '\n'), text.end());
  return {"git", text, false, ""};
}

Finding free_space(const std::string& folder) {
  struct statvfs found {};
  if (statvfs(folder.c_str(), &found) != 0) {
    return {"free space", "unknown", false, ""};
  }
  std::uint64_t mib = std::uint64_t{found.f_bavail} * found.f_frsize >> 20;
  constexpr std::uint64_t kLowMib = 1024;
  return {"free space", std::to_string(mib) + " MiB", mib < kLowMib, "free some space where the store is"};
}

Finding hooks_finding(project::Workspace& workspace) {
  auto repository = workspace.git();
  if (!repository.ok()) {
    return {"hooks", repository.error().message(), true, repository.error().hint()};
  }
  auto states = git::hook_state(**repository);
  if (!states.ok()) {
    return {"hooks", states.error().message(), true, states.error().hint()};
  }
  std::size_t good = 0;
  for (const git::HookState& state : *states) {
    good += state.status == git::HookStatus::installed ? 1 : 0;
  }
  std::string value = std::to_string(good) + " of " + std::to_string(states->size()) + " installed";
  return {"hooks", value, good < states->size(), "cairn install"};
}

void examine_project(project::Workspace& workspace, std::vector<Finding>& findings) {
  findings.push_back({"project", workspace.paths().root, false, ""});
  findings.push_back({"store", workspace.paths().store, false, ""});
  auto store = workspace.store();
  if (store.ok()) {
    auto index = (*store)->index();
    findings.push_back({"store content",
                        std::to_string(index->packs().size()) + " packs, " +
                            std::to_string(index->entry_count()) + " entries, " +
                            std::to_string(index->segments().size()) + " index segments",
                        false, ""});
  } else {
    findings.push_back({"store content", store.error().message(), true, store.error().hint()});
  }
  findings.push_back(free_space(workspace.paths().shared));
  if (workspace.git_layout()) {
    findings.push_back(hooks_finding(workspace));
  }
  for (const std::string& remote : workspace.config().remotes()) {
    findings.push_back(
        {"remote " + remote, workspace.config().get_or("remote." + remote + ".url", ""), false, ""});
  }
}

}  // namespace

std::vector<Finding> examine(project::Workspace* workspace) {
  std::vector<Finding> findings;
  findings.push_back({"cairn", std::string(own_version()), false, ""});
  findings.push_back({"system", system_name(), false, ""});
  findings.push_back({"processors", std::to_string(os::available_processors()), false, ""});
  findings.push_back(git_program());
  if (workspace != nullptr) {
    examine_project(*workspace, findings);
  } else {
    findings.push_back({"project", "none here", false, ""});
  }
  return findings;
}

}  // namespace cairn::ops
