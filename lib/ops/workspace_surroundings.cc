// SPDX-License-Identifier: Apache-2.0
#include "ops/workspace_surroundings.h"

#include <cstdlib>

#include "project/root_files.h"
#include "text/params.h"

namespace cairn::ops {

Result<const text::Value*> WorkspaceSurroundings::document(const std::string& path) {
  auto known = documents_.find(path);
  if (known == documents_.end()) {
    known = documents_.emplace(path, read(path)).first;
  }
  if (!known->second.ok()) {
    return known->second.error();
  }
  return known->second->get();
}

WorkspaceSurroundings::Document WorkspaceSurroundings::read(const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto text, project::find_text(workspace_.files(), path));
  if (!text) {
    return std::unique_ptr<text::Value>();
  }
  CAIRN_TRY_ASSIGN(text::Value value, text::parse_params(*text, path));
  return std::make_unique<text::Value>(std::move(value));
}

std::optional<std::string> WorkspaceSurroundings::variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace cairn::ops
