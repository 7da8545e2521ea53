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

using pipeline::Frozen;

struct Options {
  std::vector<std::string> stages;
  bool dry_run = false;
};

/// "froze all 3 stages of 'train' in cairn.yaml".
std::string line_of(const Invocation& invocation, const ops::EditedStage& stage, Frozen frozen,
                    bool dry_run) {
  const ops::Definition& definition = stage.definition;
  const bool group = !definition.members.empty();
  const std::string what = group ? fmt::format("all {} of {}", counted(definition.members.size(), "stage"),
                                               quoted(definition.name))
                                 : "stage " + quoted(definition.name);
  const std::string_view state = frozen == Frozen::yes ? "frozen" : "not frozen";
  if (!stage.changed) {
    return fmt::format("{} {} {} already\n", what, group ? "are" : "is", state);
  }
  const std::string_view done =
      frozen == Frozen::yes ? (dry_run ? "would freeze" : "froze") : (dry_run ? "would thaw" : "thawed");
  const std::string_view why = definition.member.empty() ? "" : ": a group is frozen as a whole";
  return fmt::format("{} {} in {}{}\n", done, what, shown_path(invocation, definition.file), why);
}

Result<Outcome> run_freeze(const Options& options, Frozen frozen, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  const auto write = options.dry_run ? ops::Write::no : ops::Write::yes;
  CAIRN_TRY_ASSIGN(auto report,
                   ops::set_frozen(*invocation.workspace, options.stages, folder, frozen, write));
  Outcome outcome;
  Json list = Json::array();
  for (const ops::EditedStage& stage : report.stages) {
    outcome.text += line_of(invocation, stage, frozen, options.dry_run);
    Json json = {{"stage", stage.definition.address()}, {"changed", stage.changed}};
    if (!stage.definition.members.empty()) {
      json["members"] = stage.definition.members;
    }
    list.push_back(std::move(json));
  }
  outcome.json["stages"] = std::move(list);
  report_files(invocation, report.files, write, outcome);
  return outcome;
}

Command command(const char* name, const char* summary, const char* example, Frozen frozen) {
  return {name,
          "Pipelines",
          summary,
          example,
          Needs::project_locked,
          [frozen](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("stages", options->stages, "Names or addresses of stages").required();
            app.add_flag("--dry-run", options->dry_run, "Only show how cairn.yaml would change");
            return [options, frozen](Invocation& invocation) {
              return run_freeze(*options, frozen, invocation);
            };
          },
          TakesCommit::yes};
}

}  // namespace

Command freeze_command() {
  return command("freeze", "Keep stages from running", "cairn freeze prepare", Frozen::yes);
}

Command unfreeze_command() {
  return command("unfreeze", "Let frozen stages run again", "cairn unfreeze prepare", Frozen::no);
}

}  // namespace cairn::cmd
