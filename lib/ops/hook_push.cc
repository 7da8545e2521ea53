// SPDX-License-Identifier: Apache-2.0
#include "ops/hook_push.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "git/program.h"
#include "ops/push.h"
#include "pipeline/lock_outputs.h"
#include "store/closure.h"

namespace cairn::ops {
namespace {

/// What Git is about to tell its remote.
struct GitPush {
  std::set<std::string> tips;   ///< commits that refs are set to
  std::set<std::string> known;  ///< commits that the remote's refs are at, as far as they are here
};

bool is_null_name(const std::string& id) {
  return id.find_first_not_of('0') == std::string::npos;
}

/// Deletions have a local id of zeros, new refs a remote one; tags of anything but commits have no data.
Result<GitPush> read_push(git::Repository& repository, const std::string& input) {
  GitPush push;
  const auto add = [&repository](const std::string& id, std::set<std::string>& commits) {
    const auto commit = is_null_name(id) ? Result<git::Oid>(Error(Code::not_found, "deleted"))
                                         : repository.resolve(id + "^{commit}");
    if (commit.ok()) {
      commits.insert(commit->hex());
    }
  };
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string local_ref;
    std::string local_id;
    std::string remote_ref;
    std::string remote_id;
    words >> local_ref >> local_id >> remote_ref >> remote_id;
    add(local_id, push.tips);
    add(remote_id, push.known);
  }
  return push;
}

/// Commits behind the tips that the Git remote does not have and that change pointers or locks; those between
/// them have the data of these, or of what is there.
Result<std::vector<std::string>> older_commits(project::Workspace& workspace, const GitPush& push,
                                               const std::string& remote) {
  std::vector<std::string> words = {"rev-list", "--full-history"};
  words.insert(words.end(), push.tips.begin(), push.tips.end());
  words.emplace_back("--not");
  words.insert(words.end(), push.known.begin(), push.known.end());
  if (remote.find_first_of("*?[:\\/") == std::string::npos) {  // else it is an address
    words.push_back("--remotes=" + remote);
  }
  words.insert(words.end(), {"--", ":(top,glob)**/*.cairn", ":(top,glob)**/cairn.lock"});
  CAIRN_TRY_ASSIGN(const std::string list, git::run_git(*workspace.git_layout(), words));
  std::vector<std::string> commits;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    if (!push.tips.contains(line)) {
      commits.push_back(line);
    }
  }
  return commits;
}

class CommitPush {
 public:
  CommitPush(project::Workspace& workspace, const Context& context)
      : workspace_(workspace), context_(context) {}

  Status run(const std::set<std::string>& tips, const std::vector<std::string>& older) {
    std::vector<std::string> all(tips.begin(), tips.end());
    all.insert(all.end(), older.begin(), older.end());
    const Status whole = send(all);
    if (whole.ok() || older.empty()) {
      return whole;
    }
    CAIRN_TRY(send({tips.begin(), tips.end()}));
    const std::vector<std::string> complete = those_here(older);
    if (!complete.empty()) {
      CAIRN_TRY(send(complete));
    }
    context_.log.warn("cairn: the data of " + std::to_string(older.size() - complete.size()) +
                      " older commit(s) does not go along: " + whole.error().message());
    return {};
  }

 private:
  Status send(const std::vector<std::string>& commits) {
    TransferRequest request;
    request.revisions = commits;
    CAIRN_TRY_ASSIGN(const PushResult pushed,
                     push(workspace_, pipeline::read_lock_outputs, request, context_));
    if (pushed.report.packs > 0) {
      context_.log.info("cairn: sent the data of " + std::to_string(commits.size()) + " commit(s)");
    }
    return {};
  }

  /// Those whose data is in the local store.
  std::vector<std::string> those_here(const std::vector<std::string>& commits) {
    std::vector<std::string> here;
    std::copy_if(commits.begin(), commits.end(), std::back_inserter(here), [this](const std::string& commit) {
      const auto complete = is_here(commit);
      return complete.ok() && *complete;
    });
    return here;
  }

  Result<bool> is_here(const std::string& commit) {
    CAIRN_TRY_ASSIGN(store::Store* const store, workspace_.store());
    CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked_at(workspace_, *git::Oid::parse(commit),
                                                                  pipeline::read_lock_outputs));
    std::vector<store::Object> objects;
    for (const project::Tracked& one : tracked) {
      if (one.push) {
        objects.push_back(one.object);
      }
    }
    CAIRN_TRY_ASSIGN(const auto closure, store::collect_closure(*store, objects, context_));
    return closure.missing.empty();
  }

  project::Workspace& workspace_;
  const Context& context_;
};

/// Says that data stays here, if there is some.
Status warn_of_no_remote(project::Workspace& workspace, const std::set<std::string>& tips, Log& log) {
  for (const std::string& tip : tips) {
    CAIRN_TRY_ASSIGN(const auto tracked,
                     project::find_tracked_at(workspace, *git::Oid::parse(tip), pipeline::read_lock_outputs));
    if (!tracked.empty()) {
      log.warn("cairn: no remote is set, so data is not pushed; try: cairn remote add NAME URL");
      return {};
    }
  }
  return {};
}

}  // namespace

Status push_pushed(project::Workspace& workspace, const std::vector<std::string>& arguments,
                   const std::string& input, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository* const repository, workspace.git());
  CAIRN_TRY_ASSIGN(const GitPush push, read_push(*repository, input));
  if (push.tips.empty()) {
    return {};
  }
  if (workspace.config().get_or("core.remote", "").empty()) {
    return warn_of_no_remote(workspace, push.tips, context.log);
  }
  CAIRN_TRY_ASSIGN(const auto older,
                   older_commits(workspace, push, arguments.empty() ? std::string() : arguments[0]));
  const Status done = CommitPush(workspace, context).run(push.tips, older);
  if (!done.ok()) {
    const std::string hint = done.error().hint();
    return done.error().with_hint(hint + (hint.empty() ? "" : ", or ") +
                                  "git push --no-verify to push without the data");
  }
  return {};
}

}  // namespace cairn::ops
