// SPDX-License-Identifier: Apache-2.0
#include "ops/rollback.h"

#include <algorithm>

#include "base/escape.h"
#include "git/head.h"
#include "git/tree_switch.h"
#include "ops/fetch.h"
#include "ops/path_words.h"
#include "ops/revisions.h"
#include "ops/rollback_note.h"
#include "os/file.h"
#include "pipeline/lock_outputs.h"
#include "project/apply_hints.h"

namespace cairn::ops {
namespace {

std::string subject_of(const git::Commit& commit) {
  return commit.message.substr(0, commit.message.find('\n'));
}

/// The last step. What undo knew of before is over.
Status close(project::Workspace& workspace, RollbackNote note) {
  CAIRN_TRY(os::remove_file(workspace.paths().undo()));
  note.finished = true;
  return save_note(workspace, note);
}

Result<std::vector<project::PathReport>> place_data(const project::Workspace& workspace,
                                                    const Context& context) {
  // Opened anew: the index is another one now.
  CAIRN_TRY_ASSIGN(auto now, project::Workspace::open(workspace.paths().root));
  CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*now, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(auto done, project::checkout(*now, std::move(tracked), {false, true, false}, context));
  return std::move(done.paths);
}

/// Index and work tree, then data.
Result<std::vector<project::PathReport>> follow(project::Workspace& workspace, const RollbackNote& note,
                                                const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY(git::switch_tree(*git, note.before, note.after));
  return note.data ? place_data(workspace, context) : std::vector<project::PathReport>();
}

/// The order is what makes a kill harmless: objects, the note, HEAD, then index, work tree and data. HEAD
/// alone decides whether the rollback has happened.
Status perform(project::Workspace& workspace, const git::NewCommit& commit, const std::string& reason,
               bool with_data, RollbackReport& report, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(git::Oid made, git->write_commit(commit));
  const RollbackNote note{commit.parent, made, with_data, false};
  CAIRN_TRY(save_note(workspace, note));
  if (Status moved = git::move_head(*git, commit.parent, made, reason); !moved.ok()) {
    CAIRN_TRY(remove_note(workspace));
    return moved;
  }
  report.commit = made;
  auto followed = follow(workspace, note, context);
  if (!followed.ok()) {
    return followed.error()
        .with_context("commit " + made.hex() + " is made, but the workspace has not followed it")
        .with_hint(followed.error().hint() + (followed.error().hint().empty() ? "" : ", then ") +
                   "cairn checkout");
  }
  report.data = std::move(*followed);
  return close(workspace, note);
}

class Rollback {
 public:
  Rollback(project::Workspace& workspace, git::Repository& git, const RollbackOptions& options,
           git::Oid source, const Context& context)
      : workspace_(workspace), git_(git), options_(options), source_(std::move(source)), context_(context) {}

  Result<RollbackReport> run() {
    CAIRN_TRY_ASSIGN(bool ready, attempt());
    if (!ready) {
      CAIRN_TRY(fetch_missing());
      CAIRN_TRY_ASSIGN(ready, attempt());
    }
    if (!ready) {
      return missing_error();
    }
    return std::move(report_);
  }

 private:
  /// False when data has to be fetched first; then nothing was changed.
  Result<bool> attempt() {
    CAIRN_TRY_ASSIGN(os::FileLock lock, workspace_.lock());
    CAIRN_TRY(finish_rollback(workspace_, context_));
    CAIRN_TRY_ASSIGN(report_.plan, plan_rollback(workspace_, source_));
    CAIRN_TRY_ASSIGN(report_.branch, git_.current_branch());
    if (report_.plan.nothing) {
      return true;
    }
    CAIRN_TRY_ASSIGN(report_.missing, check_rollback(workspace_, report_.plan, options_.data, context_));
    if (options_.dry_run) {
      return has_remote() || report_.missing.empty() ? Result<bool>(true) : missing_error();
    }
    if (!report_.missing.empty()) {
      return false;
    }
    CAIRN_TRY(perform(workspace_, {report_.plan.tree, report_.plan.head, message()},
                      std::string("cairn ") + kRollbackCommand + ": " + options_.name, options_.data, report_,
                      context_));
    return true;
  }

  [[nodiscard]] std::string message() const {
    if (!options_.message.empty()) {
      return options_.message + "\n";
    }
    return "Roll back to " + options_.name + "\n\nRestores the project as of commit " + source_.hex() + ".\n";
  }

  [[nodiscard]] bool has_remote() { return !workspace_.config().get_or("core.remote", "").empty(); }

