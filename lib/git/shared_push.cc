// SPDX-License-Identifier: Apache-2.0
#include "git/shared_push.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "git/program.h"

namespace cairn::git {
namespace {

/// What a remote has of one series or name.
struct There {
  std::vector<Oid> objects;
  std::uint64_t last = 0;
};

Result<std::map<std::string, There>> find_there(Repository& git, const std::string& remote, SharedKind kind) {
  const std::string prefix = "refs/cairn/remotes/" + remote + "/";
  CAIRN_TRY_ASSIGN(auto refs, git.refs(prefix));
  std::map<std::string, There> there;
  for (const Ref& ref : refs) {
    auto shared = to_shared_ref(ref, kind);
    if (shared && shared->remote == remote) {
      There& one = there[shared->name];
      one.objects.push_back(shared->target);
      one.last = std::max(one.last, shared->number);
    }
  }
  return there;
}

}  // namespace

Result<SharedPush> push_shared(Repository& git, const std::string& remote,
                               const std::vector<SharedRef>& refs) {
  CAIRN_TRY(fetch_shared(git.layout(), remote));
  std::map<SharedKind, std::map<std::string, There>> there;
  for (SharedKind kind : {SharedKind::version, SharedKind::alias, SharedKind::verdict}) {
    CAIRN_TRY_ASSIGN(there[kind], find_there(git, remote, kind));
  }
  SharedPush result;
  // Without --force-with-lease Git would let a tag of a later commit take the place of one that is there.
  std::vector<std::string> leases;
  std::vector<std::string> refspecs;
  for (const SharedRef& shared : refs) {
    There& known = there[shared.kind][shared.name];
    if (std::ranges::find(known.objects, shared.target) != known.objects.end()) {
      ++result.already_there;
      continue;
    }
    if (shared.kind == SharedKind::version && !known.objects.empty()) {
      return Error(Code::conflict, "remote " + quoted(remote) + " has another version " + quoted(shared.name),
                   "save yours under another name: versions are never changed");
    }
    known.objects.push_back(shared.target);
    known.last += shared.kind == SharedKind::version ? 0 : 1;
    const std::string ref = shared_ref(shared.kind, shared.name, known.last);
    leases.push_back("--force-with-lease=" + ref + ":");
    refspecs.push_back(shared.target.hex() + ":" + ref);
    result.sent.push_back(ref);
  }
  if (refspecs.empty()) {
    return result;
  }
  std::vector<std::string> arguments = {"push", "--quiet", "--atomic", "--no-verify"};
  arguments.insert(arguments.end(), leases.begin(), leases.end());
  arguments.insert(arguments.end(), {"--", remote});
  arguments.insert(arguments.end(), refspecs.begin(), refspecs.end());
  auto pushed = run_git_on_terminal(git.layout(), arguments);
  if (!pushed.ok()) {
    return Error(Code::remote, pushed.error().message(), "run the same command again");
  }
  CAIRN_TRY(fetch_shared(git.layout(), remote));
  return result;
}

}  // namespace cairn::git
