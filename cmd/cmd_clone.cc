// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "git/clone.h"
#include "ops/clone.h"
#include "os/path.h"
#include "os/process.h"
#include "parser.h"
#include "render.h"
#include "terminal.h"
#include "transfer_report.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string url;
  std::string folder;
  std::string version;
  bool no_data = false;
};

Result<ops::CloneRequest> request_of(const Options& options, const Invocation& invocation) {
  ops::CloneRequest request;
  request.url = options.url;
  request.from = invocation.folder;
  request.version = options.version;
  request.data = !options.no_data;
  request.quiet = invocation.terminal->verbosity() == Verbosity::quiet;
  const std::string folder = options.folder.empty() ? git::clone_folder_name(options.url) : options.folder;
  if (folder.empty()) {
    return Error(Code::usage, quoted(options.url) + " does not say how the folder is called",
                 "cairn clone " + escaped(options.url) + " DIR");
  }
  request.folder = folder.starts_with('/') ? folder : os::join(invocation.folder, folder);
  CAIRN_TRY_ASSIGN(request.program, os::own_program());
  return request;
}

Result<Outcome> run_clone(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const ops::CloneRequest request, request_of(options, invocation));
  CAIRN_TRY_ASSIGN(const ops::CloneReport report, ops::clone(request, invocation.context));
  invocation.workspace = report.workspace.get();
  Outcome outcome;
  outcome.text = fmt::format("cloned into {}\n", escaped(os::relative_to(request.folder, invocation.folder)));
  if (report.commit) {
    outcome.text += fmt::format("at version {}, commit {}; HEAD is detached\n", escaped(options.version),
                                report.commit->hex().substr(0, 12));
  }
  if (report.pull) {
    Outcome pulled = outcome_of(invocation, *report.pull);
    outcome.text += pulled.text;
    outcome.json = std::move(pulled.json);
    outcome.errors = std::move(pulled.errors);
  }
  put_path(outcome.json, "folder", request.folder);
  outcome.json["commit"] = report.commit ? Json(report.commit->hex()) : Json();
  return outcome;
}

}  // namespace

Command clone_command() {
  return {"clone",
          "Setup",
          "Clone a repository with its data, hooks and versions",
          "cairn clone https://example.org/prices.git\n"
          "  cairn clone git@example.org:prices.git --version v1.0",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("url", options->url, "Whatever git clone takes").required();
            app.add_option("dir", options->folder, "Folder to make (default: the repository's name)");
            app.add_option("--version", options->version,
                           "Check this version, or alias, out; HEAD is detached then")
                .type_name("NAME");
            app.add_flag("--no-data", options->no_data, "Leave the data where it is; cairn pull brings it");
            return [options](Invocation& invocation) { return run_clone(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
