// SPDX-License-Identifier: Apache-2.0
#include "ops/clone.h"

#include <functional>
#include <vector>

#include "base/escape.h"
#include "git/clone.h"
#include "git/hooks.h"
#include "git/install_config.h"
#include "git/program.h"
#include "pipeline/lock_outputs.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

/// One thing to do in the clone, and what a person types to do it.
struct Step {
  std::string command;
  std::function<Status()> run;
};

/// The steps one after the other. The first that fails ends it, with what is left to be typed as the hint.
Status run_steps(const std::vector<Step>& steps, const std::string& folder) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Status done = steps[i].run();
    if (done.ok()) {
      continue;
    }
    std::string hint = "the clone is there; mend that, then finish it: cd " + escaped(folder);
    for (std::size_t left = i; left < steps.size(); ++left) {
      hint += " && " + steps[left].command;
    }
    return Error(done.error()).with_hint(hint);
  }
  return {};
}

class Clone {
 public:
  Clone(const CloneRequest& request, const Context& context) : request_(request), context_(context) {}

  Result<CloneReport> run() {
    CAIRN_TRY(git::clone_repository(request_.url, request_.folder, request_.from, {.quiet = request_.quiet}));
    std::vector<Step> steps = {{"cairn install", [this] { return install(); }}};
    if (!request_.version.empty()) {
      steps.push_back({"git checkout --detach VERSION", [this] { return check_out_version(); }});
    }
    if (request_.data) {
      steps.push_back({"cairn pull", [this] { return pull_data(); }});
    }
    CAIRN_TRY(run_steps(steps, request_.folder));
    return std::move(report_);
  }

 private:
  Status install() {
    CAIRN_TRY_ASSIGN(report_.workspace, project::Workspace::open(request_.folder));
    CAIRN_TRY_ASSIGN(git::Repository* const git, report_.workspace->git());
    CAIRN_TRY(git::install_hooks(*git, request_.program));
    CAIRN_TRY(git::install_config(*git));
    return {};
  }

  /// Without hooks: the data comes later, at once.
  Status check_out_version() {
    CAIRN_TRY_ASSIGN(const version::Version found,
                     version::find_version(*report_.workspace, request_.version));
    CAIRN_TRY(git::run_git(*report_.workspace->git_layout(), {"-c", "core.hooksPath=/dev/null", "checkout",
                                                              "--quiet", "--detach", found.commit.hex()}));
    report_.commit = found.commit;
    // Another commit may hold other settings.
    CAIRN_TRY_ASSIGN(report_.workspace, project::Workspace::open(request_.folder));
    return {};
  }

  Status pull_data() {
    CAIRN_TRY_ASSIGN(report_.pull, pull(*report_.workspace, pipeline::read_lock_outputs, {}, context_));
    return {};
  }

  const CloneRequest& request_;
  const Context& context_;
  CloneReport report_;
};

}  // namespace

Result<CloneReport> clone(const CloneRequest& request, const Context& context) {
  return Clone(request, context).run();
}

}  // namespace cairn::ops
