// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "parser.h"
#include "render.h"
#include "stage_options.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct AddOptions {
  pipeline::StageDraft draft;
  std::vector<std::string> words;
  bool force = false;
  bool dry_run = false;
};

Result<Outcome> run_add(AddOptions options, Invocation& invocation) {
  options.draft.cmd = joined_words(options.words);
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  const auto overwrite = options.force ? pipeline::Overwrite::replace : pipeline::Overwrite::refuse;
  const auto write = options.dry_run ? ops::Write::no : ops::Write::yes;
  CAIRN_TRY_ASSIGN(const ops::FileEdit file,
                   ops::add_stage(*invocation.workspace, folder, options.draft, overwrite, write));
  Outcome outcome;
  outcome.json = {{"stage", options.draft.name}};
  put_path(outcome.json, "file", file.path);
  if (!options.dry_run) {
    outcome.text =
        fmt::format("added stage {} to {}\n", quoted(options.draft.name), shown_path(invocation, file.path));
  }
  report_files(invocation, {file}, write, outcome);
  return outcome;
}

struct EditOptions {
  std::string stage;
  pipeline::StageChanges changes;
  bool dry_run = false;
};

Result<Outcome> run_edit(const EditOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  const auto write = options.dry_run ? ops::Write::no : ops::Write::yes;
  CAIRN_TRY_ASSIGN(auto report,
                   ops::edit_stage(*invocation.workspace, options.stage, folder, options.changes, write));
  const ops::EditedStage& stage = report.stages.front();
  const std::string file = shown_path(invocation, stage.definition.file);
  Outcome outcome;
  outcome.json = {{"stage", stage.definition.address()}, {"changed", stage.changed}};
  if (!stage.changed) {
    outcome.text = fmt::format("nothing to change in stage {}\n", quoted(stage.definition.name));
  } else if (!options.dry_run) {
    outcome.text = fmt::format("edited stage {} in {}\n", quoted(stage.definition.name), file);
  }
  report_files(invocation, report.files, write, outcome);
  return outcome;
}

struct RemoveOptions {
  std::vector<std::string> stages;
  bool force = false;
  bool dry_run = false;
};

Result<Outcome> run_remove(const RemoveOptions& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  const auto write = options.dry_run ? ops::Write::no : ops::Write::yes;
  const auto needed = options.force ? ops::Needed::remove : ops::Needed::refuse;
  CAIRN_TRY_ASSIGN(auto report,
                   ops::remove_stages(*invocation.workspace, options.stages, folder, needed, write));
  Outcome outcome;
  Json removed = Json::array();
  Json kept = Json::array();
  for (const ops::EditedStage& stage : report.edit.stages) {
    const ops::Definition& gone = stage.definition;
    removed.push_back(gone.address());
    const std::string all =
        gone.members.empty() ? "" : fmt::format(" with {}", counted(gone.members.size(), "member"));
    outcome.text += fmt::format("{} stage {}{} from {}\n", options.dry_run ? "would remove" : "removed",
                                quoted(gone.name), all, shown_path(invocation, gone.file));
  }
  for (const std::string& path : report.kept) {
    kept.push_back(escaped(path));
    outcome.text += fmt::format("  {} {} as an ordinary file\n", shown_path(invocation, path),
                                options.dry_run ? "would stay" : "stays");
  }
  for (const std::string& address : report.needed_by) {
    outcome.text += fmt::format("  {} needs what it wrote\n", quoted(address));
  }
  outcome.json = {
      {"removed", std::move(removed)}, {"kept", std::move(kept)}, {"needed_by", report.needed_by}};
  report_files(invocation, report.edit.files, write, outcome);
  return outcome;
}

}  // namespace

Command stage_add_command() {
  return {"stage add",
          "Pipelines",
          "Add a stage to the cairn.yaml here",
          "cairn stage add -n clean -d raw.csv -o clean.csv \"sort raw.csv > clean.csv\"",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<AddOptions>();
            app.add_option("-n,--name", options->draft.name, "Name of the stage").required();
            add_stage_options(app, options->draft);
            app.add_flag("--frozen", options->draft.frozen, "Do not run it until it is thawed");
            app.add_flag("-f,--force", options->force, "Replace a stage of that name");
            app.add_flag("--dry-run", options->dry_run, "Only show how cairn.yaml would change");
            app.add_option("command", options->words, "Command line; quote what the shell must not touch")
                .required();
            return [options](Invocation& invocation) { return run_add(*options, invocation); };
          },
          TakesCommit::yes};
}

Command stage_edit_command() {
  return {"stage edit",
          "Pipelines",
          "Change a stage in its cairn.yaml",
          "cairn stage edit train -d extra.csv --timeout 2h\n  cairn stage edit train --remove-dep old.csv",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<EditOptions>();
            pipeline::StageChanges& changes = options->changes;
            const auto list = [&app](const char* name, std::vector<std::string>& into, const char* about) {
              app.add_option(name, into, about).one_value_each();
            };
            app.add_option("stage", options->stage, "Name or address of the stage").required();
            app.add_option("--cmd", changes.add.cmd, "Its command");
            add_stage_options(app, changes.add);
            list("--remove-dep", changes.remove_deps, "Take a dep out");
            list("--remove-out", changes.remove_outs, "Take an out, metrics or plots out; the file stays");
            list("--remove-param", changes.remove_params, "Take a param out: KEY, FILE:KEY or FILE:");
            list("--set", changes.set, "Set KEY=VALUE, KEY dotted, such as resources.cpus=2");
            list("--unset", changes.unset, "Take a key out, such as timeout or env.LANG");
            app.add_flag("--dry-run", options->dry_run, "Only show how cairn.yaml would change");
            return [options](Invocation& invocation) { return run_edit(*options, invocation); };
          },
          TakesCommit::yes};
}

Command stage_remove_command() {
  return {"stage remove",
          "Pipelines",
          "Take stages out of their cairn.yaml",
          "cairn stage remove clean",
          Needs::project_locked,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<RemoveOptions>();
            app.add_option("stages", options->stages, "Names or addresses of stages").required();
            app.add_flag("-f,--force", options->force, "Also those that other stages need");
            app.add_flag("--dry-run", options->dry_run, "Only show what would go");
            return [options](Invocation& invocation) { return run_remove(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
