// SPDX-License-Identifier: Apache-2.0
#include "ops/missing_input.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

/// What cannot be part of a path that a message names.
constexpr std::string_view kAround = " \t\r\"'`<>()[]{},;:=";

/// Words of a message that may be paths, from the project root.
std::set<std::string> paths_in(const std::string& line, const pipeline::Stage& stage,
                               const std::string& root) {
  std::set<std::string> paths;
  for (std::size_t at = line.find_first_not_of(kAround); at != std::string::npos;) {
    const std::size_t end = std::min(line.find_first_of(kAround, at), line.size());
    const std::string word = line.substr(at, end - at);
    const std::string whole =
        os::normalized(word.starts_with('/') ? word : os::join(os::join(root, stage.wdir), word));
    if (whole != root && os::is_within(whole, root)) {
      const std::string path = os::relative_to(whole, root);
      if (os::check_relative(path).ok()) {
        paths.insert(path);
      }
    }
    at = line.find_first_not_of(kAround, end);
  }
  return paths;
}

Result<bool> stands_in(const project::Workspace& workspace, const std::string& path) {
  auto stat = workspace.files().find_stat(path);
  return stat.ok() && stat->has_value();
}

version::Cause missing(std::string text, std::string evidence) {
  return {"missing_input", std::move(text), std::move(evidence), {}};
}

}  // namespace

Status find_missing_input(const project::Workspace& workspace, const project::Workspace& tree,
                          const StageOutcome& outcome, version::StageResult& result) {
  for (const pipeline::Change& change : outcome.report.changes) {
    if (change.kind == pipeline::ChangeKind::dep_missing) {
      CAIRN_TRY_ASSIGN(const bool here, stands_in(workspace, change.name));
      result.causes.push_back(
          missing("the input " + quoted(change.name) + " is not part of what was saved",
                  here ? "it stands in the workspace, where neither Git nor cairn tracks it"
                       : "cairn.yaml names it, and nothing makes or tracks it"));
    }
  }
  std::set<std::string> seen;
  for (const std::string& line :
       outcome.run != nullptr ? outcome.run->last_lines : std::vector<std::string>()) {
    for (const std::string& path : paths_in(line, outcome.stage, tree.paths().root)) {
      CAIRN_TRY_ASSIGN(const bool there, stands_in(tree, path));
      CAIRN_TRY_ASSIGN(const bool here, stands_in(workspace, path));
      if (here && !there && seen.insert(path).second) {
        result.causes.push_back(
            missing("the command looks for " + quoted(path) + ", which is not part of what was saved",
                    "it stands in the workspace and not in the work tree, and the command names it: " +
                        escaped(line)));
      }
    }
  }
  return {};
}

}  // namespace cairn::ops
