// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment_apply.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "ops/path_words.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/checkout.h"

namespace cairn::ops {
namespace {

constexpr unsigned kSymlinkMode = 0120000;
constexpr unsigned kExecutableMode = 0100755;

/// A file's content and kind as Git sees them; nothing where there is none.
using Version = std::optional<git::TreeFile>;

bool same(const Version& a, const Version& b) {
  return a.has_value() == b.has_value() && (!a || (a->blob == b->blob && a->mode == b->mode));
}

/// A file that becomes the experiment's.
struct FileChange {
  std::string path;  // from the project root
  Version wanted;
};

class Application {
 public:
  Application(project::Workspace& workspace, git::Repository& git, Experiment experiment,
              const ExperimentApplyOptions& options, const Context& context)
      : workspace_(workspace),
        git_(git),
        experiment_(std::move(experiment)),
        options_(options),
        context_(context) {}

  Result<ExperimentApplyReport> run() {
    CAIRN_TRY_ASSIGN(std::vector<FileChange> changes, find_changes());
    CAIRN_TRY_ASSIGN(std::vector<project::Tracked> data, find_data());
    CAIRN_TRY(check_data(data));
    ExperimentApplyReport report{experiment_, {}, {}, {}, 0};
    for (const FileChange& change : changes) {
      (change.wanted ? report.written : report.removed).push_back(change.path);
    }
    project::CheckoutOptions checkout{options_.force, false, options_.dry_run};
    if (options_.dry_run) {
      CAIRN_TRY_ASSIGN(auto planned, project::checkout(workspace_, std::move(data), checkout, context_));
      report.data = std::move(planned.paths);
      return report;
    }
    CAIRN_TRY_ASSIGN(project::UndoRecord journal, write_files(changes, report));
    CAIRN_TRY_ASSIGN(auto done, project::checkout(workspace_, std::move(data), checkout, context_));
    report.data = std::move(done.paths);
    report.stored_bytes += done.stored_bytes;
    CAIRN_TRY(join_journals(std::move(journal), done_anything(report.data)));
    return report;
  }

 private:
  static bool done_anything(const std::vector<project::PathReport>& paths) {
    return std::any_of(paths.begin(), paths.end(),
                       [](const project::PathReport& path) { return path.changed_anything(); });
  }

  [[nodiscard]] std::string git_path(const std::string& path) const {
    return os::join(workspace_.git_prefix(), path);
  }

  /// What stands in the workspace, as Git would store it.
  Result<Version> present(const std::string& path) {
    CAIRN_TRY_ASSIGN(auto stat, workspace_.files().find_stat(path));
    if (!stat) {
      return Version();
    }
    if (stat->kind != os::Kind::file && stat->kind != os::Kind::symlink) {
      return Error(Code::conflict, "a folder stands at " + quoted(path) + ", where the experiment has a file",
                   "move it away");
    }
    CAIRN_TRY_ASSIGN(git::TreeFile file, git_.write_file(git_path(path)));
    return Version(std::move(file));
  }

  /// The workspace that the experiment started from; false when Git no longer has it, or HEAD was all.
  Result<bool> stood_at_start(const std::string& path, const Version& present) {
    if (!experiment_.base_tree) {
      return false;
    }
    auto then = git_.find_in_tree(*experiment_.base_tree, git_path(path));
    return then.ok() && same(*then, present);
  }

  /// What has to change; refuses what would be lost by it.
  Result<std::vector<FileChange>> find_changes() {
    CAIRN_TRY_ASSIGN(auto head, git_.head());
    CAIRN_TRY_ASSIGN(auto paths, git_.changed_paths(experiment_.base, experiment_.commit, {}));
    std::vector<FileChange> changes;
    std::vector<std::string> edited;
    std::vector<std::string> moved_on;
    std::string prefix = workspace_.git_prefix();
    for (const std::string& whole : paths) {
      if (!os::is_within(whole, prefix)) {
        continue;
      }
      std::string path = prefix.empty() ? whole : whole.substr(prefix.size() + 1);
      CAIRN_TRY_ASSIGN(Version wanted, git_.find_blob(experiment_.commit, whole));
      CAIRN_TRY_ASSIGN(Version now, present(path));
      if (same(now, wanted)) {
        continue;
      }
      CAIRN_TRY_ASSIGN(Version then, git_.find_blob(experiment_.base, whole));
      CAIRN_TRY_ASSIGN(Version committed, head ? git_.find_blob(*head, whole) : Result<Version>(Version()));
      CAIRN_TRY_ASSIGN(bool as_at_start, stood_at_start(path, now));
      if (!as_at_start && !same(now, committed)) {
        edited.push_back(path);
      } else if (!as_at_start && !same(committed, then) && !same(committed, wanted)) {
        moved_on.push_back(path);
      }
      changes.push_back({std::move(path), std::move(wanted)});
    }
    CAIRN_TRY(check_lost(edited, "with changes that are not committed"));
    CAIRN_TRY(check_lost(moved_on, "that was committed since the experiment started"));
    return changes;
  }

