// SPDX-License-Identifier: Apache-2.0
#include "ops/git_hook.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "base/escape.h"
#include "ops/push.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"
#include "project/status.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kConfigFolder = "/.cairn";
constexpr std::size_t kShownPaths = 5;

/// Roots of the projects in a Git work tree: its top, and what its index says.
Result<std::vector<std::string>> project_roots(const git::Layout& layout) {
  std::set<std::string> roots;
  CAIRN_TRY_ASSIGN(auto top, os::find_stat(layout.work_tree + "/.cairn/config"));
  if (top) {
    return std::vector<std::string>{layout.work_tree};
  }
  CAIRN_TRY_ASSIGN(git::Repository repository, git::Repository::open(layout));
  CAIRN_TRY_ASSIGN(auto paths, repository.tracked_paths({"config"}));
  for (const std::string& path : paths) {
    std::string parent(os::parent_of(path));
    if (parent.ends_with(kConfigFolder)) {
      roots.insert(os::join(layout.work_tree, parent.substr(0, parent.size() - kConfigFolder.size())));
    }
  }
  return std::vector<std::string>(roots.begin(), roots.end());
}

bool rebase_is_running(const git::Layout& layout) {
  for (const char* name : {"/rebase-merge", "/rebase-apply"}) {
    auto stat = os::find_stat(layout.git_dir + name);
    if (stat.ok() && stat->has_value()) {
      return true;
    }
  }
  return false;
}

std::string shortened(const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t i = 0; i < paths.size() && i < kShownPaths; ++i) {
    text += (i == 0 ? "" : ", ") + escaped(paths[i]);
  }
  return paths.size() > kShownPaths ? text + " and " + std::to_string(paths.size() - kShownPaths) + " more"
                                    : text;
}

void tell(Log& log, std::string_view verb, const std::vector<std::string>& paths) {
  if (!paths.empty()) {
    log.info("cairn: " + std::string(verb) + " " + shortened(paths));
  }
}

void tell_about(const project::CheckoutReport& report, Log& log) {
  std::vector<std::string> updated;
  std::vector<std::string> removed;
  std::vector<std::string> kept;
  std::vector<std::string> absent;
  for (const project::PathReport& path : report.paths) {
    if (path.error && path.error->code() == Code::not_found) {
      absent.push_back(path.path);
    } else if (path.error) {
      log.warn("cairn: " + path.error->message() +
               (path.error->hint().empty() ? "" : "; try: " + path.error->hint()));
    } else if (!path.created.empty() || !path.updated.empty()) {
      updated.push_back(path.path);
    } else if (!path.removed.empty()) {
      removed.push_back(path.path);
    }
    kept.insert(kept.end(), path.changed.begin(), path.changed.end());
  }
  tell(log, "updated", updated);
  tell(log, "removed", removed);
  tell(log, "kept, since it was changed:", kept);
  tell(log, "not here yet (cairn pull):", absent);
}

Status follow_commit(project::Workspace& workspace, const Context& context) {
  CAIRN_TRY_ASSIGN(os::FileLock lock, workspace.lock());
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  project::CheckoutOptions options;
  options.complete = true;
  CAIRN_TRY_ASSIGN(auto report, project::checkout(workspace, std::move(tracked), options, context));
  tell_about(report, context.log);
  return {};
}

Status warn_of_changes(project::Workspace& workspace, const Context& context) {
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(auto report, project::status(workspace, tracked, context));
  std::vector<std::string> modified;
  std::vector<std::string> behind;
  for (const project::StatusEntry& entry : report.entries) {
    if (entry.state == project::DataState::modified) {
      modified.push_back(entry.tracked.path);
    } else if (entry.state == project::DataState::behind) {
      behind.push_back(entry.tracked.path);
    }
  }
  tell(context.log, "data differs from its pointer (cairn commit records it):", modified);
  tell(context.log, "data is older than its pointer (cairn checkout updates it):", behind);
  return workspace.save();
}

/// Commits in Git's lines "LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID"; deletions have an id of zeros.
std::vector<std::string> pushed_commits(const std::string& input) {
  std::set<std::string> commits;
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string ref;
    std::string id;
    if (words >> ref >> id && id.find_first_not_of('0') != std::string::npos) {
      commits.insert(id);
    }
  }
  return {commits.begin(), commits.end()};
}

Status push_commits(project::Workspace& workspace, const HookCall& call, const Context& context) {
  std::vector<std::string> commits = pushed_commits(call.input);
  if (commits.empty() || workspace.config().get_or("core.remote", "").empty()) {
    return {};
  }
  TransferRequest request;
  request.revisions = commits;
  auto pushed = push(workspace, pipeline::read_lock_outputs, request, context);
  if (!pushed.ok()) {
    return pushed.error().with_hint(pushed.error().hint() + (pushed.error().hint().empty() ? "" : ", or ") +
                                    "git push --no-verify to push without the data");
  }
  if (pushed->report.packs > 0) {
    context.log.info("cairn: sent the data of " + std::to_string(commits.size()) + " commit(s)");
  }
  return {};
}

Status run_in(project::Workspace& workspace, const HookCall& call, const Context& context) {
  if (call.name == "pre-commit") {
    return warn_of_changes(workspace, context);
  }
  if (call.name == "pre-push") {
    return push_commits(workspace, call, context);
  }
  return follow_commit(workspace, context);
}

}  // namespace

Status run_hook(const HookCall& call, const std::string& folder, const Context& context) {
  CAIRN_TRY_ASSIGN(auto layout, git::find_layout(folder));
  if (!layout || layout->work_tree.empty() || (call.name == "post-checkout" && rebase_is_running(*layout))) {
    return {};
  }
  CAIRN_TRY_ASSIGN(auto roots, project_roots(*layout));
  if (roots.empty() && call.name.starts_with("post-")) {
    CAIRN_TRY_ASSIGN(auto former, project::Workspace::open_former(*layout));
    return former != nullptr ? follow_commit(*former, context) : Status();
  }
  for (const std::string& root : roots) {
    CAIRN_TRY_ASSIGN(auto workspace, project::Workspace::open(root));
    CAIRN_TRY(run_in(*workspace, call, context));
  }
  return {};
}

}  // namespace cairn::ops
