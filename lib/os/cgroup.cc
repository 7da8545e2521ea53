// SPDX-License-Identifier: Apache-2.0
#include "os/cgroup.h"

#include <algorithm>
#include <charconv>

#include "os/file.h"
#include "os/path.h"

namespace cairn::os {
namespace {

/// One line "ID:CONTROLLERS:PATH" of the membership.
struct Line {
  std::string_view controllers;
  std::string_view path;
};

std::optional<Line> parse(std::string_view text) {
  std::size_t first = text.find(':');
  std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  return Line{text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

bool names(std::string_view controllers, std::string_view wanted) {
  while (!controllers.empty()) {
    std::size_t comma = controllers.find(',');
    if (controllers.substr(0, comma) == wanted) {
      return true;
    }
    controllers.remove_prefix(comma == std::string_view::npos ? controllers.size() : comma + 1);
  }
  return false;
}

}  // namespace

void each_cgroup(const std::string& membership, const std::string& mount, std::string_view controller,
                 const std::function<void(const Cgroup&)>& visit) {
  std::string_view rest = membership;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::optional<Line> line = parse(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    bool version2 = line.has_value() && line->controllers.empty();
    if (!line.has_value() || (!version2 && !names(line->controllers, controller))) {
      continue;
    }
    std::string top = version2 ? mount : join(mount, controller);
    for (std::string_view group = line->path;; group = parent_of(group)) {
      visit({top + std::string(group), version2});
      if (group.empty()) {
        break;
      }
    }
  }
}

std::optional<std::string> cgroup_text(const Cgroup& group, std::string_view file) {
  auto bytes = find_file(join(group.folder, file));
  if (!bytes.ok() || !bytes->has_value()) {
    return std::nullopt;
  }
  return std::string(as_text(**bytes));
}

std::uint64_t cgroup_number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace cairn::os
