// SPDX-License-Identifier: Apache-2.0
#include "ops/version_save.h"

#include <algorithm>

#include "base/escape.h"
#include "git/remotes.h"
#include "ops/push.h"
#include "ops/version_checks.h"
#include "ops/version_manifest.h"
#include "ops/version_number.h"
#include "ops/version_push.h"
#include "pipeline/lock_outputs.h"

namespace cairn::ops {
namespace {

/// A name for the state of `head`, and why.
struct ChosenName {
  std::string name;
  std::string reason;
};

std::string first_of(const std::vector<std::string>& paths) {
  std::string text = quoted(paths.front());
  return paths.size() == 1 ? text : text + " and " + std::to_string(paths.size() - 1) + " more";
}

/// Paths below the project that differ, from its root.
Result<std::vector<std::string>> changed_files(project::Workspace& workspace, const git::Oid& from,
                                               const git::Oid& to) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(auto all, git->changed_paths(from, to, {}));
  const std::string prefix = workspace.git_prefix().empty() ? "" : workspace.git_prefix() + "/";
  std::vector<std::string> inside;
  for (const std::string& path : all) {
    if (path.starts_with(prefix)) {
      inside.push_back(path.substr(prefix.size()));
    }
  }
  return inside;
}

/// Files that Git has and that are no code: params, metrics, other outs of stages.
std::set<std::string> data_files(const pipeline::Graph& graph,
                                 std::initializer_list<const version::Manifest*> manifests) {
  std::set<std::string> files;
  for (const version::Manifest* manifest : manifests) {
    for (const auto* values : {&manifest->params, &manifest->metrics}) {
      for (const auto& [file, unused] : *values) {
        files.insert(file);
      }
    }
  }
  for (std::size_t i = 0; i < graph.size(); ++i) {
    for (const pipeline::Out& out : graph.stage(i).outs) {
      files.insert(out.path);
    }
  }
  return files;
}

Result<ChosenName> next_name(project::Workspace& workspace, const pipeline::Graph& graph,
                             const version::Manifest& manifest) {
  CAIRN_TRY_ASSIGN(auto known, version::list_versions(workspace));
  const version::Version* base = nullptr;
  VersionNumber highest;
  for (const version::Version& one : known.versions) {
    auto number = VersionNumber::parse(one.name);
    if (number && (base == nullptr || *number > highest)) {
      highest = *number;
      base = &one;
    }
  }
  if (base == nullptr) {
    return ChosenName{VersionNumber{1, 0, 0}.text(), "it is the first version"};
  }
  const git::Oid head = *git::Oid::parse(manifest.commit);
  CAIRN_TRY_ASSIGN(auto changed, changed_files(workspace, base->commit, head));
  const VersionReason reason = judge_changes(changed, data_files(graph, {&base->manifest, &manifest}));
  if (reason.step == VersionStep::none) {
    return Error(Code::exists, "nothing changed since version " + quoted(base->name),
                 "cairn pipeline show " + base->name);
  }
  const bool minor = reason.step == VersionStep::minor;
  return ChosenName{next_number(highest, reason.step).text(),
                    std::string(minor ? "code or pipeline" : "only data, params or results") +
                        " changed since " + base->name + ": " + first_of(reason.paths)};
}

class Saver {
 public:
  Saver(project::Workspace& workspace, const SaveOptions& options, Context& context)
      : workspace_(workspace), options_(options), context_(context) {}

  Result<SaveReport> save() {
    CAIRN_TRY(begin());
    CAIRN_TRY_ASSIGN(StatesReport states, stage_states(workspace_, {}, "", context_));
    CAIRN_TRY_ASSIGN(
        report_.problems,
        find_obstacles(workspace_, states, options_.push ? RemoteCheck::no : RemoteCheck::yes, context_));
    CAIRN_TRY(check_names());
    CAIRN_TRY(check_aliases());
    if (!report_.problems.empty()) {
      return std::move(report_);
    }
    CAIRN_TRY_ASSIGN(version::Manifest manifest, make_manifest(workspace_, states.graph));
    if (manifest.stages.empty() && manifest.data.empty()) {
      return Error(Code::conflict, "there is nothing to save: no stages and no data",
                   "cairn stage add, or cairn add");
    }
    CAIRN_TRY(choose_name(states.graph, manifest));
    if (!options_.dry_run) {
      CAIRN_TRY(write(manifest));
    }
    return std::move(report_);
  }

