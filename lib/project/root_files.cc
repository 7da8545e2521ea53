// SPDX-License-Identifier: Apache-2.0
#include "project/root_files.h"

#include <fcntl.h>

#include "base/escape.h"

namespace cairn::project {
namespace {

constexpr std::uint64_t kLongestText = 16u << 20;

}  // namespace

Result<std::optional<std::string>> find_text(const os::Root& root, std::string_view path) {
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> found, root.find_stat(path));
  if (!found) {
    return std::optional<std::string>();
  }
  if (found->kind != os::Kind::file) {
    return Error(Code::conflict, quoted(path) + " is not a regular file",
                 "remove it, or put the file itself there");
  }
  CAIRN_TRY_ASSIGN(const os::Fd file, root.open_at(path, O_RDONLY | O_NONBLOCK));
  CAIRN_TRY_ASSIGN(const os::FileStat stat, os::stat_fd(file.get(), root.shown(path)));
  if (stat.size > kLongestText) {
    return Error(Code::malformed, quoted(path) + " has more than 16 MiB");
  }
  std::string text(stat.size, '\0');
  const std::span<std::uint8_t> out(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  CAIRN_TRY_ASSIGN(const std::size_t size, os::read_at(file.get(), out, 0, root.shown(path)));
  text.resize(size);
  return std::optional(std::move(text));
}

}  // namespace cairn::project
