// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/surroundings.h"
#include "text/params.h"

namespace cairn::pipeline {

/// Files and variables that a test makes up.
class FakeSurroundings : public Surroundings {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;
  std::map<std::string, int> asked;  ///< how often each file was wanted

  Result<const text::Value*> document(const std::string& path) override {
    ++asked[path];
    const auto file = files.find(path);
    if (file == files.end()) {
      return nullptr;
    }
    CAIRN_TRY_ASSIGN(documents_[path], text::parse_params(file->second, path));
    return &documents_[path];
  }
  std::optional<std::string> variable(const std::string& name) override {
    const auto value = variables.find(name);
    return value == variables.end() ? std::nullopt : std::optional(value->second);
  }

 private:
  std::map<std::string, text::Value> documents_;
};

}  // namespace cairn::pipeline
