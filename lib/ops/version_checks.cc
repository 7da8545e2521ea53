// SPDX-License-Identifier: Apache-2.0
#include "ops/version_checks.h"

#include <algorithm>
#include <sstream>

#include "base/escape.h"
#include "ops/remote_way.h"
#include "ops/targets.h"
#include "pipeline/lock_outputs.h"
#include "project/status.h"
#include "remote/layout.h"
#include "store/closure.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

using project::Tracked;

constexpr std::size_t kNamed = 3;  // of many alike, so many are named

/// "'a', 'b', 'c' and 2 more".
std::string named(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text += (i > 0 ? ", " : "") + quoted(names[i]);
  }
  return names.size() > kNamed ? text + " and " + std::to_string(names.size() - kNamed) + " more" : text;
}

class Obstacles {
 public:
  Obstacles(project::Workspace& workspace, const Context& context)
      : workspace_(workspace), context_(context) {}

  Status check(const StatesReport& states, RemoteCheck remotes) {
    CAIRN_TRY_ASSIGN(tracked_, project::find_tracked(workspace_, pipeline::read_lock_outputs));
    CAIRN_TRY(check_commit());
    CAIRN_TRY(check_stages(states));
    CAIRN_TRY(check_data());
    CAIRN_TRY(check_store());
    if (remotes == RemoteCheck::yes && !workspace_.config().get_or("core.remote", "").empty()) {
      CAIRN_TRY(check_remotes());
    }
    return {};
  }
  std::vector<Error> take() { return std::move(list_); }

 private:
  void add(Code code, std::string message, std::string hint) {
    list_.emplace_back(code, std::move(message), std::move(hint));
  }

  Status check_commit() {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(auto changes, git->uncommitted());
    std::vector<std::string> paths;
    for (const git::WorkChange& change : changes) {
      paths.push_back(change.path);
    }
    if (!paths.empty()) {
      add(Code::conflict, "not committed: " + named(paths), "git commit -a");
    }
    return {};
  }

  Status check_stages(const StatesReport& states) {
    CAIRN_TRY_ASSIGN(Locks locks, Locks::load(workspace_, states.graph));
    for (const StageStatus& status : states.stages) {
      const pipeline::Stage& stage = states.graph.stage(status.report.stage);
      if (locks.find(stage) == nullptr) {
        add(Code::conflict, "stage " + quoted(stage.address()) + " was never run", "cairn repro");
      } else if (status.report.outcome == pipeline::Outcome::failed && !stage.frozen) {
        const auto& error = status.report.error;
        add(Code::conflict,
            "stage " + quoted(stage.address()) + " cannot be checked" +
                (error ? ": " + error->message() : std::string()),
            error && !error->hint().empty() ? error->hint() : "cairn status");
      } else if (!stage.frozen && std::ranges::any_of(status.report.changes, is_stale)) {
        add(Code::conflict, "stage " + quoted(stage.address()) + " is not up to date",
            "cairn repro, or see cairn why " + escaped(stage.address()));
      }
    }
    return {};
  }

  /// Stages that run always are as good as they can be; what comes before is told for itself; outs that are
  /// not here only have to be stored.
  static bool is_stale(const pipeline::Change& change) {
    return change.kind != pipeline::ChangeKind::always && change.kind != pipeline::ChangeKind::upstream &&
           change.kind != pipeline::ChangeKind::out_missing;
  }

  Status check_data() {
    std::vector<Tracked> pointers;
    std::ranges::copy_if(tracked_, std::back_inserter(pointers),
                         [](const Tracked& one) { return one.source == Tracked::Source::pointer; });
    CAIRN_TRY_ASSIGN(auto report, project::status(workspace_, pointers, context_));
    for (const project::StatusEntry& entry : report.entries) {
      const std::string& path = entry.tracked.path;
      if (entry.state == project::DataState::modified) {
        add(Code::conflict, quoted(path) + " was changed after it was added",
            "cairn add " + escaped(path) + ", or cairn checkout " + escaped(path));
      } else if (entry.state == project::DataState::behind) {
        add(Code::conflict, quoted(path) + " is not what its pointer names",
            "cairn checkout " + escaped(path));
      }
      std::ranges::copy(entry.errors, std::back_inserter(list_));
    }
    return {};
  }

