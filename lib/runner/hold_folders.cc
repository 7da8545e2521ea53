// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_folders.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "os/fd.h"
#include "runner/process_memory.h"

namespace cairn::runner {
namespace {

/// Both calls write inode and position, 8 bytes each, and the record's length. getdents64 puts the type
/// before the name, getdents behind it: getdents(2).
constexpr std::size_t kLengthAt = 16;
constexpr std::size_t kNameAt64 = 19;
constexpr std::size_t kNameAt = 18;

/// The open folder itself, as the process has it: reading it moves the process's own place in it.
os::Fd share_descriptor(pid_t process, int fd) {
  const os::Fd holder(static_cast<int>(::syscall(SYS_pidfd_open, process, 0U)));
  return os::Fd(static_cast<int>(::syscall(SYS_pidfd_getfd, holder.get(), fd, 0U)));
}

std::string_view name_of(const std::string& record, long call) {
  return {record.c_str() + (call == SYS_getdents64 ? kNameAt64 : kNameAt)};
}

/// All names from the folder's place on; nothing where it cannot be read.
std::optional<std::vector<std::string>> read_names(int folder, long call) {
  std::vector<std::string> out;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const long got = ::syscall(call, folder, buffer.data(), buffer.size());
    if (got <= 0) {
      return got == 0 ? std::optional(std::move(out)) : std::nullopt;
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      unsigned short length = 0;
      std::memcpy(&length, buffer.data() + at + kLengthAt, sizeof length);
      out.emplace_back(buffer.data() + at, length);
      at += length;
    }
  }
}

/// "." and ".." stay in front, where most programs pass over them anyway.
void put_in_order(std::vector<std::string>& names, long call, Hold::FolderOrder order) {
  const auto by_name = [call](const std::string& a, const std::string& b) {
    return name_of(a, call) < name_of(b, call);
  };
  const auto first = std::partition(names.begin(), names.end(), [call](const std::string& record) {
    return name_of(record, call) == "." || name_of(record, call) == "..";
  });
  std::sort(names.begin(), first, by_name);
  std::sort(first, names.end(), by_name);
  if (order == Hold::FolderOrder::reversed) {
    std::reverse(first, names.end());
  }
}

/// As many as there is room for: the call's result.
std::int64_t hand_out(FolderNames& names, pid_t thread, std::uint64_t address, std::size_t room) {
  std::string text;
  while (!names.empty() && text.size() + names.front().size() <= room) {
    text += names.front();
    names.pop_front();
  }
  if (text.empty()) {
    return names.empty() ? 0 : -EINVAL;
  }
  return write_memory(thread, address, text) ? static_cast<std::int64_t>(text.size()) : -EFAULT;
}

}  // namespace

bool list_held_folder(pid_t thread, pid_t process, Hold::FolderOrder order, Registers& registers,
                      std::map<int, FolderNames>& open) {
  const int fd = static_cast<int>(registers.argument(0));
  const long call = registers.number();
  auto names = read_names(share_descriptor(process, fd).get(), call);
  if (!names.has_value()) {
    return false;
  }
  FolderNames& left = open[fd];
  put_in_order(*names, call, order);
  if (!names->empty() && name_of(names->front(), call) == ".") {  // opened or rewound since the last look
    left.clear();
  }
  left.insert(left.end(), names->begin(), names->end());
  const std::size_t room = static_cast<unsigned>(registers.argument(2));
  registers.set_result(hand_out(left, thread, registers.argument(1), room));
  if (left.empty()) {
    open.erase(fd);
  }
  return true;
}

}  // namespace cairn::runner
