// SPDX-License-Identifier: Apache-2.0
#include "ops/get.h"

#include "base/escape.h"
#include "git/clone.h"
#include "git/program.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

bool is_relative_folder(std::string_view url) {
  return !url.starts_with('/') && url.find(':') == std::string_view::npos;
}

class Getter {
 public:
  Getter(const GetRequest& request, std::string folder, const Context& context)
      : request_(request), folder_(std::move(folder)), context_(context) {}

  Result<GetReport> run() {
    CAIRN_TRY_ASSIGN(const bool local, is_local());
    CAIRN_TRY(git::clone_repository(request_.url, clone_, request_.from, {.quiet = true, .partial = !local}));
    CAIRN_TRY_ASSIGN(const auto layout, git::find_layout(clone_));
    CAIRN_TRY(check_out(*layout));
    CAIRN_TRY_ASSIGN(git::Repository git, git::Repository::open(*layout));
    CAIRN_TRY_ASSIGN(const git::Oid commit, git.resolve("HEAD"));
    GetReport report{commit, {}};
    CAIRN_TRY_ASSIGN(report.fetched, bring_data());
    CAIRN_TRY(hand_over(commit));
    return report;
  }

 private:
  /// On this machine: Git links files of such a clone, and leaves nothing out.
  [[nodiscard]] Result<bool> is_local() const {
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(place()));
    return stat.has_value();
  }

  /// Of a repository on this machine.
  [[nodiscard]] std::string place() const {
    constexpr std::string_view kFile = "file://";
    const std::string path =
        request_.url.starts_with(kFile) ? request_.url.substr(kFile.size()) : request_.url;
    return path.starts_with('/') ? path : os::join(request_.from, path);
  }

  Status check_out(const git::Layout& layout) {
    if (request_.revision.empty() || go_to(layout, request_.revision)) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const auto version, find_version());
    if (version && go_to(layout, version->hex())) {
      return {};
    }
    return Error(Code::not_found,
                 quoted(request_.url) + " has no branch, tag, commit or version " + quoted(request_.revision),
                 "git ls-remote " + escaped(request_.url));
  }

  static bool go_to(const git::Layout& layout, const std::string& revision) {
    return !revision.starts_with('-') &&
           git::run_git(layout, {"-c", "core.hooksPath=/dev/null", "checkout", "--quiet", revision, "--"})
               .ok();
  }

  /// The commit of a saved version; nothing when there is none of that name.
  Result<std::optional<git::Oid>> find_version() {
    const auto workspace = open_project();
    if (!workspace.ok()) {
      return std::optional<git::Oid>();
    }
    auto found = version::find_version(**workspace, request_.revision);
    const bool none = !found.ok() && (found.error().code() == Code::not_found ||
                                      found.error().code() == Code::usage);  // what cannot be a name
    if (none) {
      return std::optional<git::Oid>();
    }
    return found.ok() ? Result(std::optional(found->commit)) : found.error();
  }

  /// That the path is in; folders of tracked data are not there yet.
  Result<std::unique_ptr<project::Workspace>> open_project() {
    std::string folder = request_.path;
    bool found = false;
    while (!found && !folder.empty()) {
      folder = os::parent_of(folder);
      CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(os::join(clone_, folder)));
      found = stat.has_value();
    }
    return project::Workspace::open(os::join(clone_, folder));
  }

  /// Pulls what is tracked at, in or around the path, if anything is.
  Result<remote::FetchReport> bring_data() {
    auto opened = open_project();
    if (!opened.ok() && opened.error().code() == Code::no_repository) {
      return remote::FetchReport();  // Git alone keeps it
    }
    if (!opened.ok()) {
      return opened.error();
    }
    project::Workspace& workspace = **opened;
    CAIRN_TRY_ASSIGN(const std::string path, workspace.to_project_path(request_.path, clone_));
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace, pipeline::read_lock_outputs));
    if (!project::select_tracked(std::move(tracked), {path}).ok()) {
      return remote::FetchReport();
    }
    CAIRN_TRY(place_remotes(workspace));
    PullOptions options;
    options.targets = {path};
    CAIRN_TRY_ASSIGN(PullReport pulled, pull(workspace, pipeline::read_lock_outputs, options, context_));
    for (const project::PathReport& one : pulled.checkout.paths) {
      if (one.error) {
        return *one.error;
      }
    }
    return pulled.fetched;
  }

  /// A relative folder counts from the top of the repository that names it, not from our copy of that.
  Status place_remotes(project::Workspace& workspace) {
    const std::string there = place();
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(there));
    if (!stat) {
      return {};
    }
    for (const std::string& name : workspace.config().remotes()) {
      const std::string setting = "remote." + name + ".url";
      const std::string url = workspace.config().get_or(setting, "");
      if (is_relative_folder(url)) {
        const std::string root = os::join(there, workspace.git_prefix());
        CAIRN_TRY(workspace.config().set(project::ConfigLevel::local, setting,
                                         os::normalized(os::join(root, url))));
      }
    }
    return {};
  }

  Status hand_over(const git::Oid& commit) {
    const std::string found = os::join(clone_, request_.path);
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(found));
    if (!stat) {
      return Error(Code::not_found, quoted(request_.path) + " is not in " + quoted(request_.url) +
                                        " at commit " + commit.hex().substr(0, 12));
    }
    CAIRN_TRY_ASSIGN(const auto old, os::find_stat(request_.out));
    if (old) {
      CAIRN_TRY(os::rename_file(request_.out, os::join(folder_, "replaced")));
    }
    return os::rename_file(found, request_.out);
  }

  const GetRequest& request_;
  std::string folder_;
  std::string clone_ = os::join(folder_, "clone");
  const Context& context_;
};

}  // namespace

Result<GetReport> get(const GetRequest& request, const Context& context) {
  if (const Status checked = os::check_relative(request.path); !checked.ok()) {
    return Error(Code::usage, checked.error().message(), "a path counts from the top of the repository");
  }
  CAIRN_TRY_ASSIGN(const auto there, os::find_stat(request.out));
  if (there && !request.force) {
    return Error(Code::exists, quoted(request.out) + " is there already",
                 "give another name with -o, or --force");
  }
  CAIRN_TRY_ASSIGN(const os::TempFolder folder,
                   os::TempFolder::make(std::string(os::parent_of(request.out)), ".cairn-get-"));
  return Getter(request, folder.path(), context).run();
}

}  // namespace cairn::ops
