// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/surroundings.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Files of a workspace and the environment of this process. Each file is read and parsed once.
class WorkspaceSurroundings : public pipeline::Surroundings {
 public:
  /// `workspace` must outlive this object.
  explicit WorkspaceSurroundings(project::Workspace& workspace) : workspace_(workspace) {}

  /// Errors: as project::find_text and text::parse_params, the same for each call.
  Result<const text::Value*> document(const std::string& path) override;
  std::optional<std::string> variable(const std::string& name) override;

 private:
  /// Null pointer: missing.
  using Document = Result<std::unique_ptr<text::Value>>;

  Document read(const std::string& path);

  project::Workspace& workspace_;
  std::map<std::string, Document> documents_;
};

}  // namespace cairn::ops
