// SPDX-License-Identifier: Apache-2.0
// pipeline list and show.

#include "commands.h"
#include "parser.h"
#include "version_output.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_list(bool markdown, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto report, ops::list_known_versions(*invocation.workspace));
  Outcome outcome;
  const report::Table table = ops::versions_table(report.versions);
  outcome.text = markdown ? report::as_markdown(table) : report::as_text(table);
  if (report.versions.empty()) {
    outcome.text = "no versions; cairn pipeline save NAME makes one\n";
  }
  outcome.json["versions"] = Json::array();
  for (const ops::ListedVersion& one : report.versions) {
    outcome.json["versions"].push_back(listed_json(one));
  }
  outcome.errors = std::move(report.left_out);
  return outcome;
}

Result<Outcome> run_show(const std::string& name, bool markdown, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto shown, ops::show_version(*invocation.workspace, name));
  Outcome outcome;
  for (const ops::VersionSection& section : ops::version_sections(shown)) {
    if (!section.title.empty()) {
      outcome.text += (markdown ? "\n## " + section.title + "\n\n" : "\n" + section.title + "\n");
    }
    outcome.text += markdown ? report::as_markdown(section.table) : report::as_text(section.table);
  }
  outcome.json["version"] = shown_json(shown);
  return outcome;
}

}  // namespace

Command pipeline_list_command() {
  return {"pipeline list",
          "Versions",
          "List saved versions",
          "cairn pipeline list",
          Needs::project,
          [](Parser& app) -> Runner {
            auto markdown = std::make_shared<bool>(false);
            app.add_flag("--md", *markdown, "Print a table in Markdown");
            return [markdown](Invocation& invocation) { return run_list(*markdown, invocation); };
          }};
}

Command pipeline_show_command() {
  return {"pipeline show",
          "Versions",
          "Show all that went into a version",
          "cairn pipeline show v1.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            auto markdown = std::make_shared<bool>(false);
            app.add_option("name", *name, "Version or alias").required();
            app.add_flag("--md", *markdown, "Print tables in Markdown");
            return
                [name, markdown](Invocation& invocation) { return run_show(*name, *markdown, invocation); };
          }};
}

}  // namespace cairn::cmd
