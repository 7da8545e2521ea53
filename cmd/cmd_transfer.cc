// SPDX-License-Identifier: Apache-2.0
// push, fetch and pull: what they move is chosen by the same options.
#include "base/escape.h"
#include "commands.h"
#include "ops/push.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "pipeline/quantity.h"
#include "targets.h"
#include "transfer_report.h"

namespace cairn::cmd {
namespace {

/// Makes a size a number of bytes; what is wrong with it, or "".
std::string bytes_of_size(std::string& size) {
  const auto bytes = pipeline::parse_bytes(size);
  if (!bytes) {
    return quoted(size) + " is no size; write it as 500MB or 2GiB";
  }
  size = std::to_string(*bytes);
  return "";
}

void add_choice(Parser& app, ops::TransferChoice& choice) {
  app.add_option("targets", choice.targets, "Tracked paths, paths inside them, or globs (default: all)");
  app.add_option("-r,--remote", choice.remote, "Remote to use (default: core.remote)").type_name("NAME");
  app.add_option("--stage", choice.stages, "Only what this stage makes; may be given more than once")
      .type_name("NAME")
      .one_value_each();
  app.add_option("--max-size", choice.max_size, "Only files and folders of at most this size, as in 500MB")
      .type_name("SIZE")
      .transform(bytes_of_size);
  app.add_flag("--run-cache,!--no-run-cache", choice.runs, "Results of stages too (default), or not");
  app.add_flag("--logs", choice.logs, "With the results what the commands printed");
}

std::shared_ptr<ops::TransferRequest> add_request(Parser& app) {
  auto request = std::make_shared<ops::TransferRequest>();
  add_choice(app, *request);
  app.add_flag("-a,--all-branches", request->all_branches, "What all local branches need");
  app.add_flag("-T,--all-tags", request->all_tags, "What all tags need");
  app.add_option("--rev", request->revisions, "What this revision needs; may be given more than once")
      .one_value_each();
  return request;
}

Result<Outcome> run_push(ops::TransferRequest request, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(request.targets, project_paths(invocation, request.targets));
  CAIRN_TRY_ASSIGN(auto pushed, ops::push(*invocation.workspace, pipeline::read_lock_outputs, request,
                                          invocation.context));
  return outcome_of(invocation, pushed);
}

Result<Outcome> run_fetch(ops::TransferRequest request, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(request.targets, project_paths(invocation, request.targets));
  CAIRN_TRY_ASSIGN(auto result, ops::fetch(*invocation.workspace, pipeline::read_lock_outputs, request,
                                           invocation.context));
  return outcome_of(invocation, result);
}

Result<Outcome> run_pull(ops::PullOptions options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(options.targets, project_paths(invocation, options.targets));
  CAIRN_TRY_ASSIGN(auto report, ops::pull(*invocation.workspace, pipeline::read_lock_outputs, options,
                                          invocation.context));
  return outcome_of(invocation, report);
}

}  // namespace

Command push_command() {
  return {"push",
          "Sharing",
          "Send data to a remote",
          "cairn push\n  cairn push --all-branches --all-tags",
          Needs::project,
          [](Parser& app) -> Runner {
            auto request = add_request(app);
            return [request](Invocation& invocation) { return run_push(*request, invocation); };
          }};
}

Command fetch_command() {
  return {"fetch",
          "Sharing",
          "Bring data from a remote into the store",
          "cairn fetch --rev v1.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto request = add_request(app);
            return [request](Invocation& invocation) { return run_fetch(*request, invocation); };
          }};
}

Command pull_command() {
  return {"pull",
          "Sharing",
          "Bring data from a remote into the workspace",
          "cairn pull\n  cairn pull data.csv",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::PullOptions>();
            add_choice(app, *options);
            app.add_flag("-f,--force", options->force,
                         "Replace changed data too; 'cairn undo' brings it back");
            return [options](Invocation& invocation) { return run_pull(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