  Status fetch_missing() {
    if (!has_remote()) {
      return missing_error();
    }
    TransferRequest request;
    request.revisions = {source_.hex()};
    request.targets = report_.missing;
    CAIRN_TRY_ASSIGN(FetchResult fetched, fetch(workspace_, pipeline::read_lock_outputs, request, context_));
    report_.fetched_bytes = fetched.report.bytes;
    return {};
  }

  [[nodiscard]] Error missing_error() {
    const std::string without = "cairn pipeline rollback --no-data " + project::shell_word(options_.name);
    return {Code::not_found, "data of the version is not in the store: " + some_paths(report_.missing),
            (has_remote() ? "cairn fetch --rev " + source_.hex() : "cairn remote add NAME URL") + ", or " +
                without};
  }

  project::Workspace& workspace_;
  git::Repository& git_;
  const RollbackOptions& options_;
  git::Oid source_;
  const Context& context_;
  RollbackReport report_{{source_, source_, source_, {}, {}, {}, {}, false}, {}, {}, {}, 0, {}};
};

/// What was not here before the rollback is not missed after its undo.
void forgive_missing(RollbackReport& report, Log& log) {
  for (project::PathReport& path : report.data) {
    if (path.error &&
        std::find(report.missing.begin(), report.missing.end(), path.path) != report.missing.end()) {
      log.info(escaped(path.path) + " is not here (" + project::command_hint("cairn pull", path.path) + ")");
      path.error.reset();
    }
  }
}

/// `conflict` unless HEAD is the commit that would be taken back.
Status check_head(git::Repository& git, const git::Oid& expected) {
  CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git.head());
  if (head == expected) {
    return {};
  }
  std::string now = "there is no commit here";
  if (head) {
    CAIRN_TRY_ASSIGN(git::Commit commit, git.read_commit(*head));
    now = "HEAD is " + head->hex() + ", " + quoted(subject_of(commit));
  }
  return Error(Code::conflict,
               "HEAD was moved since the rollback, whose commit is " + expected.hex() + ": " + now,
               "git revert " + expected.hex() + ", then cairn checkout");
}

}  // namespace

Result<RollbackReport> rollback(project::Workspace& workspace, const RollbackOptions& options,
                                const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(ChosenRevision version, find_revision(workspace, options.name));
  if (!version.commit) {
    return Error(Code::usage, "name a version to go back to", "cairn pipeline list");
  }
  return Rollback(workspace, *git, options, *version.commit, context).run();
}

Result<bool> was_rollback_last(const project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(auto journal, os::find_stat(workspace.paths().undo()));
  CAIRN_TRY_ASSIGN(auto note, load_note(workspace));
  return note && note->finished && !journal;
}

Result<RollbackReport> undo_rollback(project::Workspace& workspace, bool dry_run, const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto note, load_note(workspace));
  CAIRN_CHECK(note.has_value());
  CAIRN_TRY(check_head(*git, note->after));
  CAIRN_TRY_ASSIGN(RollbackPlan plan, plan_rollback(workspace, note->before));
  CAIRN_TRY_ASSIGN(auto branch, git->current_branch());
  RollbackReport report{std::move(plan), std::move(branch), {}, {}, 0, {}};
  CAIRN_TRY_ASSIGN(report.missing, check_rollback(workspace, report.plan, true, context));
  if (dry_run) {
    return report;
  }
  CAIRN_TRY_ASSIGN(git::Commit taken_back, git->read_commit(note->after));
  const std::string message =
      "Revert \"" + subject_of(taken_back) + "\"\n\nThis reverts commit " + note->after.hex() + ".\n";
  CAIRN_TRY(perform(workspace, {report.plan.tree, report.plan.head, message},
                    std::string("cairn undo: ") + kRollbackCommand, true, report, context));
  forgive_missing(report, context.log);
  return report;
}

Result<bool> is_rollback_unfinished(const project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(auto note, load_note(workspace));
  return note && !note->finished;
}

Status finish_rollback(project::Workspace& workspace, const Context& context) {
  CAIRN_TRY_ASSIGN(auto note, load_note(workspace));
  if (!note || note->finished) {
    return {};
  }
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git->head());
  if (head != note->after) {
    return remove_note(workspace);
  }
  auto followed = follow(workspace, *note, context);
  if (!followed.ok()) {
    return followed.error()
        .with_context("a rollback was cut short, and cannot be finished")
        .with_hint(followed.error().code() == Code::conflict
                       ? "git stash keeps what was changed since, then cairn checkout"
                       : followed.error().hint());
  }
  for (const project::PathReport& path : *followed) {
    if (path.error) {
      context.log.warn(path.error->message());
    }
  }
  context.log.info("finished a rollback that was cut short (commit " + head->hex() + ")");
  return close(workspace, *note);
}

}  // namespace cairn::ops
