// SPDX-License-Identifier: Apache-2.0
#include "ops/doctor.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/escape.h"
#include "base/version.h"
#include "git/drivers.h"
#include "git/hooks.h"
#include "os/parallel.h"
#include "os/process.h"
#include "project/attributes.h"

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

Finding unknown(const char* name, const Error& error) {
  return {name, error.message(), true, error.hint()};
}

Finding hooks_finding(git::Repository& repository) {
  auto states = git::hook_state(repository);
  if (!states.ok()) {
    return unknown("hooks", states.error());
  }
  std::size_t good = 0;
  for (const git::HookState& state : *states) {
    good += state.status == git::HookStatus::installed ? 1 : 0;
  }
  std::string value = std::to_string(good) + " of " + std::to_string(states->size()) + " installed";
  return {"hooks", value, good < states->size(), "cairn install"};
}

/// Without drivers Git merges pointers and locks line by line.
Finding drivers_finding(git::Repository& repository, const std::string& root) {
  auto installed = git::are_drivers_installed(repository);
  if (!installed.ok()) {
    return unknown("drivers", installed.error());
  }
  auto attributes = project::check_attributes(root);
  if (!attributes.ok()) {
    return unknown("drivers", attributes.error());
  }
  if (!*installed) {
    return {"drivers", "not in Git's configuration", true, "cairn install"};
  }
  if (attributes->changed) {
    return {"drivers", ".gitattributes lacks lines for them", true, "cairn install"};
  }
  if (!attributes->left.empty()) {
    const project::LeftAttribute& left = attributes->left.front();
    return {"drivers", ".gitattributes has a line without them: " + escaped(left.line), true,
            "write there " + std::string(left.wanted)};
  }
  return {"drivers", "installed", false, ""};
}

void examine_git(project::Workspace& workspace, std::vector<Finding>& findings) {
  auto repository = workspace.git();
  if (!repository.ok()) {
    findings.push_back(unknown("hooks", repository.error()));
    return;
  }
  findings.push_back(hooks_finding(**repository));
  findings.push_back(drivers_finding(**repository, workspace.paths().root));
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
    findings.push_back(unknown("store content", store.error()));
  }
  findings.push_back(free_space(workspace.paths().shared));
  if (workspace.git_layout()) {
    examine_git(workspace, findings);
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
