// SPDX-License-Identifier: Apache-2.0
#include "ops/version_diff.h"

#include <algorithm>

#include "git/shared_refs.h"
#include "ops/values.h"
#include "ops/version_diff_parts.h"
#include "os/path.h"
#include "project/commit_files.h"
#include "project/pointer.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

constexpr unsigned kSymlinkMode = 0120000;

using git::TreeChange;
using Paths = std::set<std::string>;

bool is_plain(const std::optional<git::TreeFile>& file) {
  return !file || file->mode != kSymlinkMode;
}

/// Paths of the files on one side that are the project's own: pointers, locks and pipelines.
Status add_own(project::Workspace& workspace, const git::Oid& commit, const std::vector<TreeChange>& changes,
               std::optional<git::TreeFile> TreeChange::*side, Paths& own) {
  static const git::NameFilter kFilter{std::string(project::kPointerSuffix), std::string(pipeline::kLockFile),
                                       std::string(pipeline::kPipelineFile)};
  std::vector<git::TreeFile> files;
  for (const TreeChange& change : changes) {
    if (change.*side && git::name_fits(change.path, kFilter) && is_plain(change.before) &&
        is_plain(change.after)) {
      files.push_back(*(change.*side));
    }
  }
  CAIRN_TRY_ASSIGN(files, project::keep_project_files(workspace, commit, std::move(files)));
  for (git::TreeFile& file : files) {
    own.insert(std::move(file.path));
  }
  return {};
}

/// The values of files that differ, in full: also of keys that no stage names.
Result<std::vector<report::DocumentDiff>> diff_values_of(ValueReader& reader, ValueKind kind,
                                                         const Paths& files, const ChosenRevision& before,
                                                         const ChosenRevision& after,
                                                         std::vector<Error>& errors) {
  if (files.empty()) {
    return std::vector<report::DocumentDiff>();
  }
  const ValueRequest request{kind, {files.begin(), files.end()}, false};
  CAIRN_TRY_ASSIGN(Values old_values, reader.read(before, request));
  CAIRN_TRY_ASSIGN(Values new_values, reader.read(after, request));
  errors.insert(errors.end(), old_values.errors.begin(), old_values.errors.end());
  errors.insert(errors.end(), new_values.errors.begin(), new_values.errors.end());
  return report::compare(old_values.documents, new_values.documents, report::Unchanged::hide);
}

/// One comparison, part by part.
class Differ {
 public:
  Differ(project::Workspace& workspace, git::Repository& git, DiffSide before, DiffSide after)
      : workspace_(workspace),
        git_(git),
        before_{before.name, before.commit},
        after_{after.name, after.commit},
        values_(workspace),
        diff_{.before = std::move(before), .after = std::move(after)} {}

  Result<VersionDiff> run() {
    CAIRN_TRY_ASSIGN(files_, find_changed_files(workspace_, diff_.before.commit, diff_.after.commit));
    CAIRN_TRY(diff_data());
    CAIRN_TRY_ASSIGN(const ValueReader::Look old_look, values_.look(before_));
    CAIRN_TRY_ASSIGN(const ValueReader::Look new_look, values_.look(after_));
    CAIRN_TRY(diff_definitions(*old_look.snapshot, *new_look.snapshot, diff_, told_));
    Declared declared = old_look.found.declared;
    declared.add(new_look.found.declared);
    CAIRN_TRY(diff_values(declared));
    CAIRN_TRY(describe_content(workspace_, diff_.data, diff_.errors));
    CAIRN_TRY(describe_content(workspace_, diff_.outs, diff_.errors));
    CAIRN_TRY_ASSIGN(diff_.code, diff_code(workspace_, diff_, untold_files()));
    return std::move(diff_);
  }

 private:
  Status diff_data() {
    CAIRN_TRY_ASSIGN(diff_.data, diff_pointers(git_, files_.pointers, same_data_, diff_.errors));
    CAIRN_TRY_ASSIGN(const std::vector<LockPair> locks, read_lock_pairs(git_, files_.locks, diff_.errors));
    diff_.outs = diff_outs(locks);
    CAIRN_TRY_ASSIGN(diff_.environment, diff_surroundings(workspace_, locks));
    note_paths();
    std::vector<DataChange> deps = diff_other_deps(locks, changed_);
    std::move(deps.begin(), deps.end(), std::back_inserter(diff_.data));
    std::ranges::sort(diff_.data, {}, &DataChange::path);
    return {};
  }

  void note_paths() {
    for (const TreeChange& file : files_.others) {
      changed_.insert(file.path);
    }
    for (const std::vector<DataChange>* changes : {&diff_.data, &diff_.outs}) {
      for (const DataChange& change : *changes) {
        changed_.insert(change.path);
        if (!change.old_path.empty()) {
          changed_.insert(change.old_path);
        }
      }
    }
  }

  /// The file, or data that holds it, differs.
  [[nodiscard]] bool is_changed(const std::string& path) const {
    for (std::string_view at = path; !at.empty(); at = os::parent_of(at)) {
      if (changed_.contains(std::string(at))) {
        return true;
      }
    }
    return false;
  }