  Status check_store() {
    CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
    std::vector<store::Object> objects;
    for (const Tracked& one : tracked_) {
      objects.push_back(one.object);
    }
    CAIRN_TRY_ASSIGN(auto all, store::collect_closure(*store, objects, context_));
    std::vector<std::string> missing;
    for (const Tracked& one : all.missing.empty() ? std::vector<Tracked>() : tracked_) {
      CAIRN_TRY_ASSIGN(auto own, store::collect_closure(*store, std::span(&one.object, 1), context_));
      if (!own.missing.empty()) {
        missing.push_back(one.path);
      }
    }
    if (!missing.empty()) {
      add(Code::not_found, "not in the store here: " + named(missing), "cairn fetch");
    }
    return {};
  }

  /// A commit's roots are on a remote when all that it needs is there.
  Status check_remotes() {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(auto head, git->head());
    TransferRequest request;
    request.revisions = {head->hex()};
    CAIRN_TRY_ASSIGN(TransferSet set, find_transfer_set(workspace_, pipeline::read_lock_outputs, request));
    for (const auto& [name, share] : set.remotes) {
      if (share.commits.empty()) {
        continue;
      }
      auto has = has_roots(name, head->hex());
      if (!has.ok()) {
        list_.push_back(has.error());
      } else if (!*has) {
        const std::string shown = name.empty() ? workspace_.config().get_or("core.remote", "") : name;
        add(Code::not_found, "the data of this commit is not on remote " + quoted(shown),
            "cairn push, or say --push");
      }
    }
    return {};
  }

  Result<bool> has_roots(const std::string& remote, const std::string& commit) {
    auto opened = open_remote(workspace_, remote, remote::Purpose::read, context_);
    if (!opened.ok()) {
      return opened.error().with_hint("cairn push, or say --push");
    }
    const std::string project = workspace_.config().get_or("core.project", "");
    CAIRN_TRY_ASSIGN(auto size, opened->transport().stat(remote::roots_name(project, commit)));
    return size.has_value();
  }

  project::Workspace& workspace_;
  const Context& context_;
  std::vector<Tracked> tracked_;
  std::vector<Error> list_;
};

/// "a, b" as its names.
std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    std::erase(word, ' ');
    names.push_back(std::move(word));
  }
  return names;
}

}  // namespace

Result<std::vector<Error>> find_obstacles(project::Workspace& workspace, const StatesReport& states,
                                          RemoteCheck remotes, const Context& context) {
  Obstacles obstacles(workspace, context);
  CAIRN_TRY(obstacles.check(states, remotes));
  return obstacles.take();
}

Result<std::vector<Error>> unverified_aliases(project::Workspace& workspace,
                                              const std::vector<std::string>& aliases, const git::Oid& commit,
                                              const std::string& next) {
  std::vector<Error> errors;
  const std::vector<std::string> guarded = names_in(workspace.config().get_or("versions.verified_tags", ""));
  for (const std::string& alias : aliases) {
    if (std::ranges::find(guarded, alias) == guarded.end()) {
      continue;
    }
    CAIRN_TRY_ASSIGN(auto verdict, version::newest_verdict(workspace, commit));
    if (!verdict || !verdict->good()) {
      const std::string why = verdict
                                  ? "the last verdict is: " + std::string(version::verdict_words(*verdict))
                                  : "there is no verdict";
      errors.emplace_back(
          Code::conflict,
          quoted(alias) + " is only for verified versions (versions.verified_tags), and " + why, next);
    }
  }
  return errors;
}

}  // namespace cairn::ops
