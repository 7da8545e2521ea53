// SPDX-License-Identifier: Apache-2.0
#include "path_report.h"

#include <fmt/format.h>

#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

/// Longer lists are cut in text; --json has them whole.
constexpr std::size_t kShownPaths = 20;

void append_lines(const Invocation& invocation, std::string_view verb, const std::vector<std::string>& paths,
                  std::string& text) {
  for (std::size_t i = 0; i < paths.size() && i < kShownPaths; ++i) {
    text += fmt::format("{:<9} {}\n", verb, shown_path(invocation, paths[i]));
  }
  if (paths.size() > kShownPaths) {
    text += fmt::format("{:<9} and {} more\n", verb, paths.size() - kShownPaths);
  }
}

Json to_json(const project::PathReport& report) {
  Json json = Json::object();
  put_path(json, "path", report.path);
  json["created"] = path_list(report.created);
  json["updated"] = path_list(report.updated);
  json["removed"] = path_list(report.removed);
  json["kept"] = path_list(report.kept);
  json["changed"] = path_list(report.changed);
  json["conflicts"] = path_list(report.conflicts);
  json["files_written"] = report.files_written;
  json["bytes_written"] = report.bytes_written;
  return json;
}

}  // namespace

Json path_list(const std::vector<std::string>& paths) {
  Json list = Json::array();
  for (const std::string& path : paths) {
    Json entry = Json::object();
    put_path(entry, "path", path);
    list.push_back(std::move(entry));
  }
  return list;
}

Outcome outcome_of(const Invocation& invocation, const std::vector<project::PathReport>& paths) {
  Outcome outcome;
  Json list = Json::array();
  for (const project::PathReport& report : paths) {
    append_lines(invocation, "created", report.created, outcome.text);
    append_lines(invocation, "updated", report.updated, outcome.text);
    append_lines(invocation, "removed", report.removed, outcome.text);
    append_lines(invocation, "kept", report.kept, outcome.text);
    append_lines(invocation, "changed", report.changed, outcome.text);
    for (const Error& warning : report.warnings) {
      invocation.context.log.warn(warning.message());
    }
    if (report.error) {
      outcome.errors.push_back(*report.error);
    }
    list.push_back(to_json(report));
  }
  outcome.json["paths"] = std::move(list);
  return outcome;
}

}  // namespace cairn::cmd
