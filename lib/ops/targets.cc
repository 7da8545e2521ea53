// SPDX-License-Identifier: Apache-2.0
#include "ops/targets.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/escape.h"
#include "ops/conflicts.h"
#include "ops/folder_part.h"
#include "ops/lock_environments.h"
#include "ops/revisions.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using project::Tracked;

/// Digits of a commit shown in messages.
constexpr std::size_t kShortCommit = 9;

class Collector {
 public:
  Collector(project::Workspace& workspace, project::LockReader read_lock, const TransferRequest& request)
      : workspace_(workspace), read_lock_(read_lock), request_(request) {}

  Result<TransferSet> collect() {
    if (request_.names_commits()) {
      CAIRN_TRY(add_commits());
    } else {
      CAIRN_TRY(add_workspace());
    }
    CAIRN_TRY(check_remotes());
    return std::move(set_);
  }

 private:
  /// The name in the set; the default remote has one place, however it is named.
  [[nodiscard]] std::string remote_of(const Tracked& one) {
    const std::string chosen =
        request_.remote.empty() ? workspace_.config().get_or("core.remote", "") : request_.remote;
    return one.remote == chosen ? "" : one.remote;
  }

  RemoteShare& share_of(const Tracked& one) {
    const auto added = set_.remotes.try_emplace(remote_of(one));
    if (added.second) {
      added.first->second.first = one;
    }
    return added.first->second;
  }

  void add(const std::vector<Tracked>& tracked, const std::string& where) {
    for (const Tracked& one : tracked) {
      if (one.push && seen_.emplace(remote_of(one), one.object.family, one.object.id).second) {
        share_of(one).roots.push_back({one.object, one.path + where});
      }
    }
  }

  /// Every remote learns what the commit needs of it; the default one also of commits that need nothing.
  Status record(const git::Oid& commit, const std::vector<Tracked>& tracked) {
    CAIRN_TRY_ASSIGN(const store::Store* store, workspace_.store());
    CAIRN_TRY_ASSIGN(const std::vector<remote::Root> environments, find_environments(workspace_, {commit}));
    add_environments(environments);
    std::map<std::string, std::vector<store::Object>> objects;
    objects.try_emplace("");
    for (const remote::Root& one : environments) {
      if (store->has(one.object)) {
        objects[""].push_back(one.object);
      }
    }
    for (const Tracked& one : tracked) {
      if (one.push) {
        share_of(one);
        objects[remote_of(one)].push_back(one.object);
      }
    }
    const bool all_elsewhere = objects.size() > 1 && objects[""].empty();
    for (auto& [name, list] : objects) {
      if (!name.empty() || !all_elsewhere) {
        set_.remotes[name].commits.push_back({commit.hex(), std::move(list)});
      }
    }
    return {};
  }

  void add_environments(const std::vector<remote::Root>& environments) {
    for (const remote::Root& one : environments) {
      if (seen_.emplace("", one.object.family, one.object.id).second) {
        set_.environments.push_back(one);
      }
    }
  }

  Status check_remotes() {
    for (const auto& [name, share] : set_.remotes) {
      if (!name.empty() && !workspace_.config().find("remote." + name + ".url")) {
        const Tracked& one = share.first;
        const std::string of = one.stage.empty() ? "" : " of stage " + quoted(one.stage);
        return Error(Code::not_found,
                     escaped(one.declared_in) + ": " + quoted(one.path) + of + " belongs to remote " +
                         quoted(name) + ", which does not exist",
                     "cairn remote add " + escaped(name) + " URL");
      }
    }
    return {};
  }

  Status add_workspace() {
    CAIRN_TRY_ASSIGN(std::vector<Tracked> tracked, find_workspace_tracked());
    if (!request_.is_narrowed()) {
      CAIRN_TRY(record_head(tracked));
      CAIRN_TRY_ASSIGN(const std::vector<remote::Root> environments, find_environments(workspace_, {}));
      add_environments(environments);
    }
    CAIRN_TRY_ASSIGN(set_.tracked, project::select_tracked(std::move(tracked), request_.targets));
    keep_chosen(set_.tracked);
    if (request_.parts) {
      take_parts(set_.tracked);
    }
    add(set_.tracked, "");
    return check_stages();
  }

  /// Moves the folders of which only paths inside are asked for to the parts.
  void take_parts(std::vector<Tracked>& tracked) {
    const InnerTargets targets(request_.targets);
    std::erase_if(tracked, [&](const Tracked& one) {
      std::vector<std::string> inner = targets.of(one);
      const bool is_part = one.push && !inner.empty();
      if (is_part) {
        share_of(one);
        set_.parts.push_back({one, remote_of(one), std::move(inner)});
      }
      return is_part;
    });
  }

