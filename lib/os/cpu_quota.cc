// SPDX-License-Identifier: Apache-2.0
#include "os/cpu_quota.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "os/file.h"
#include "os/path.h"

namespace cairn::os {
namespace {

std::optional<std::string> find_text(const std::string& path) {
  auto bytes = find_file(path);
  if (!bytes.ok() || !bytes->has_value()) {
    return std::nullopt;
  }
  return std::string(as_text(**bytes));
}

/// The number at the start of `text`; 0 for "max", "-1" and whatever else means no limit.
std::uint64_t number_in(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<unsigned> rounded_up(std::uint64_t quota, std::uint64_t period) {
  if (quota == 0 || period == 0) {
    return std::nullopt;
  }
  return static_cast<unsigned>(
      std::clamp<std::uint64_t>(quota / period + (quota % period != 0), 1, 1u << 16));
}

std::optional<unsigned> limit_of(const std::string& group, bool version2) {
  if (version2) {
    std::string text = find_text(join(group, "cpu.max")).value_or("max");
    std::size_t space = text.find(' ');
    return space == std::string::npos ? std::nullopt
                                      : rounded_up(number_in(text), number_in(text.substr(space + 1)));
  }
  std::string quota = find_text(join(group, "cpu.cfs_quota_us")).value_or("");
  std::string period = find_text(join(group, "cpu.cfs_period_us")).value_or("");
  return rounded_up(number_in(quota), number_in(period));
}

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

bool rules_cpu(std::string_view controllers) {
  while (!controllers.empty()) {
    std::size_t comma = controllers.find(',');
    if (controllers.substr(0, comma) == "cpu") {
      return true;
    }
    controllers.remove_prefix(comma == std::string_view::npos ? controllers.size() : comma + 1);
  }
  return false;
}

}  // namespace

std::optional<unsigned> cpu_quota(const std::string& membership, const std::string& mount) {
  std::optional<unsigned> least;
  std::string_view rest = membership;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::optional<Line> line = parse(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    bool version2 = line.has_value() && line->controllers.empty();
    if (!line.has_value() || (!version2 && !rules_cpu(line->controllers))) {
      continue;
    }
    std::string top = version2 ? mount : join(mount, "cpu");
    // A container sees its own group as the top, whatever the path says: groups that do not exist limit
    // nothing.
    for (std::string_view group = line->path;; group = parent_of(group)) {
      std::optional<unsigned> limit = limit_of(top + std::string(group), version2);
      if (limit.has_value()) {
        least = std::min(least.value_or(*limit), *limit);
      }
      if (group.empty()) {
        break;
      }
    }
  }
  return least;
}

}  // namespace cairn::os
