// SPDX-License-Identifier: Apache-2.0
#include "add_report.h"

#include <fmt/format.h>

#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

const char* outcome_name(project::AddOutcome outcome) {
  switch (outcome) {
    case project::AddOutcome::added:
      return "added";
    case project::AddOutcome::modified:
      return "modified";
    case project::AddOutcome::unchanged:
      return "unchanged";
    case project::AddOutcome::missing:
      return "missing";
  }
  return "";
}

std::string line_of(const Invocation& invocation, const project::AddedPath& path) {
  std::string line = fmt::format("{:<9} {}", outcome_name(path.outcome), shown_path(invocation, path.path));
  if (path.object) {
    bool tree = path.object->family == store::Family::tree;
    line += fmt::format("  ({}{})", tree ? counted(path.files, "file") + ", " : "",
                        human_size(path.object->size));
  }
  return line + "\n";
}

Json to_json(const project::AddedPath& path) {
  Json json = Json::object();
  put_path(json, "path", path.path);
  put_path(json, "tracked", path.tracked);
  json["outcome"] = outcome_name(path.outcome);
  if (path.object) {
    json["hash"] = path.object->id.text();
    json["size"] = path.object->size;
    json["files"] = path.files;
  }
  return json;
}

/// The line to type next: what was written for Git.
std::string next_step(const Invocation& invocation) {
  constexpr std::size_t kShown = 3;
  const std::vector<std::string> files = invocation.workspace->git_files();
  if (files.empty() || invocation.stages || !invocation.workspace->git_layout()) {
    return "";
  }
  std::string line = "next: git add";
  if (files.size() > kShown) {
    return line + " -A\n";
  }
  for (const std::string& path : files) {
    const std::string file = shown_path(invocation, path);
    line +=
        file.find_first_of(" '\"\\$`&;()<>|*?[]#~!") == std::string::npos ? " " + file : " '" + file + "'";
  }
  return line + "\n";
}

}  // namespace

Outcome outcome_of(const Invocation& invocation, const project::AddReport& report, Kept kept) {
  Outcome outcome;
  Json list = Json::array();
  for (const project::AddedPath& path : report.paths) {
    for (const Error& warning : path.warnings) {
      invocation.context.log.warn(warning.message());
    }
    if (path.error) {
      outcome.errors.push_back(*path.error);
      continue;
    }
    outcome.text += line_of(invocation, path);
    list.push_back(to_json(path));
  }
  if (report.stored_bytes > 0) {
    outcome.text += fmt::format("{} {} of new data\n", kept == Kept::on_remote ? "sent" : "stored",
                                human_size(report.stored_bytes));
  }
  outcome.text += next_step(invocation);
  outcome.json = {{"paths", std::move(list)}, {"stored_bytes", report.stored_bytes}};
  if (kept == Kept::on_remote) {
    outcome.json["stored_bytes"] = 0;
    outcome.json["sent_bytes"] = report.stored_bytes;
  }
  return outcome;
}

}  // namespace cairn::cmd
