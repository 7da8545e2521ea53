// SPDX-License-Identifier: Apache-2.0
#include "git/graft.h"

#include "base/escape.h"
#include "git/other_index.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

/// `git` with an index of its own, which starts empty.
class Scratch {
 public:
  static Result<Scratch> make(const Layout& layout) {
    CAIRN_TRY_ASSIGN(os::TempFolder folder, os::TempFolder::make(layout.git_dir, "cairn-graft-"));
    return Scratch(layout, std::move(folder));
  }

  Result<std::string> run(std::vector<std::string> arguments) {
    // Objects that a ref will lead to are durable before it is.
    arguments.insert(arguments.begin(), {"-c", "core.fsync=objects"});
    return run_git_on_index(layout_, folder_.path() + "/index", arguments);
  }

 private:
  Scratch(const Layout& layout, os::TempFolder folder) : layout_(layout), folder_(std::move(folder)) {}
  const Layout& layout_;
  os::TempFolder folder_;
};

std::string octal(unsigned mode) {
  std::string digits;
  for (; mode != 0; mode /= 8) {
    digits.insert(digits.begin(), static_cast<char>('0' + mode % 8));
  }
  return digits;
}

}  // namespace

Result<Oid> graft_tree(Repository& repository, const Oid& onto, const Oid& from, const std::string& folder,
                       const std::string& kept) {
  CAIRN_TRY_ASSIGN(Scratch scratch, Scratch::make(repository.layout()));
  if (folder.empty()) {
    CAIRN_TRY(scratch.run({"read-tree", from.hex()}));
  } else {
    CAIRN_TRY(scratch.run({"read-tree", onto.hex()}));
    CAIRN_TRY(
        scratch.run({"--literal-pathspecs", "rm", "-r", "-q", "--cached", "--ignore-unmatch", "--", folder}));
    if (!scratch.run({"read-tree", "--prefix=" + folder + "/", from.hex() + ":" + folder}).ok()) {
      return Error(Code::not_found, "there is no folder " + quoted(folder) + " in commit " + from.hex());
    }
  }
  const std::string path = os::join(folder, kept);
  CAIRN_TRY_ASSIGN(std::optional<TreeFile> file, repository.find_blob(onto, path));
  if (file) {
    CAIRN_TRY(
        scratch.run({"update-index", "--add", "--cacheinfo", octal(file->mode), file->blob.hex(), path}));
  }
  CAIRN_TRY_ASSIGN(std::string out, scratch.run({"write-tree"}));
  auto tree = Oid::parse(std::string_view(out).substr(0, out.find('\n')));
  return tree ? Result<Oid>(*tree) : Error(Code::io, "'git write-tree' named no object");
}

}  // namespace cairn::git
