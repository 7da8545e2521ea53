// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "ops/stage_definition.h"
#include "os/path.h"
#include "project/git_files.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

/// Stages that are to go, as they are made from their definitions.
std::vector<const Stage*> stages_of(const std::vector<pipeline::PipelineFile>& files,
                                    const std::vector<EditedStage>& definitions) {
  std::vector<const Stage*> stages;
  for (const pipeline::PipelineFile& file : files) {
    for (const Stage& stage : file.stages) {
      const std::string& name = stage.group.empty() ? stage.name : stage.group;
      if (std::any_of(definitions.begin(), definitions.end(), [&](const EditedStage& edited) {
            return edited.definition.file == file.path && edited.definition.name == name;
          })) {
        stages.push_back(&stage);
      }
    }
  }
  return stages;
}

/// Addresses of the stages that need one of those that go, and stay themselves.
Result<std::vector<std::string>> needed_by(const std::vector<pipeline::PipelineFile>& files,
                                           const std::vector<const Stage*>& going) {
  CAIRN_TRY_ASSIGN(const pipeline::Graph graph, pipeline::Graph::build(files));
  std::set<std::string> gone;
  for (const Stage* stage : going) {
    gone.insert(stage->address());
  }
  std::set<std::string> needing;
  for (const std::string& address : gone) {
    for (const pipeline::StageIndex down : graph.downstream(*graph.find(address))) {
      if (!gone.contains(graph.address(down))) {
        needing.insert(graph.address(down));
      }
    }
  }
  return std::vector<std::string>(needing.begin(), needing.end());
}

Status check_needed(const std::vector<std::string>& needing) {
  if (needing.empty()) {
    return {};
  }
  std::vector<std::string> names;
  for (const std::string& address : needing) {
    names.push_back(quoted(address));
  }
  return Error(Code::conflict,
               fmt::format("{} {} what would be removed", fmt::join(names, ", "),
                           names.size() == 1 ? "needs" : "need"),
               "remove them too, or use --force: their inputs stay as ordinary files");
}

/// Takes the blocks of stages out of the locks, and collects the outs that cairn keeps for them.
class LockCleaner {
 public:
  LockCleaner(project::Workspace& workspace, Write write) : workspace_(workspace), write_(write) {}

  Status clean(const std::vector<const Stage*>& stages) {
    for (const Stage* stage : stages) {
      by_folder_[stage->folder()].push_back(stage);
    }
    for (const auto& entry : by_folder_) {
      CAIRN_TRY(clean_folder(entry.first, entry.second));
    }
    return write_ == Write::yes ? forget_outs() : Status();
  }

  [[nodiscard]] std::vector<std::string> outs() const { return {outs_.begin(), outs_.end()}; }

 private:
  Status clean_folder(const std::string& folder, const std::vector<const Stage*>& stages) {
    const std::string path = os::join(folder, pipeline::kLockFile);
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), path));
    if (!text) {
      return {};
    }
    CAIRN_TRY_ASSIGN(pipeline::Lock lock, pipeline::parse_lock(*text, path));
    bool changed = false;
    for (const Stage* stage : stages) {
      if (const pipeline::StageLock* block = lock.find(stage->name); block != nullptr) {
        for (const pipeline::LockedOut& out : block->outs) {
          if (out.cached && out.state.has_value()) {
            outs_.insert(out.path);
          }
        }
      }
      changed = lock.remove(stage->name) || changed;
    }
    if (!changed || write_ == Write::no) {
      return {};
    }
    return project::write_git_file(workspace_, path, as_bytes(pipeline::write_lock(lock, folder)));
  }

  /// The outs are ordinary files from now on.
  Status forget_outs() {
    CAIRN_TRY_ASSIGN(project::Materialised * materialised, workspace_.materialised());
    project::IgnoreEdits edits;
    for (const std::string& path : outs_) {
      materialised->erase(path);
      edits[std::string(os::parent_of(path))].remove.emplace_back(os::name_of(path));
    }
    CAIRN_TRY(edit_ignored(workspace_, edits));
    return workspace_.save();
  }

  project::Workspace& workspace_;
  Write write_;
  std::map<std::string, std::vector<const Stage*>> by_folder_;
  std::set<std::string> outs_;
};

}  // namespace

Result<StageRemoveReport> remove_stages(project::Workspace& workspace,
                                        const std::vector<std::string>& targets, const std::string& folder,
                                        Needed needed, Write write) {
  StageRemoveReport report;
  CAIRN_TRY_ASSIGN(PipelineEditor editor, PipelineEditor::open(workspace));
  for (const std::string& target : targets) {
    CAIRN_TRY_ASSIGN(Definition stage, find_definition(editor.files(), target, folder));
    const bool again = std::any_of(
        report.edit.stages.begin(), report.edit.stages.end(),
        [&stage](const EditedStage& other) { return other.definition.address() == stage.address(); });
    if (again) {
      continue;
    }
    const std::string name =
        stage.member.empty() ? stage.name : stage.member.substr(stage.member.rfind(':') + 1);
    CAIRN_TRY(editor.apply(stage.file, [&](const text::Document& document) {
      return pipeline::remove_stage(document, name, editor.surroundings());
    }));
    report.edit.stages.push_back({std::move(stage), true});
  }
  const std::vector<const Stage*> going = stages_of(editor.files(), report.edit.stages);
  Result<std::vector<std::string>> needing = needed_by(editor.files(), going);
  if (needed == Needed::refuse) {
    CAIRN_TRY(needing.ok() ? check_needed(*needing) : Status(needing.error()));
  }
  report.needed_by = needing.ok() ? std::move(*needing) : std::vector<std::string>();
  CAIRN_TRY(editor.check());
  // cairn.yaml last: killed before that, the command can be typed again.
  LockCleaner cleaner(workspace, write);
  CAIRN_TRY(cleaner.clean(going));
  report.kept = cleaner.outs();
  CAIRN_TRY_ASSIGN(report.edit.files, editor.finish(write));
  return report;
}

}  // namespace cairn::ops
