// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "conflict_report.h"
#include "exit_status.h"
#include "file_changes.h"
#include "parser.h"
#include "path_report.h"
#include "pipeline/lock_outputs.h"
#include "pipeline_status.h"
#include "project/checkout.h"
#include "project/status.h"
#include "remote_status.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> targets;
  bool exit_code = false;
  bool remote = false;
};

struct StateWords {
  const char* name;  ///< in JSON
  const char* text;
  const char* next;  ///< command, with the path behind it
  Color color;
};

StateWords words_for(const project::StatusEntry& entry) {
  switch (entry.state) {
    case project::DataState::clean:
      return {"clean", "clean", "", Color::green};
    case project::DataState::modified:
      return {"modified", "modified", "cairn add", Color::yellow};
    case project::DataState::missing:
      return {"missing", "missing", "cairn checkout", Color::yellow};
    case project::DataState::behind:
      return {"behind", "behind its pointer", "cairn checkout", Color::yellow};
    case project::DataState::not_stored:
      return {"not_stored", "not here", "cairn pull", Color::yellow};
    case project::DataState::unstored:
      return {"unstored", "not in the store", "cairn fetch", Color::yellow};
    case project::DataState::partial:
      return {"partial", "here in part", entry.stored ? "cairn checkout" : "cairn pull", Color::yellow};
    case project::DataState::unreadable:
      return {"unreadable", "cannot be read", "", Color::red};
  }
  return {"", "", "", Color::red};
}

void add_data(const Invocation& invocation, const project::StatusReport& report, Outcome& outcome) {
  Json list = Json::array();
  std::string lines;
  for (const project::StatusEntry& entry : report.entries) {
    StateWords words = words_for(entry);
    Json json = Json::object();
    put_path(json, "path", entry.tracked.path);
    json["state"] = words.name;
    json["stored"] = entry.stored;
    json["changes"] = changes_json(entry.changes);
    list.push_back(std::move(json));
    outcome.errors.insert(outcome.errors.end(), entry.errors.begin(), entry.errors.end());
    if (entry.state == project::DataState::clean) {
      continue;
    }
    std::string path = shown_path(invocation, entry.tracked.path);
    lines += fmt::format("  {} {}", painted(fmt::format("{:<18}", words.text), words.color, invocation.color),
                         path);
    lines += *words.next != '\0' ? fmt::format("   ({} {})\n", words.next, path) : "\n";
    lines += change_lines(invocation, entry.changes, "    ");
  }
  outcome.json["data"] = std::move(list);
  if (!lines.empty()) {
    outcome.text += "data:\n" + lines;
  }
}

/// Data that a pointer named which is gone: after `git reset`, say.
Status add_orphans(Invocation& invocation, const std::vector<project::Tracked>& tracked, Outcome& outcome,
                   bool& clean) {
  CAIRN_TRY_ASSIGN(const auto paths,
                   project::find_orphaned_data(*invocation.workspace, tracked, invocation.context));
  outcome.json["orphaned"] = path_list(paths);
  if (paths.empty()) {
    return {};
  }
  clean = false;
  outcome.text += "data without a pointer:   (cairn checkout removes it, cairn add keeps it)\n";
  for (const std::string& path : paths) {
    outcome.text += fmt::format("  {}\n", shown_path(invocation, path));
  }
  return {};
}

/// Stages that are not up to date; their own errors are lines here, since looking is not running.
Status add_pipeline(Invocation& invocation, Outcome& outcome, bool& clean) {
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(const ops::StatesReport report, ops::stage_states(*invocation.workspace, {}, "", context));
  add_pipeline_section(invocation, report, outcome);
  for (const ops::StageStatus& status : report.stages) {
    clean = clean && status.report.outcome == pipeline::Outcome::up_to_date;
  }
  return {};
}

/// What a merge left in pointers and locks; stages are not looked at before it is settled.
Status add_conflicts(Invocation& invocation, Outcome& outcome) {
  ops::ResolveRequest request;
  request.dry_run = true;
  CAIRN_TRY_ASSIGN(const auto files, ops::resolve(*invocation.workspace, request, invocation.context));
  outcome.text += "conflicts:   (cairn resolve --ours|--theirs|--union [PATH...])\n";
  for (const ops::ResolvedFile& file : files) {
    outcome.text += file.settled ? fmt::format("  can be merged now: {}   (cairn resolve)\n",
                                               shown_path(invocation, file.path))
                                 : conflict_lines(invocation, file, "  ");
    if (file.error) {
      outcome.errors.push_back(*file.error);
    }
  }
  outcome.json["conflicts"] = conflicts_json(files);
  return {};
}

Result<Outcome> run_status(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto found, project::find_declarations(*invocation.workspace, pipeline::read_lock_outputs,
                                                          project::InConflict::listed));
  CAIRN_TRY_ASSIGN(auto tracked, project::select_tracked(std::move(found.tracked), targets));
  CAIRN_TRY_ASSIGN(auto report, project::status(*invocation.workspace, tracked, invocation.context));
  Outcome outcome;
  add_data(invocation, report, outcome);
  bool clean = report.is_clean();
  if (targets.empty() && found.conflicts.empty()) {
    CAIRN_TRY(add_orphans(invocation, tracked, outcome, clean));
  }
  if (!found.conflicts.empty()) {
    clean = false;
    CAIRN_TRY(add_conflicts(invocation, outcome));
  } else if (targets.empty() && !found.pipelines.empty()) {
    CAIRN_TRY(add_pipeline(invocation, outcome, clean));
  }
  if (options.remote) {
    CAIRN_TRY(add_remote_section(invocation, tracked, outcome, clean));
  }
  CAIRN_TRY(invocation.workspace->save());
  if (outcome.text.empty()) {
    outcome.text = tracked.empty() ? "nothing is tracked yet; try: cairn add FILE\n" : "all is up to date\n";
  }
  outcome.json["clean"] = clean;
  outcome.status = options.exit_code && !clean ? kExitNo : kExitOk;
  return outcome;
}

}  // namespace

Command status_command() {
  return {"status",
          "Data",
          "Show what differs from pointers and lock",
          "cairn status",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets, "Tracked paths (default: all, with the pipeline)");
            app.add_flag("--remote", options->remote, "Say also what is not on the remotes, or only there");
            app.add_flag("--exit-code", options->exit_code, "End with status 1 when something differs");
            return [options](Invocation& invocation) { return run_status(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
