// SPDX-License-Identifier: Apache-2.0
#include "project/ignore_files.h"

#include "os/path.h"
#include "project/root_files.h"

namespace cairn::project {

Result<IgnoreFiles> IgnoreFiles::load(const os::Root& root, const std::string& folder) {
  CAIRN_TRY_ASSIGN(IgnoreFiles files, IgnoreFiles().entered(root, ""));
  std::string at;
  for (const std::string_view part : os::parts_of(folder)) {
    at = os::join(at, part);
    CAIRN_TRY_ASSIGN(files, files.entered(root, at));
  }
  return files;
}

Result<IgnoreFiles> IgnoreFiles::entered(const os::Root& root, const std::string& folder) const {
  const std::string path = os::join(folder, kIgnoreFile);
  CAIRN_TRY_ASSIGN(const std::optional<std::string> text, find_text(root, path));
  if (!text) {
    return *this;
  }
  auto rules = std::make_shared<git::IgnoreRules>(*rules_);
  rules->add_file(path, *text);
  IgnoreFiles out;
  out.rules_ = std::move(rules);
  return out;
}

}  // namespace cairn::project
