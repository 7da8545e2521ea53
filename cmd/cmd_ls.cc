// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/source_list.h"
#include "ops/source_url.h"
#include "os/file.h"
#include "os/path.h"
#include "parser.h"
#include "project/list.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::vector<std::string> words;
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

project::ListDepth depth_of(const Options& options) {
  return options.recursive ? project::ListDepth::all : project::ListDepth::one;
}

Result<Outcome> list_here(const Options& options, const std::string& word, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(const std::string path, invocation.workspace->to_project_path(word, invocation.folder));
  CAIRN_TRY_ASSIGN(auto tracked, tracked_at(invocation, options.revision));
  CAIRN_TRY_ASSIGN(auto entries,
                   project::list_tracked(*invocation.workspace, tracked, path, depth_of(options)));
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

Json to_json(const std::string& path, const ops::SourceEntry& entry) {
  Json json = Json::object();
  put_path(json, "path", path);
  json["kind"] = kind_name(entry.kind);
  json["tracked"] = entry.keeper == ops::SourceEntry::Keeper::cairn;
  if (entry.object) {
    json["hash"] = entry.object->id.text();
    json["size"] = entry.object->size;
  }
  return json;
}

std::vector<std::string> row_of(const std::string& path, const ops::SourceEntry& entry, bool hash) {
  const std::string name = escaped(path) + (entry.kind == store::TreeKind::folder ? "/" : "");
  const std::string size = entry.object ? human_size(entry.object->size) : "";
  const std::string keeper = entry.keeper == ops::SourceEntry::Keeper::git ? "git" : "";
  std::vector<std::string> row = {size, keeper, name};
  if (hash) {
    row.insert(row.begin() + 2, entry.object ? entry.object->id.text() : "");
  }
  return row;
}

/// Of another repository.
Result<Outcome> list_there(const Options& options, Invocation& invocation) {
  const std::string path = options.words.size() == 2 ? os::normalized(options.words.back()) : "";
  CAIRN_TRY_ASSIGN(const ops::SourceList list,
                   ops::list_source({options.words.front(), options.revision, invocation.folder}, path,
                                    depth_of(options), invocation.context));
  Outcome outcome;
  std::vector<std::vector<std::string>> rows;
  Json entries = Json::array();
  for (const auto& [name, entry] : list.entries) {
    rows.push_back(row_of(name, entry, options.hash));
    entries.push_back(to_json(name, entry));
  }
  outcome.text = table(rows);
  outcome.json["commit"] = list.commit.hex();
  outcome.json["entries"] = std::move(entries);
  return outcome;
}

/// The top of one on this machine.
bool is_repository(const std::string& word, const Invocation& invocation) {
  const std::string folder = word.starts_with('/') ? word : os::join(invocation.folder, word);
  for (const char* name : {".git", "HEAD"}) {
    const auto found = os::find_stat(os::join(folder, name));
    if (found.ok() && *found) {
      return true;
    }
  }
  return false;
}

Result<Outcome> run_ls(const Options& options, Invocation& invocation) {
  const std::string word = options.words.empty() ? "." : options.words.front();
  if (options.words.size() == 2 || ops::looks_like_url(word)) {
    return list_there(options, invocation);
  }
  auto opened = project::Workspace::open(invocation.folder);
  const bool outside = !opened.ok() || !(*opened)->to_project_path(word, invocation.folder).ok();
  if (outside && !options.words.empty() && is_repository(word, invocation)) {
    return list_there(options, invocation);
  }
  if (!opened.ok()) {
    return opened.error();
  }
  invocation.workspace = opened->get();
  auto listed = list_here(options, word, invocation);
  invocation.workspace = nullptr;
  return listed;
}

}  // namespace

Command ls_command() {
  return {"ls",
          "Data",
          "List what is tracked, here or in another repository",
          "cairn ls -R images\n  cairn ls --rev v1.0\n  cairn ls https://example.org/prices.git data",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("path", options->words,
                           "Folder or tracked path (default: here); in front of it the URL of another "
                           "repository")
                .type_name("[URL] [PATH]")
                .expected(0, 2);
            app.add_option("--rev", options->revision,
                           "List that revision instead of the workspace, or of the repository's own branch");
            app.add_flag("-R,--recursive", options->recursive, "Go into tracked folders");
            app.add_flag("--hash", options->hash, "Show hashes");
            return [options](Invocation& invocation) { return run_ls(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
