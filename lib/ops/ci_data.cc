// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_data.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/remote_way.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "remote/layout.h"
#include "remote/walk.h"
#include "version/version_walk.h"

namespace cairn::ops {
namespace {

using project::Tracked;
using report::Check;
using report::CheckState;

std::string counted(std::size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

report::CheckProblem problem_of(const Tracked& one, const std::string& remote) {
  const Error lost(Code::not_found, quoted(one.path) + " is not on remote " + quoted(remote),
                   "cairn push " + escaped(one.path) + ", where its data is");
  return {CheckState::failed, one.declared_in, 1, lost};
}

report::CheckProblem no_remote(const Tracked& one) {
  const Error nowhere(Code::not_found, quoted(one.path) + " is on no remote: no default remote is set",
                      "cairn remote add NAME URL, and cairn push");
  return {CheckState::failed, one.declared_in, 1, nowhere};
}

}  // namespace

CiData::CiData(project::Workspace& workspace, const Context& context)
    : workspace_(workspace), context_(context) {}
CiData::~CiData() = default;

Result<RemoteSession*> CiData::session(const std::string& remote) {
  std::unique_ptr<RemoteSession>& session = sessions_[remote];
  if (!session) {
    CAIRN_TRY_ASSIGN(remote::Remote opened, open_metered_remote(workspace_, remote, context_, bytes_read_));
    CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
    CAIRN_TRY_ASSIGN(session, RemoteSession::open(std::move(opened), *store, context_));
  }
  return session.get();
}

std::string CiData::remote_of(const Tracked& one) {
  return one.remote == workspace_.config().get_or("core.remote", "") ? "" : one.remote;
}

std::string CiData::shown(const std::string& remote) {
  return remote.empty() ? workspace_.config().get_or("core.remote", "") : remote;
}

Status CiData::find_missing(RemoteSession& session, std::span<const Tracked> tracked,
                            std::vector<Tracked>& missing) {
  std::vector<store::Object> objects;
  for (const Tracked& one : tracked) {
    objects.push_back(one.object);
  }
  const remote::TreeVisitor keep = [this](const store::Id& id, const store::Tree& tree) {
    trees_[id] = tree;
  };
  CAIRN_TRY_ASSIGN(const remote::Difference difference, session.compare(objects, keep));
  if (difference.only_here.empty() && difference.nowhere.empty()) {
    return {};
  }
  if (tracked.size() == 1) {
    missing.push_back(tracked.front());
    return {};
  }
  const std::size_t half = tracked.size() / 2;
  CAIRN_TRY(find_missing(session, tracked.first(half), missing));
  return find_missing(session, tracked.subspan(half), missing);
}

Result<CiData::Missing> CiData::find_missing(const std::vector<Tracked>& tracked) {
  std::map<std::string, std::vector<Tracked>> by_remote;
  for (const Tracked& one : tracked) {
    const std::string remote = remote_of(one);
    if (one.push && !complete_.contains({remote, one.object.id})) {
      by_remote[remote].push_back(one);
    }
  }
  Missing missing;
  for (auto& [remote, wanted] : by_remote) {
    if (shown(remote).empty()) {
      missing[remote] = std::move(wanted);
      continue;
    }
    CAIRN_TRY_ASSIGN(RemoteSession * session, this->session(remote));
    std::vector<Tracked> lacking;
    CAIRN_TRY(find_missing(*session, wanted, lacking));
    if (!lacking.empty()) {
      missing[remote] = std::move(lacking);
      continue;
    }
    for (const Tracked& one : wanted) {
      complete_.emplace(remote, one.object.id);
    }
  }
  return missing;
}

Result<Check> CiData::check_commit(const git::Oid& commit) {
  Check check{"data", "", {}};
  CAIRN_TRY_ASSIGN(const std::vector<Tracked> tracked,
                   project::find_tracked_at(workspace_, commit, pipeline::read_lock_outputs));
  for (const Tracked& one : tracked) {
    data_bytes_ += one.object.size;
  }
  CAIRN_TRY_ASSIGN(const Missing missing, find_missing(tracked));
  for (const auto& [remote, lacking] : missing) {
    const std::string name = shown(remote);
    if (name.empty()) {
      check.problems.push_back(no_remote(lacking.front()));
      continue;
    }
    for (const Tracked& one : lacking) {
      check.problems.push_back(problem_of(one, name));
    }
  }
  check.about = counted(tracked.size(), "tracked path");
  return check;
}

Status CiData::resolve_versions(Check& check) {
  const auto fail = [&check](const Error& error) {
    check.problems.push_back({CheckState::failed, "", 0, error});
  };
  return version::each_version(workspace_, [&](Result<version::Version> version) -> Status {
    CAIRN_TRY(context_.check_stop());
    if (!version.ok()) {
      fail(version.error());
    } else if (const Status locks = version::check_locks(workspace_, *version); !locks.ok()) {
      fail(locks.error());
    } else {
      versions_.push_back({version->name, version->commit, version->time});
    }
    return {};
  });
}

/// Commits of this project that the default remote holds all data of.
Result<std::set<std::string>> CiData::recorded_commits() {
  std::set<std::string> commits;
  if (workspace_.config().remotes().size() != 1 || shown("").empty()) {
    return commits;
  }
  CAIRN_TRY_ASSIGN(RemoteSession * session, this->session(""));
  if (session->index().lacks_packs()) {
    return commits;
  }
  const std::string project = workspace_.config().get_or("core.project", "");
  CAIRN_TRY_ASSIGN(const auto listed, session->remote().transport().list(remote::roots_prefix(project)));
  for (const transport::ObjectInfo& object : listed) {
    commits.emplace(os::name_of(object.name));
  }
  return commits;
}

Status CiData::check_version(const ResolvedVersion& version, Check& check) {
  CAIRN_TRY_ASSIGN(const std::vector<Tracked> tracked,
                   project::find_tracked_at(workspace_, version.commit, pipeline::read_lock_outputs));
  CAIRN_TRY_ASSIGN(const Missing missing, find_missing(tracked));
  for (const auto& [remote, lacking] : missing) {
    const std::string name = shown(remote);
    const std::string more =
        lacking.size() == 1 ? "" : " and " + std::to_string(lacking.size() - 1) + " more";
    const Error lost(Code::not_found,
                     "version " + quoted(version.name) + ": " + quoted(lacking.front().path) + more +
                         (name.empty() ? " on no remote" : " not on remote " + quoted(name)),
                     "cairn push --rev " + escaped(version.name) + ", where its data is");
    check.problems.push_back({CheckState::failed, "", 0, lost});
  }
  return {};
}

Result<Check> CiData::check_versions() {
  Check check{"versions", "", {}};
  CAIRN_TRY(resolve_versions(check));
  check.about = counted(versions_.size() + check.problems.size(), "saved version");
  std::ranges::stable_sort(versions_, {}, &ResolvedVersion::time);
  if (versions_.empty()) {
    return check;
  }
  CAIRN_TRY_ASSIGN(const std::set<std::string> recorded, recorded_commits());
  std::set<git::Oid> looked_up;
  for (const ResolvedVersion& version : versions_) {
    CAIRN_TRY(context_.check_stop());
    if (!recorded.contains(version.commit.hex()) && looked_up.insert(version.commit).second) {
      CAIRN_TRY(check_version(version, check));
    }
  }
  return check;
}

}  // namespace cairn::ops