  Status diff_values(const Declared& declared) {
    Paths params = declared.listed_params;
    params.emplace(pipeline::kDefaultParams);
    for (const auto& [file, keys] : declared.stage_params) {
      params.insert(file);
    }
    Paths metrics = declared.metrics;
    const auto is_same = [this](const std::string& path) { return !is_changed(path); };
    std::erase_if(params, is_same);
    std::erase_if(metrics, is_same);
    CAIRN_TRY_ASSIGN(diff_.params,
                     diff_values_of(values_, ValueKind::params, params, before_, after_, diff_.errors));
    CAIRN_TRY_ASSIGN(diff_.metrics,
                     diff_values_of(values_, ValueKind::metrics, metrics, before_, after_, diff_.errors));
    for (const std::vector<report::DocumentDiff>* files : {&diff_.params, &diff_.metrics}) {
      for (const report::DocumentDiff& file : *files) {
        drop(file.path, diff_.data);
        drop(file.path, diff_.outs);
        // A Python file has more in it than its values.
        if (!file.path.ends_with(".py")) {
          told_.insert(file.path);
        }
      }
    }
    return {};
  }

  static void drop(const std::string& path, std::vector<DataChange>& changes) {
    std::erase_if(changes, [&path](const DataChange& change) { return change.path == path; });
  }

  [[nodiscard]] bool is_told(const std::string& path) const {
    return told_.contains(path) ||
           std::any_of(diff_.outs.begin(), diff_.outs.end(),
                       [&](const DataChange& out) { return os::is_within(path, out.path); });
  }

  /// Tracked files that differ and of which nothing tells so far.
  [[nodiscard]] std::vector<TreeChange> untold_files() const {
    std::vector<TreeChange> files;
    for (const std::vector<TreeChange>* part : {&files_.others, &files_.pipelines, &same_data_}) {
      for (const TreeChange& file : *part) {
        if (!is_told(file.path)) {
          files.push_back(file);
        }
      }
    }
    return files;
  }

  project::Workspace& workspace_;
  git::Repository& git_;
  ChosenRevision before_;
  ChosenRevision after_;
  ValueReader values_;
  VersionDiff diff_;
  ChangedFiles files_;
  std::vector<TreeChange> same_data_;  // pointers of the same data
  Paths changed_;                      // files and data that differ
  Paths told_;                         // files that a part tells of
};

/// The commit of a version or alias that is here; its manifest is not read.
Result<std::optional<git::Oid>> find_named(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(const auto versions, git::shared_refs(*git, git::SharedKind::version, name));
  if (!versions.empty()) {
    return std::optional(versions.back().commit);
  }
  CAIRN_TRY_ASSIGN(const auto alias, version::find_alias(workspace, name));
  return alias ? std::optional(alias->commit) : std::nullopt;
}

Result<DiffSide> find_side(project::Workspace& workspace, const std::string& written) {
  const std::string name = written.empty() ? "HEAD" : written;
  const bool may_be_version = version::check_version_name(name).ok();
  if (may_be_version) {
    CAIRN_TRY_ASSIGN(const auto commit, find_named(workspace, name));
    if (commit) {
      return DiffSide{name, *commit};
    }
  }
  const Result<ChosenRevision> revision = find_revision(workspace, name);
  if (!revision.ok() && may_be_version && revision.error().code() == Code::not_found) {
    CAIRN_TRY_ASSIGN(const version::Version version, version::find_version(workspace, name));
    return DiffSide{name, version.commit};
  }
  CAIRN_TRY(revision.ok() ? Status() : revision.error());
  if (!revision->commit) {
    return Error(Code::usage, "the workspace is no version", "commit it, or look at it with: cairn status");
  }
  return DiffSide{name, *revision->commit};
}

}  // namespace

bool VersionDiff::is_empty() const {
  return code.empty() && pipeline.empty() && data.empty() && outs.empty() && params.empty() &&
         seeds.empty() && environment.empty() && metrics.empty();
}

Result<ChangedFiles> find_changed_files(project::Workspace& workspace, const git::Oid& before,
                                        const git::Oid& after) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::vector<TreeChange> changes, git->changed_files(before, after, {}));
  Paths own;
  CAIRN_TRY(add_own(workspace, before, changes, &TreeChange::before, own));
  CAIRN_TRY(add_own(workspace, after, changes, &TreeChange::after, own));
  const std::string prefix = workspace.git_prefix();
  ChangedFiles files;
  for (TreeChange& change : changes) {
    if (!os::is_within(change.path, prefix)) {
      continue;
    }
    const std::size_t above = prefix.empty() ? 0 : prefix.size() + 1;
    change.path.erase(0, above);
    for (std::optional<git::TreeFile>* side : {&change.before, &change.after}) {
      if (*side) {
        (*side)->path.erase(0, above);
      }
    }
    const std::string_view name = os::name_of(change.path);
    std::vector<TreeChange>& part = !own.contains(change.path)        ? files.others
                                    : name == pipeline::kLockFile     ? files.locks
                                    : name == pipeline::kPipelineFile ? files.pipelines
                                                                      : files.pointers;
    part.push_back(std::move(change));
  }
  return files;
}

Result<VersionDiff> diff_versions(project::Workspace& workspace, const std::string& before,
                                  const std::string& after) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(DiffSide from, find_side(workspace, before));
  CAIRN_TRY_ASSIGN(DiffSide to, find_side(workspace, after));
  return Differ(workspace, *git, std::move(from), std::move(to)).run();
}

}  // namespace cairn::ops
