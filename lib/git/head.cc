// SPDX-License-Identifier: Apache-2.0
#include "git/head.h"

#include <array>
#include <utility>

#include "git/program.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {

Result<std::string> unfinished_operation(const Layout& layout) {
  // A rebase may hold a merge or a cherry-pick; `git am` and the old rebase share a folder.
  constexpr std::array<std::pair<const char*, const char*>, 7> kSigns = {{{"rebase-merge", "rebase"},
                                                                          {"rebase-apply/applying", "am"},
                                                                          {"rebase-apply", "rebase"},
                                                                          {"MERGE_HEAD", "merge"},
                                                                          {"CHERRY_PICK_HEAD", "cherry-pick"},
                                                                          {"REVERT_HEAD", "revert"},
                                                                          {"BISECT_LOG", "bisect"}}};
  for (const auto& [file, operation] : kSigns) {
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(os::join(layout.git_dir, file)));
    if (stat) {
      return std::string(operation);
    }
  }
  return std::string();
}

Status move_head(Repository& repository, const Oid& from, const Oid& to, const std::string& reason) {
  auto moved = run_git(repository.layout(), {"-c", "core.fsync=committed", "update-ref", "-m", reason, "HEAD",
                                             to.hex(), from.hex()});
  if (moved.ok()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(std::optional<Oid> now, repository.head());
  if (now == to) {
    return {};
  }
  return now == from ? moved.error()
                     : Error(Code::conflict, "HEAD was moved by another program meanwhile",
                             "run the same command again");
}

}  // namespace cairn::git
