// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_definition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/git_files.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

using pipeline::PipelineFile;
using pipeline::Stage;

/// The definition of `name` in a file; nothing if it has none.
std::optional<Definition> defined_in(const PipelineFile& file, std::string_view name) {
  Definition found;
  for (const Stage& stage : file.stages) {
    const std::string& definition = stage.group.empty() ? stage.name : stage.group;
    if (stage.name == name || stage.group == name) {
      found.file = file.path;
      found.name = definition;
      found.member = stage.name == name && !stage.group.empty() ? stage.address() : "";
    }
  }
  if (found.name.empty()) {
    return std::nullopt;
  }
  for (const Stage& stage : file.stages) {
    if (stage.group == found.name) {
      found.members.push_back(stage.address());
    }
  }
  return found;
}

/// The cairn.yaml that a target names, and the name in it; no file for a bare name.
std::pair<std::string, std::string> split_target(const std::string& target, const std::string& folder) {
  const std::size_t colon = target.rfind(':');
  if (colon == std::string::npos) {
    return {"", target};
  }
  return {os::normalized(os::join(folder, target.substr(0, colon))), target.substr(colon + 1)};
}

}  // namespace

std::string Definition::address() const {
  return pipeline::stage_address(file, name);
}

Result<Definition> find_definition(const std::vector<PipelineFile>& files, const std::string& target,
                                   const std::string& folder) {
  const auto [file, name] = split_target(target, folder);
  const std::string here = file.empty() ? os::join(folder, pipeline::kPipelineFile) : file;
  std::vector<Definition> found;
  for (const PipelineFile& one : files) {
    std::optional<Definition> definition = defined_in(one, name);
    if (!definition || (!file.empty() && one.path != here)) {
      continue;
    }
    if (one.path == here) {
      return *definition;
    }
    found.push_back(std::move(*definition));
  }
  if (found.empty()) {
    return Error(Code::not_found, fmt::format("no stage {}", quoted(target)), "cairn stage list");
  }
  if (found.size() > 1) {
    std::vector<std::string> addresses;
    for (const Definition& definition : found) {
      addresses.push_back(quoted(definition.address()));
    }
    return Error(Code::usage, fmt::format("{} stages are called {}", found.size(), quoted(target)),
                 fmt::format("say which: {}", fmt::join(addresses, ", ")));
  }
  return found.front();
}

Result<PipelineEditor> PipelineEditor::open(project::Workspace& workspace) {
  PipelineEditor editor(workspace);
  CAIRN_TRY_ASSIGN(editor.files_, load_pipelines(workspace));
  return editor;
}

Result<FileEdit*> PipelineEditor::find(const std::string& file) {
  const auto known =
      std::find_if(edits_.begin(), edits_.end(), [&file](const FileEdit& edit) { return edit.path == file; });
  if (known != edits_.end()) {
    return &*known;
  }
  CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), file));
  FileEdit edit{file, text.value_or(""), text.value_or("")};
  edits_.push_back(std::move(edit));
  return &edits_.back();
}

Status PipelineEditor::check() {
  std::vector<PipelineFile> files = files_;
  for (const FileEdit& edit : edits_) {
    std::erase_if(files, [&edit](const PipelineFile& file) { return file.path == edit.path; });
    CAIRN_TRY_ASSIGN(PipelineFile file, pipeline::parse_pipeline(edit.after, edit.path, surroundings_));
    files.push_back(std::move(file));
  }
  CAIRN_TRY(pipeline::Graph::build(std::move(files)));
  return {};
}

Result<std::vector<FileEdit>> PipelineEditor::finish(Write write) {
  CAIRN_TRY(check());
  for (const FileEdit& edit : edits_) {
    if (write == Write::yes && edit.changed()) {
      CAIRN_TRY(project::write_git_file(workspace_, edit.path, as_bytes(edit.after)));
    }
  }
  return std::move(edits_);
}

}  // namespace cairn::ops
