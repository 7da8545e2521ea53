// SPDX-License-Identifier: Apache-2.0
#include "ops/moved_folder.h"

#include "ops/work_area.h"
#include "os/file.h"

namespace cairn::ops {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

Result<MovedFolder> MovedFolder::move(const std::string& folder) {
  std::string moved = folder + std::string(kMovedSuffix);
  const Status renamed = os::rename_file(folder, moved);
  if (!renamed.ok()) {
    return Error(Code::unsupported, renamed.error().message());
  }
  return MovedFolder(folder, std::move(moved));
}

MovedFolder::~MovedFolder() {
  (void)move_back();
}

void MovedFolder::adjust(runner::ShellCommand& command) const {
  command.folder = replaced(command.folder, folder_, moved_);
  for (std::string& word : command.wrapper) {
    word = replaced(word, folder_, moved_);
  }
  for (auto& [name, value] : command.env) {
    if (value) {
      value = replaced(*value, folder_, moved_);
    }
  }
}

Status MovedFolder::move_back() {
  return folder_.empty() ? Status() : os::rename_file(moved_, std::exchange(folder_, {}));
}

}  // namespace cairn::ops
