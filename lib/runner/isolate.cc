// SPDX-License-Identifier: Apache-2.0
#include "runner/isolate.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "runner/copy_tree.h"

namespace cairn::runner {
namespace {

constexpr unsigned kExchange = 2;  // RENAME_EXCHANGE

/// The world of a box but for the project.
std::vector<std::string> box_base() {
  return {"bwrap", "--die-with-parent", "--ro-bind", "/", "/", "--dev-bind", "/dev",
          "/dev",  "--tmpfs",           "/tmp",      "--"};
}

/// Empty when bubblewrap works here, else why it does not.
std::string try_box() {
  os::ProcessOptions options;
  options.argv = box_base();
  options.argv.emplace_back("true");
  auto tried = os::capture(options);
  if (!tried.ok()) {
    return tried.error().code() == Code::not_found ? "bubblewrap (bwrap) is not installed"
                                                   : tried.error().message();
  }
  return tried->exit.ok()
             ? ""
             : "bwrap does not work here: " + escaped(tried->err.substr(0, tried->err.find('\n')));
}

/// Sorted, and without those inside another.
std::set<std::string> outermost(const std::vector<std::string>& paths) {
  std::set<std::string> all(paths.begin(), paths.end());
  std::set<std::string> out;
  for (const std::string& path : all) {
    bool inside = false;
    for (std::string_view above = os::parent_of(path); !above.empty() && !inside;
         above = os::parent_of(above)) {
      inside = out.count(std::string(above)) != 0;
    }
    if (!inside) {
      out.insert(path);
    }
  }
  return out;
}

/// Renames from one root into another, over what stands there, which then stands at the source or is gone;
/// missing parents are made. False where the roots are on two file systems.
Result<bool> move_across(const os::Root& from, const std::string& source, const os::Root& to,
                         const std::string& target) {
  CAIRN_TRY_ASSIGN(const os::Fd old_folder, from.open_folder(os::parent_of(source)));
  CAIRN_TRY_ASSIGN(const os::Fd new_folder, to.make_folder(os::parent_of(target)));
  const std::string old_name(os::name_of(source));
  const std::string new_name(os::name_of(target));
  // A plain rename replaces a file by a file; what else is in the way changes places.
  for (const unsigned flags : {0U, kExchange}) {
    if (::syscall(SYS_renameat2, old_folder.get(), old_name.c_str(), new_folder.get(), new_name.c_str(),
                  flags) == 0) {
      return true;
    }
    if (errno != ENOTEMPTY && errno != EEXIST && errno != EISDIR && errno != ENOTDIR) {
      break;
    }
  }
  if (errno == EXDEV) {
    return false;
  }
  return Error::from_errno(errno, "cannot rename " + quoted(from.shown(source)) + " to", to.shown(target));
}

}  // namespace

Result<Isolation> Isolation::prepare(const IsolateOptions& options, const std::atomic<bool>& stop) {
  static const std::string no_box = try_box();
  CAIRN_TRY_ASSIGN(os::Root project, os::Root::open(options.root));
  CAIRN_TRY_ASSIGN(os::TempFolder folder, os::TempFolder::make(options.parent, "isolated-"));
  CAIRN_TRY(os::make_folders(folder.path() + "/tree", os::Durable::no));
  CAIRN_TRY_ASSIGN(os::Root tree, os::Root::open(folder.path() + "/tree"));
  for (const std::string& input : outermost(options.inputs)) {
    CAIRN_TRY(copy_tree(project, input, tree, input, stop));
  }
  for (const std::string& made : options.folders) {
    CAIRN_TRY(tree.make_folder(made));
  }
  const bool boxed = options.boxing == Boxing::where_possible && no_box.empty();
  for (const std::string& shared : options.shared) {
    if (boxed) {
      CAIRN_TRY(tree.make_folder(shared));  // to mount it on
    } else {
      CAIRN_TRY(tree.make_folder(os::parent_of(shared)));
      CAIRN_TRY(tree.make_symlink(shared, project.shown(shared)));
    }
  }
  std::string reason = boxed ? "" : no_box.empty() ? "not asked for" : no_box;
  return Isolation(std::move(folder), std::move(project), std::move(tree), options.shared, std::move(reason));
}

std::vector<std::string> Isolation::box_words(const std::string& folder) const {
  std::vector<std::string> words = box_base();
  words.pop_back();
  const auto add = [&words](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  add({"--bind", tree_.path(), project_.path()});
  for (const std::string& shared : shared_) {
    add({"--ro-bind", project_.shown(shared), project_.shown(shared)});
  }
  add({"--chdir", folder, "--"});
  return words;
}

void Isolation::wrap(os::ProcessOptions& options) const {
  options.env["CAIRN_ROOT"] = seen_root();
  if (!boxed()) {
    const std::string inside = os::relative_to(options.folder, project_.path());
    options.folder = inside == "." ? tree_.path() : tree_.shown(inside);
    return;
  }
  options.env["TMPDIR"] = "/tmp";
  std::vector<std::string> words = box_words(options.folder);
  options.argv.insert(options.argv.begin(), words.begin(), words.end());
  options.folder = "/";
}

Status Isolation::bring_back_one(const std::string& out, const std::atomic<bool>& stop) const {
  CAIRN_TRY_ASSIGN(const auto made, tree_.find_stat(out));
  if (!made.has_value()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const bool moved, move_across(tree_, out, project_, out));
  if (moved) {
    return {};
  }
  const std::string beside = os::join(os::parent_of(out), ".cairn-isolated-" + os::random_name());
  Status status = copy_tree(tree_, out, project_, beside, stop);
  if (status.ok()) {
    auto placed = move_across(project_, beside, project_, out);
    status = placed.ok() ? Status() : Status(placed.error());
  }
  Status removed = project_.remove_tree(beside);  // half a copy, or what was replaced
  return status.ok() ? removed : status;
}

Status Isolation::bring_back(const std::vector<std::string>& outs, const std::atomic<bool>& stop) const {
  for (const std::string& out : outermost(outs)) {
    CAIRN_TRY(bring_back_one(out, stop));
  }
  return {};
}

}  // namespace cairn::runner
