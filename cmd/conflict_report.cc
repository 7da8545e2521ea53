// SPDX-License-Identifier: Apache-2.0
#include "conflict_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "file_changes.h"
#include "os/path.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

/// Longer lists are cut in text; --json has them whole.
constexpr std::size_t kShownPaths = 20;

std::string data_of(const ops::ResolvedFile& file) {
  return project::is_pointer_path(file.path) ? std::string(project::data_path(file.path)) : file.path;
}

std::string path_of(const ops::ResolvedFile& file, const project::PathConflict& conflict) {
  return conflict.path.empty() ? data_of(file) : os::join(data_of(file), conflict.path);
}

void put_side(Json& json, const char* key, const std::optional<project::ChangeSide>& side) {
  if (side) {
    json[key] = side_json(*side);
  }
}

Json to_json(const ops::ResolvedFile& file) {
  Json json = Json::object();
  put_path(json, "path", file.path);
  json["settled"] = file.settled;
  json["removed"] = file.removed;
  Json paths = Json::array();
  for (const project::PathConflict& conflict : file.paths) {
    Json one = Json::object();
    put_path(one, "path", path_of(file, conflict));
    one["words"] = describe(conflict);
    put_side(one, "base", conflict.sides.base);
    put_side(one, "ours", conflict.sides.ours);
    put_side(one, "theirs", conflict.sides.theirs);
    paths.push_back(std::move(one));
  }
  json["conflicts"] = std::move(paths);
  json["keys"] = file.keys;
  return json;
}

Error refusal_of(const ops::ResolvedFile& file) {
  return {Code::conflict,
          fmt::format("{} is still in conflict: {}", quoted(data_of(file)),
                      counted(file.refused, "conflict was", "conflicts were") + " not settled"),
          "cairn resolve --ours or --theirs, for all or for paths"};
}

}  // namespace

std::string conflict_lines(const Invocation& invocation, const ops::ResolvedFile& file,
                           const std::string& indent) {
  std::string text;
  for (std::size_t i = 0; i < file.paths.size() && i < kShownPaths; ++i) {
    text += fmt::format("{}{}  {}: {}\n", indent, painted("conflict", Color::red, invocation.color),
                        shown_path(invocation, path_of(file, file.paths[i])), describe(file.paths[i]));
  }
  if (file.paths.size() > kShownPaths) {
    text += fmt::format("{}conflict  and {} more\n", indent, file.paths.size() - kShownPaths);
  }
  for (const std::string& key : file.keys) {
    text += fmt::format("{}{}  {}: both sides changed the key {}\n", indent,
                        painted("conflict", Color::red, invocation.color), shown_path(invocation, file.path),
                        quoted(key));
  }
  return text;
}

Json conflicts_json(const std::vector<ops::ResolvedFile>& files) {
  Json list = Json::array();
  for (const ops::ResolvedFile& file : files) {
    list.push_back(to_json(file));
  }
  return list;
}

Outcome outcome_of(const Invocation& invocation, const std::vector<ops::ResolvedFile>& files) {
  Outcome outcome;
  bool all_settled = true;
  for (const ops::ResolvedFile& file : files) {
    all_settled = all_settled && file.settled;
    if (file.settled) {
      outcome.text +=
          fmt::format("{:<9} {}\n", file.removed ? "removed" : "settled", shown_path(invocation, file.path));
    }
    outcome.text += conflict_lines(invocation, file, "");
    if (file.error) {
      outcome.errors.push_back(*file.error);
    } else if (file.refused > 0) {
      outcome.errors.push_back(refusal_of(file));
    }
  }
  if (files.empty()) {
    outcome.text = "nothing is in conflict\n";
  } else if (all_settled) {
    outcome.text += "next: end the merge with git (git commit, git rebase --continue), then cairn checkout\n";
  }
  outcome.json["files"] = conflicts_json(files);
  return outcome;
}

}  // namespace cairn::cmd