  /// Leaves out what other stages make and what is too large.
  void keep_chosen(std::vector<Tracked>& tracked) {
    std::erase_if(tracked, [&](const Tracked& one) {
      const bool is_made_here = std::ranges::find(request_.stages, one.stage) != request_.stages.end();
      if (is_made_here) {
        found_stages_.insert(one.stage);
      }
      return (!request_.stages.empty() && !is_made_here) ||
             one.object.size > request_.max_size.value_or(one.object.size);
    });
  }

  [[nodiscard]] Status check_stages() const {
    for (const std::string& stage : request_.stages) {
      if (!found_stages_.contains(stage)) {
        return Error(Code::not_found, "no data of a stage " + quoted(stage) + " is recorded",
                     "cairn stage list");
      }
    }
    return {};
  }

  Result<std::vector<Tracked>> find_workspace_tracked() {
    if (!request_.conflicts) {
      return project::find_tracked(workspace_, read_lock_);
    }
    CAIRN_TRY_ASSIGN(project::Declarations found,
                     project::find_declarations(workspace_, read_lock_, project::InConflict::listed));
    CAIRN_TRY_ASSIGN(const std::vector<Tracked> sides, tracked_in_conflict(workspace_, found.conflicts));
    found.tracked.insert(found.tracked.end(), sides.begin(), sides.end());
    return std::move(found.tracked);
  }

  Status record_head(const std::vector<Tracked>& tracked) {
    if (!workspace_.git_layout()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
    CAIRN_TRY_ASSIGN(auto head, repository->head());
    if (!head) {
      return {};
    }
    CAIRN_TRY_ASSIGN(std::vector<Tracked> committed, project::find_tracked_at(workspace_, *head, read_lock_));
    bool same = std::equal(tracked.begin(), tracked.end(), committed.begin(), committed.end(),
                           [](const Tracked& a, const Tracked& b) {
                             return a.path == b.path && a.object == b.object && a.executable == b.executable;
                           });
    if (same) {
      CAIRN_TRY(record(*head, committed));
    }
    return {};
  }

  Result<std::set<git::Oid>> named_commits() {
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace_.git());
    std::set<git::Oid> commits;
    std::vector<git::Ref> refs;
    if (request_.all_branches) {
      CAIRN_TRY_ASSIGN(refs, repository->branches());
    }
    if (request_.all_tags) {
      CAIRN_TRY_ASSIGN(auto tags, repository->tags());
      refs.insert(refs.end(), tags.begin(), tags.end());
    }
    for (const git::Ref& ref : refs) {
      commits.insert(ref.commit);
    }
    for (const std::string& revision : request_.revisions) {
      CAIRN_TRY_ASSIGN(git::Oid commit, find_commit(workspace_, revision));
      commits.insert(commit);
    }
    return commits;
  }

  /// A target need not be in every commit, but in one of them.
  Status add_commits() {
    CAIRN_TRY_ASSIGN(std::set<git::Oid> commits, named_commits());
    std::set<std::string> missed(request_.targets.begin(), request_.targets.end());
    for (const git::Oid& commit : commits) {
      CAIRN_TRY_ASSIGN(std::vector<Tracked> tracked,
                       project::find_tracked_at(workspace_, commit, read_lock_));
      std::string where = " (in " + commit.hex().substr(0, kShortCommit) + ")";
      if (!request_.is_narrowed()) {
        CAIRN_TRY(record(commit, tracked));
      }
      if (request_.targets.empty()) {
        keep_chosen(tracked);
        add(tracked, where);
        continue;
      }
      for (const std::string& target : request_.targets) {
        auto selected = project::select_tracked(tracked, {target});
        if (selected.ok()) {
          missed.erase(target);
          keep_chosen(*selected);
          add(*selected, where);
        } else if (selected.error().code() != Code::not_found) {
          return selected.error();
        }
      }
    }
    return missed.empty() ? check_stages()
                          : Error(Code::not_found,
                                  quoted(*missed.begin()) + " is tracked in none of the commits", "cairn ls");
  }

  project::Workspace& workspace_;
  project::LockReader read_lock_;
  const TransferRequest& request_;
  TransferSet set_;
  std::set<std::tuple<std::string, store::Family, store::Id>> seen_;
  std::set<std::string> found_stages_;
};

}  // namespace

Result<TransferSet> find_transfer_set(project::Workspace& workspace, project::LockReader read_lock,
                                      const TransferRequest& request) {
  return Collector(workspace, read_lock, request).collect();
}

}  // namespace cairn::ops
