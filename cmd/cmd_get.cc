// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/get.h"
#include "os/path.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

Result<Outcome> run_get(ops::GetRequest request, Invocation& invocation) {
  request.from = invocation.folder;
  request.path = os::normalized(request.path);
  if (request.out.empty()) {
    request.out = os::name_of(request.path);
  }
  if (!request.out.starts_with('/')) {
    request.out = os::normalized(os::join(invocation.folder, request.out));
  }
  CAIRN_TRY_ASSIGN(const ops::GetReport report, ops::get(request, invocation.context));
  Outcome outcome;
  outcome.text = fmt::format(
      "got {} from commit {}{}\n", escaped(os::relative_to(request.out, invocation.folder)),
      report.commit.hex().substr(0, 12),
      report.fetched.bytes == 0 ? "" : fmt::format(" ({} fetched)", human_size(report.fetched.bytes)));
  put_path(outcome.json, "path", request.out);
  outcome.json["commit"] = report.commit.hex();
  outcome.json["objects"] = report.fetched.objects;
  outcome.json["bytes"] = report.fetched.bytes;
  return outcome;
}

}  // namespace

Command get_command() {
  return {"get",
          "Sharing",
          "Bring a file or folder of another repository here",
          "cairn get https://example.org/prices.git data/prices.csv\n"
          "  cairn get ../prices model.bin --rev v1.0 -o old-model.bin",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto request = std::make_shared<ops::GetRequest>();
            app.add_option("url", request->url, "Git repository; whatever git clone takes").required();
            app.add_option("path", request->path, "Data, file or folder in it").required();
            app.add_option("--rev", request->revision,
                           "Branch, tag, commit or saved version (default: the repository's own branch)")
                .type_name("REV");
            app.add_option("-o,--out", request->out, "Where it goes (default: its name, in this folder)")
                .type_name("PATH");
            app.add_flag("-f,--force", request->force, "Replace what is there");
            return [request](Invocation& invocation) { return run_get(*request, invocation); };
          }};
}

}  // namespace cairn::cmd
