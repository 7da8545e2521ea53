// SPDX-License-Identifier: Apache-2.0
#include "git/program.h"

#include "base/escape.h"
#include "os/process.h"

namespace cairn::git {

Result<std::string> run_git(const Layout& layout, const std::vector<std::string>& arguments) {
  os::ProcessOptions options;
  options.argv = {"git"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.folder = layout.bare ? layout.git_dir : layout.work_tree;
  options.env["GIT_DIR"] = layout.git_dir;
  options.env["GIT_COMMON_DIR"] = layout.common_dir;
  options.env["GIT_WORK_TREE"] = layout.bare ? std::nullopt : std::optional(layout.work_tree);
  CAIRN_TRY_ASSIGN(os::Captured done, os::capture(options));
  if (!done.exit.ok()) {
    std::string said = done.err.substr(0, done.err.find('\n'));
    return Error(Code::io, "'git " + escaped(arguments.front()) + "' failed in " + quoted(options.folder) +
                               ": " + escaped(said));
  }
  return std::move(done.out);
}

}  // namespace cairn::git