  Status check_lost(const std::vector<std::string>& paths, const std::string& what) const {
    if (paths.empty() || options_.force) {
      return {};
    }
    return Error(Code::conflict, "the experiment would replace what is in " + some_paths(paths) + ", " + what,
                 "commit or stash it, or cairn exp apply --force " + escaped(experiment_.name) +
                     " (cairn undo brings it back)");
  }

  /// Tracked data that the experiment names otherwise than the workspace does.
  Result<std::vector<project::Tracked>> find_data() {
    CAIRN_TRY_ASSIGN(auto wanted,
                     project::find_tracked_at(workspace_, experiment_.commit, pipeline::read_lock_outputs));
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(workspace_, pipeline::read_lock_outputs));
    std::map<std::string, store::Object> here;
    for (const project::Tracked& one : tracked) {
      here.emplace(one.path, one.object);
    }
    std::erase_if(wanted, [&here](const project::Tracked& one) {
      auto known = here.find(one.path);
      return known != here.end() && known->second == one.object;
    });
    return wanted;
  }

  Status check_data(const std::vector<project::Tracked>& data) {
    CAIRN_TRY_ASSIGN(auto plan, project::checkout(workspace_, data, {options_.force, false, true}, context_));
    std::vector<std::string> lost;
    for (const project::PathReport& path : plan.paths) {
      if (path.error && path.error->code() != Code::not_found) {
        lost.push_back(path.path);
      }
    }
    return check_lost(lost, "data that is not in the store");
  }

  /// Git's files, as stored objects: what is overwritten is stored, and undo knows of it.
  Result<project::UndoRecord> write_files(const std::vector<FileChange>& changes,
                                          ExperimentApplyReport& report) {
    project::UndoRecord journal;
    journal.command = "exp apply";
    if (changes.empty()) {
      return journal;
    }
    CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
    std::vector<project::Transition> transitions;
    for (const FileChange& change : changes) {
      project::Transition transition{change.path, {}, std::nullopt};
      if (change.wanted) {
        CAIRN_TRY_ASSIGN(transition.wanted, store_file(*change.wanted, writer));
      }
      transitions.push_back(std::move(transition));
    }
    CAIRN_TRY(writer.commit());
    project::ApplyOptions apply;
    apply.policy = {project::Overwrite::forced, project::Changed::judge, project::Extent::everything};
    apply.all_or_none = true;
    CAIRN_TRY_ASSIGN(
        auto done, project::apply_transitions(workspace_, transitions, std::move(journal), apply, context_));
    report.stored_bytes += done.stored_bytes;
    CAIRN_TRY(forget_records(changes));
    for (const project::PathReport& path : done.paths) {
      if (path.error) {
        return *path.error;
      }
    }
    return load_journal();
  }

  Result<project::Materialised::Entry> store_file(const git::TreeFile& file, store::Writer& writer) {
    if (file.mode == kSymlinkMode) {
      return Error(Code::unsupported, quoted(file.path) + " is a symlink that the experiment changed",
                   "git checkout " + experiment_.commit.hex() + " -- " + escaped(file.path));
    }
    CAIRN_TRY_ASSIGN(Buffer bytes, git_.read_for_work_tree(file));
    CAIRN_TRY_ASSIGN(store::Id id, writer.put_blob(bytes));
    return project::Materialised::Entry{{store::Family::blob, id, bytes.size()},
                                        file.mode == kExecutableMode};
  }

  /// Git's files are none that cairn keeps.
  Status forget_records(const std::vector<FileChange>& changes) {
    CAIRN_TRY_ASSIGN(project::Materialised * materialised, workspace_.materialised());
    for (const FileChange& change : changes) {
      materialised->erase(change.path);
    }
    return workspace_.save();
  }

  Result<project::UndoRecord> load_journal() {
    CAIRN_TRY_ASSIGN(auto journal, project::load_undo(workspace_.paths().undo()));
    project::UndoRecord out = journal.value_or(project::UndoRecord());
    for (project::UndoEntry& entry : out.entries) {
      entry.has_record = false;
    }
    return out;
  }

  /// Makes what was done to files and to data one operation for undo.
  Status join_journals(project::UndoRecord files, bool data_changed) {
    if (data_changed) {
      CAIRN_TRY_ASSIGN(auto data, project::load_undo(workspace_.paths().undo()));
      if (data) {
        files.entries.insert(files.entries.end(), data->entries.begin(), data->entries.end());
      }
    }
    files.command = "exp apply";
    return files.entries.empty() ? Status() : project::save_undo(workspace_.paths().undo(), files);
  }

  project::Workspace& workspace_;
  git::Repository& git_;
  Experiment experiment_;
  const ExperimentApplyOptions& options_;
  const Context& context_;
};

}  // namespace

Result<ExperimentApplyReport> apply_experiment(project::Workspace& workspace, const std::string& name,
                                               const ExperimentApplyOptions& options,
                                               const Context& context) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(Experiment experiment, find_experiment(workspace, name));
  return Application(workspace, *git, std::move(experiment), options, context).run();
}

}  // namespace cairn::ops
