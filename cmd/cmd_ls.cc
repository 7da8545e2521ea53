// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "commands.h"
#include "project/list.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string path;
  std::string revision;
  bool recursive = false;
  bool hash = false;
};

const char* kind_name(store::TreeKind kind) {
  switch (kind) {
    case store::TreeKind::file:
      return "file";
    case store::TreeKind::executable:
      return "executable";
    case store::TreeKind::symlink:
      return "symlink";
    case store::TreeKind::folder:
      return "folder";
  }
  return "";
}

Json to_json(const project::ListEntry& entry) {
  Json json = Json::object();
  put_path(json, "path", entry.path);
  json["kind"] = kind_name(entry.kind);
  if (entry.kind == store::TreeKind::symlink) {
    put_path(json, "target", entry.target);
    return json;
  }
  json["hash"] = entry.id.text();
  json["size"] = entry.size;
  if (entry.files) {
    json["files"] = *entry.files;
  }
  return json;
}

std::vector<std::string> row_of(const Invocation& invocation, const project::ListEntry& entry, bool hash) {
  std::string name = shown_path(invocation, entry.path);
  if (entry.kind == store::TreeKind::folder) {
    name += "/";
  } else if (entry.kind == store::TreeKind::symlink) {
    name += " -> " + entry.target;
  }
  std::string size = entry.kind == store::TreeKind::symlink ? "" : human_size(entry.size);
  std::string files = entry.files ? counted(*entry.files, "file") : "";
  return hash ? std::vector<std::string>{size, files, entry.id.text(), name}
              : std::vector<std::string>{size, files, name};
}

Result<Outcome> run_ls(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(std::string path, invocation.workspace->to_project_path(
                                         options.path.empty() ? "." : options.path, invocation.folder));
  CAIRN_TRY_ASSIGN(auto tracked, tracked_at(invocation, options.revision));
  auto depth = options.recursive ? project::ListDepth::all : project::ListDepth::one;
  CAIRN_TRY_ASSIGN(auto entries, project::list_tracked(*invocation.workspace, tracked, path, depth));
  Outcome outcome;
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  for (const project::ListEntry& entry : entries) {
    rows.push_back(row_of(invocation, entry, options.hash));
    list.push_back(to_json(entry));
  }
  outcome.text = table(rows);
  outcome.json["entries"] = std::move(list);
  return outcome;
}

}  // namespace

Command ls_command() {
  return {"ls",
          "Data",
          "List what is tracked",
          "cairn ls -R images\n  cairn ls --rev v1.0",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("path", options->path, "Folder or tracked path (default: here)");
            app.add_option("--rev", options->revision, "List that revision instead of the workspace");
            app.add_flag("-R,--recursive", options->recursive, "Go into tracked folders");
            app.add_flag("--hash", options->hash, "Show hashes");
            return [options](Invocation& invocation) { return run_ls(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
