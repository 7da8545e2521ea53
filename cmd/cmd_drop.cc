// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "commands.h"
#include "ops/drop.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

Json to_json(const ops::DroppedPath& path) {
  Json json = Json::object();
  put_path(json, "path", path.tracked.path);
  json["size"] = path.tracked.object.size;
  json["from_workspace"] = path.from_workspace;
  json["from_store"] = path.from_store;
  json["stays_stored"] = path.stays_stored;
  return json;
}

std::string line_of(const Invocation& invocation, const ops::DroppedPath& path, bool dry_run) {
  const std::string shown = shown_path(invocation, path.tracked.path);
  if (path.stays_stored) {
    return fmt::format("kept      {}   (in the store, for other data{})\n", shown,
                       path.from_workspace ? "; not in the workspace" : "");
  }
  if (!path.from_workspace && !path.from_store) {
    return fmt::format("not here  {}\n", shown);
  }
  const char* places = path.from_workspace && path.from_store ? "workspace and store"
                       : path.from_workspace                  ? "the workspace"
                                                              : "the store";
  return fmt::format("{:<9} {}   (from {})\n", dry_run ? "would go" : "dropped", shown, places);
}

Outcome report_of(const Invocation& invocation, const ops::DropResult& result, bool dry_run) {
  Outcome outcome;
  Json list = Json::array();
  for (const ops::DroppedPath& path : result.paths) {
    outcome.text += line_of(invocation, path, dry_run);
    list.push_back(to_json(path));
  }
  outcome.text +=
      fmt::format("{} {} of the store and {} of the workspace{}\n", dry_run ? "would free" : "freed",
                  human_size(result.store.bytes), human_size(result.workspace_bytes),
                  dry_run ? "" : "; cairn pull brings it back");
  outcome.json = {{"paths", std::move(list)},
                  {"workspace_bytes", result.workspace_bytes},
                  {"store_bytes", result.store.bytes},
                  {"entries", result.store.entries},
                  {"packs_removed", result.store.packs_removed},
                  {"packs_rewritten", result.store.packs_rewritten}};
  return outcome;
}

Result<Outcome> run_drop(ops::DropOptions options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(options.targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(const auto result, ops::drop(*invocation.workspace, pipeline::read_lock_outputs, options,
                                                invocation.context));
  return report_of(invocation, result, options.dry_run);
}

}  // namespace

Command drop_command() {
  return {"drop",
          "Data",
          "Free the local copy of data that is on a remote",
          "cairn drop data.csv\n  cairn drop --keep-workspace images/",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::DropOptions>();
            app.add_option("targets", options->targets, "Tracked paths, or globs").required();
            app.add_option("-r,--remote", options->remote,
                           "Remote that has to hold the data (default: core.remote)")
                .type_name("NAME");
            app.add_flag("--keep-workspace", options->keep_workspace, "Free the store's copy only");
            app.add_flag("--dry-run", options->dry_run, "Say what would go, and how many bytes");
            return [options](Invocation& invocation) { return run_drop(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