 private:
  Status begin() {
    if (options_.name.empty() != options_.auto_version) {
      return Error(Code::usage, "give the version a name, or say --auto-version",
                   "cairn pipeline save --auto-version");
    }
    for (const std::string& alias : options_.aliases) {
      CAIRN_TRY(version::check_alias_name(alias));
    }
    if (!options_.name.empty()) {
      CAIRN_TRY(version::check_version_name(options_.name));
    }
    CAIRN_TRY_ASSIGN(git_, workspace_.git());
    if (git_->layout().bare) {
      return Error(Code::unsupported, "a bare repository has no state to save",
                   "git clone it, and save there");
    }
    CAIRN_TRY_ASSIGN(auto head, git_->head());
    if (!head) {
      return Error(Code::conflict, "there is no commit yet", "git add -A && git commit");
    }
    head_ = *head;
    CAIRN_TRY_ASSIGN(report_.remote, git::default_remote(*git_));
    return {};
  }

  Status check_names() {
    const std::string& name = options_.name;
    if (name.empty()) {
      return {};
    }
    CAIRN_TRY_ASSIGN(auto taken, version::find_local_version(workspace_, name));
    if (taken) {
      report_.problems.emplace_back(Code::exists, "there is a version or an alias " + quoted(name),
                                    "choose another name: versions are never changed");
    }
    return check_git_tag(name);
  }

  Status check_git_tag(const std::string& name) {
    if (!options_.git_tag) {
      return {};
    }
    CAIRN_TRY_ASSIGN(auto tags, git_->tags());
    if (std::ranges::find(tags, "refs/tags/" + name, &git::Ref::name) != tags.end()) {
      report_.problems.emplace_back(Code::exists, "there is a tag " + quoted(name) + " of Git",
                                    "choose another name, or leave --git-tag away");
    }
    return {};
  }

  Status check_aliases() {
    CAIRN_TRY_ASSIGN(auto problems,
                     unverified_aliases(workspace_, options_.aliases, *head_, "cairn pipeline verify"));
    std::ranges::copy(problems, std::back_inserter(report_.problems));
    if (options_.push && !report_.remote) {
      report_.problems.emplace_back(Code::not_found, "Git knows no remote to push to",
                                    "git remote add origin URL");
    }
    return {};
  }

  Status choose_name(const pipeline::Graph& graph, version::Manifest& manifest) {
    report_.name = options_.name;
    if (options_.auto_version) {
      CAIRN_TRY_ASSIGN(ChosenName chosen, next_name(workspace_, graph, manifest));
      report_.name = chosen.name;
      report_.reason = chosen.reason;
      CAIRN_TRY(check_git_tag(report_.name));
      if (!report_.problems.empty()) {
        return report_.problems.front();
      }
      context_.log.info("saving " + report_.name + ": " + report_.reason);
    }
    manifest.name = report_.name;
    manifest.message = options_.message;
    return {};
  }

  Status write(const version::Manifest& manifest) {
    if (options_.push && !workspace_.config().get_or("core.remote", "").empty()) {
      TransferRequest request;
      request.revisions = {head_->hex()};
      CAIRN_TRY(push(workspace_, pipeline::read_lock_outputs, request, context_));
    }
    if (options_.git_tag) {
      const std::string& words = manifest.message.empty() ? manifest.name : manifest.message;
      CAIRN_TRY_ASSIGN(git::Oid tag, git_->write_tag({*head_, manifest.name, words + "\n"}));
      CAIRN_TRY(git_->create_ref("refs/tags/" + manifest.name, tag));
    }
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(report_.version, version::write_version(workspace_, manifest));
    for (const std::string& alias : options_.aliases) {
      note(version::set_alias(workspace_, alias, *report_.version),
           "cairn pipeline tag " + report_.name + " " + alias);
    }
    if (options_.push) {
      VersionPushOptions push_options{{report_.name}, false};
      auto pushed = push_versions(workspace_, push_options, context_);
      report_.pushed = pushed.ok();
      note(pushed.ok() ? Status() : Status(pushed.error()), "cairn pipeline push " + report_.name);
    }
    return {};
  }

  /// What fails once the version is there.
  void note(const Status& status, const std::string& next) {
    if (!status.ok()) {
      Status failed = status;
      report_.errors.push_back(failed.error().with_hint(next));
    }
  }

  project::Workspace& workspace_;
  const SaveOptions& options_;
  Context& context_;
  git::Repository* git_ = nullptr;
  std::optional<git::Oid> head_;
  SaveReport report_;
};

}  // namespace

Result<SaveReport> save_version(project::Workspace& workspace, const SaveOptions& options, Context& context) {
  return Saver(workspace, options, context).save();
}

}  // namespace cairn::ops
