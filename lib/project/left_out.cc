// SPDX-License-Identifier: Apache-2.0
#include "project/left_out.h"

#include "base/escape.h"
#include "git/repository.h"
#include "os/path.h"
#include "project/project_paths.h"

namespace cairn::project {

Status check_left_out(const git::Layout& layout, const std::string& folder) {
  CAIRN_TRY_ASSIGN(git::Repository repository, git::Repository::open(layout));
  std::string inner = folder == layout.work_tree ? "" : os::relative_to(folder, layout.work_tree);
  while (true) {
    CAIRN_TRY_ASSIGN(const bool stands, is_project_root(os::join(layout.work_tree, inner)));
    if (stands) {
      return {};  // `folder` is inside a project
    }
    const std::string own = os::join(inner, ".cairn");
    CAIRN_TRY_ASSIGN(const bool tracked, repository.is_tracked(os::join(own, "config")));
    if (tracked) {
      CAIRN_TRY_ASSIGN(const auto sparse, repository.config("core.sparseCheckout"));
      const bool left_out = sparse.value_or("") == "true";
      return Error(Code::no_repository,
                   "the cairn project is not in the work tree: " + quoted(own) +
                       (left_out ? " is left out of the sparse checkout" : " was removed"),
                   (left_out ? "git sparse-checkout add " : "git checkout -- ") + escaped(own));
    }
    if (inner.empty()) {
      return {};
    }
    inner = os::parent_of(inner);
  }
}

}  // namespace cairn::project
