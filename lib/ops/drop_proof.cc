// SPDX-License-Identifier: Apache-2.0
#include "ops/drop_proof.h"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_set>

#include "base/escape.h"
#include "git/repository.h"
#include "ops/remote_session.h"
#include "ops/remote_way.h"
#include "project/apply_hints.h"
#include "remote/gc_needed.h"
#include "remote/layout.h"

namespace cairn::ops {
namespace {

using project::Tracked;

Error not_there(const Tracked& one, std::size_t others, const std::string& remote, const std::string& name) {
  const std::string more = others > 0 ? " (and " + std::to_string(others) + " more)" : "";
  return {Code::conflict, quoted(one.path) + more + " is not whole on " + remote + ", so nothing is dropped",
          project::command_hint("cairn push -r " + escaped(name), one.path)};
}

/// Each for itself, since one of them is known to be not whole there.
Error name_missing(RemoteSession& session, std::span<const Tracked> paths, const std::string& name,
                   const Context& context) {
  const Tracked* first = nullptr;
  std::size_t count = 0;
  for (const Tracked& one : paths) {
    const auto found = remote::compare_closures(session.entries(), std::span(&one.object, 1), context);
    if (!found.ok()) {
      return found.error();
    }
    if (!found->only_here.empty() || !found->nowhere.empty()) {
      first = first == nullptr ? &one : first;
      ++count;
    }
  }
  return not_there(first == nullptr ? paths.front() : *first, count - 1, session.remote().describe(), name);
}

Status check_whole(RemoteSession& session, std::span<const Tracked> paths, const std::string& name,
                   const Context& context) {
  std::vector<store::Object> objects;
  for (const Tracked& one : paths) {
    objects.push_back(one.object);
  }
  CAIRN_TRY_ASSIGN(const remote::Difference difference,
                   remote::compare_closures(session.entries(), objects, context));
  const bool whole = difference.only_here.empty() && difference.nowhere.empty();
  return whole ? Status() : Status(name_missing(session, paths, name, context));
}

/// Paths that no commit names which was pushed there.
class Unnamed {
 public:
  Unnamed(project::Workspace& workspace, const RemoteSession& session, std::span<const Tracked> paths,
          const Context& context)
      : workspace_(workspace), session_(session), context_(context) {
    for (const Tracked& one : paths) {
      left_.push_back(&one);
    }
  }

  Status check() {
    const std::string prefix = remote::roots_prefix(workspace_.config().get_or("core.project", ""));
    CAIRN_TRY_ASSIGN(auto roots, session_.remote().transport().list(prefix));
    CAIRN_TRY_ASSIGN(const std::string head, name_of_head(prefix));
    const auto others = std::ranges::stable_partition(
        roots, [&head](const transport::ObjectInfo& root) { return root.name == head; });
    CAIRN_TRY(take_out({roots.begin(), others.begin()}));
    CAIRN_TRY(take_out({others.begin(), others.end()}));
    return left_.empty() ? Status() : Status(no_commit());
  }

 private:
  /// "" where there is no commit.
  Result<std::string> name_of_head(const std::string& prefix) {
    if (!workspace_.git_layout()) {
      return std::string();
    }
    CAIRN_TRY_ASSIGN(git::Repository* const git, workspace_.git());
    const auto head = git->resolve("HEAD");
    return head.ok() ? prefix + head->hex() : std::string();
  }

  Status take_out(std::span<const transport::ObjectInfo> roots) {
    if (left_.empty() || roots.empty()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const auto named, remote::read_roots(session_.remote().transport(), roots, context_));
    std::unordered_set<store::Id, codec::IdHash> ids;
    for (const remote::NeededObject& needed : named) {
      ids.insert(needed.object.id);
    }
    std::erase_if(left_, [&ids](const Tracked* one) { return ids.contains(one->object.id); });
    return {};
  }

  [[nodiscard]] Error no_commit() const {
    const std::string more = left_.size() > 1 ? " (and " + std::to_string(left_.size() - 1) + " more)" : "";
    return {Code::conflict,
            quoted(left_.front()->path) + more + " is on " + session_.remote().describe() +
                ", but in no commit that was pushed there, so 'cairn remote gc' may remove it",
            "git commit, then cairn push"};
  }

  project::Workspace& workspace_;
  const RemoteSession& session_;
  const Context& context_;
  std::vector<const Tracked*> left_;
};

Result<std::unique_ptr<RemoteSession>> ask(RemoteWay way, store::Store& store, std::span<const Tracked> paths,
                                           const Context& context) {
  const std::string name = way.name;
  if (!way.transport->capabilities().list) {
    return Error(Code::unsupported,
                 way.transport->describe() + " cannot be listed, so nothing there is known to be whole",
                 "cairn drop -r NAME, of a remote that can");
  }
  CAIRN_TRY_ASSIGN(const bool used, remote::is_used(*way.transport, name, store.paths()));
  if (!used) {
    return not_there(paths.front(), paths.size() - 1, "remote " + quoted(name), name);
  }
  CAIRN_TRY_ASSIGN(remote::Remote remote, remote::Remote::open(std::move(way.transport), name, store.paths(),
                                                               remote::Purpose::read, context.log));
  CAIRN_TRY_ASSIGN(auto session, RemoteSession::open(std::move(remote), store, context));
  CAIRN_TRY(check_whole(*session, paths, name, context));
  return session;
}

}  // namespace

Result<DropProof> DropProof::find(project::Workspace& workspace, const std::vector<Tracked>& tracked,
                                  const std::string& name, const Context& context) {
  std::map<std::string, std::vector<Tracked>> by_remote;
  for (const Tracked& one : tracked) {
    if (!one.push) {
      return Error(Code::conflict,
                   quoted(one.path) + " is never pushed ('push: false'), so this is the only copy");
    }
    by_remote[one.remote.empty() ? name : one.remote].push_back(one);
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  DropProof proof;
  for (const auto& [wanted, paths] : by_remote) {
    CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, wanted, context));
    CAIRN_TRY_ASSIGN(auto session, ask(std::move(way), *store, paths, context));
    CAIRN_TRY(Unnamed(workspace, *session, paths, context).check());
    proof.indexes_.push_back(std::move(*session).take_index());
  }
  return proof;
}

bool DropProof::has(const store::Key& key) const {
  return std::ranges::any_of(indexes_, [&key](const auto& index) { return index.contains(key); });
}

}  // namespace cairn::ops
