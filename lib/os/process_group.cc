// SPDX-License-Identifier: Apache-2.0
#include "os/process_group.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <string>
#include <string_view>

#include "os/file.h"

namespace cairn::os {
namespace {

/// `stat` is the text of /proc/PID/stat, "PID (NAME) STATE PARENT GROUP …"; NAME may hold anything. See
/// proc(5).
bool runs_in(std::string_view stat, pid_t group) {
  std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 > stat.size()) {
    return false;
  }
  char state = stat[name_end + 2];
  std::string_view rest = stat.substr(name_end + 4);
  rest.remove_prefix(std::min(rest.find(' '), rest.size() - 1) + 1);
  pid_t found = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), found);
  return found == group && state != 'Z' && state != 'X';
}

bool is_number(std::string_view name) {
  return name.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool group_runs(pid_t group) {
  if (::kill(-group, 0) != 0) {
    return false;
  }
  auto processes = list_folder("/proc");
  if (!processes.ok() || processes->empty()) {
    return true;  // nothing better is known
  }
  for (const DirEntry& process : *processes) {
    if (!is_number(process.name)) {
      continue;
    }
    auto stat = find_file("/proc/" + process.name + "/stat");
    if (stat.ok() && stat->has_value() && runs_in(as_text(**stat), group)) {
      return true;
    }
  }
  return false;
}

}  // namespace cairn::os
