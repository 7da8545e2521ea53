// SPDX-License-Identifier: Apache-2.0
// import and import-url.
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/import.h"
#include "ops/import_url.h"
#include "ops/source_place.h"
#include "ops/source_state.h"
#include "os/path.h"
#include "parser.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string url;
  std::string path;
  std::string out;
  std::string revision;
  bool force = false;
};

ops::InTheWay in_the_way(const Options& options) {
  return options.force ? ops::InTheWay::replaced : ops::InTheWay::refused;
}

/// Where the data goes: as the user said, else its own name in this folder.
Result<std::string> out_path(const Options& options, const std::string& name, const Invocation& invocation) {
  if (options.out.empty() && name.empty()) {
    return Error(Code::usage, quoted(options.url) + " does not say how the data is called",
                 "give a name for it");
  }
  return invocation.workspace->to_project_path(options.out.empty() ? name : options.out, invocation.folder);
}

/// `from` is what the data is from, for people.
Outcome outcome_of(const Invocation& invocation, const std::string& path, const project::Pointer& pointer,
                   const std::string& from) {
  Outcome outcome;
  const std::string files = pointer.is_tree() ? counted(pointer.files, "file") + ", " : "";
  outcome.text = fmt::format("imported {} from {}  ({}{})\n", shown_path(invocation, path), from, files,
                             human_size(pointer.object.size));
  put_path(outcome.json, "path", path);
  outcome.json["hash"] = pointer.object.id.text();
  outcome.json["size"] = pointer.object.size;
  if (pointer.is_tree()) {
    outcome.json["files"] = pointer.files;
  }
  return outcome;
}

Result<Outcome> run_import(const Options& options, Invocation& invocation) {
  ops::ImportRequest request;
  request.url = options.url;
  request.path = os::normalized(options.path);
  request.revision = options.revision;
  request.from = invocation.folder;
  request.in_the_way = in_the_way(options);
  CAIRN_TRY_ASSIGN(request.out, out_path(options, std::string(os::name_of(request.path)), invocation));
  CAIRN_TRY_ASSIGN(const ops::Imported imported,
                   ops::import_data(*invocation.workspace, request, invocation.context));
  const auto& source = std::get<project::RepositorySource>(*imported.pointer.source);
  Outcome outcome =
      outcome_of(invocation, request.out, imported.pointer, "commit " + source.commit.substr(0, 12));
  outcome.json["url"] = source.url;
  outcome.json["commit"] = source.commit;
  outcome.json["bytes"] = imported.fetched.bytes;
  return outcome;
}

Result<Outcome> run_import_url(const Options& options, Invocation& invocation) {
  ops::ImportUrlRequest request;
  request.url = options.url;
  request.from = invocation.folder;
  request.in_the_way = in_the_way(options);
  CAIRN_TRY_ASSIGN(request.out, out_path(options, ops::name_of_source(options.url), invocation));
  CAIRN_TRY_ASSIGN(const project::Pointer pointer,
                   ops::import_url(*invocation.workspace, request, invocation.context));
  const auto& source = std::get<project::UrlSource>(*pointer.source);
  Outcome outcome = outcome_of(invocation, request.out, pointer, escaped(source.url));
  outcome.json["url"] = source.url;
  outcome.json["state"] = ops::shown_state(source);
  return outcome;
}

}  // namespace

Command import_command() {
  return {"import",
          "Sharing",
          "Track data of another repository here",
          "cairn import https://example.org/prices.git data/prices.csv\n"
          "  cairn import ../prices model.bin --rev v1.0 -o old-model.bin",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("url", options->url, "Git repository; whatever git clone takes").required();
            app.add_option("path", options->path, "Data, file or folder in it").required();
            app.add_option("--rev", options->revision,
                           "Branch, tag, commit or saved version (default: the repository's own branch)")
                .type_name("REV");
            app.add_option("-o,--out", options->out, "Where it goes (default: its name, in this folder)")
                .type_name("PATH");
            app.add_flag("-f,--force", options->force, "Replace what is there");
            return [options](Invocation& invocation) { return run_import(*options, invocation); };
          },
          TakesCommit::yes};
}

Command import_url_command() {
  return {"import-url",
          "Sharing",
          "Track a file or folder of a server, bucket or folder here",
          "cairn import-url https://example.org/prices.csv\n"
          "  cairn import-url s3://bucket/images data/images\n"
          "  cairn import-url remote://storage/raw/prices.csv",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("url", options->url,
                           "http(s)://, webdav(s)://, s3://, ssh://, file://, remote://NAME/PATH, or a path")
                .required();
            app.add_option("out", options->out, "Where it goes (default: its name, in this folder)");
            app.add_flag("-f,--force", options->force, "Replace what is there");
            return [options](Invocation& invocation) { return run_import_url(*options, invocation); };
          },
          TakesCommit::yes};
}

}  // namespace cairn::cmd
