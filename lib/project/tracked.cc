// SPDX-License-Identifier: Apache-2.0
#include "project/tracked.h"

#include <algorithm>
#include <unordered_map>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

/// True when `path` is `target`, inside it, or around it.
bool is_related(std::string_view path, std::string_view target) {
  return os::is_within(path, target) || os::is_within(target, path);
}

Error claimed_twice(const Tracked& outer, const Tracked& inner) {
  const std::string both = quoted(outer.declared_in) + " and " + quoted(inner.declared_in);
  if (outer.path == inner.path) {
    return {Code::conflict, quoted(outer.path) + " is tracked twice: by " + both, "remove one of the two"};
  }
  return {Code::conflict,
          quoted(inner.path) + " is inside " + quoted(outer.path) + ", and both are tracked: by " + both,
          "remove one of the two"};
}

}  // namespace

Status check_disjoint(const std::vector<Tracked>& tracked) {
  std::unordered_map<std::string_view, const Tracked*> by_path;
  for (const Tracked& one : tracked) {
    const auto [at, is_new] = by_path.emplace(one.path, &one);
    if (!is_new) {
      return claimed_twice(*at->second, one);
    }
  }
  for (const Tracked& one : tracked) {
    for (std::string_view above = os::parent_of(one.path); !above.empty(); above = os::parent_of(above)) {
      if (const auto at = by_path.find(above); at != by_path.end()) {
        return claimed_twice(*at->second, one);
      }
    }
  }
  return {};
}

Result<std::vector<Tracked>> select_tracked(std::vector<Tracked> tracked,
                                            const std::vector<std::string>& targets) {
  if (targets.empty()) {
    return tracked;
  }
  std::vector<bool> chosen(tracked.size(), false);
  for (const std::string& target : targets) {
    bool found = target.empty();  // the whole project, which may track nothing
    for (std::size_t i = 0; i < tracked.size(); ++i) {
      if (is_related(tracked[i].path, target) || tracked[i].declared_in == target) {
        chosen[i] = true;
        found = true;
      }
    }
    if (!found) {
      return Error(Code::not_found, quoted(target) + " is not tracked by cairn",
                   "cairn ls, or cairn add " + escaped(target));
    }
  }
  std::vector<Tracked> out;
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    if (chosen[i]) {
      out.push_back(std::move(tracked[i]));
    }
  }
  return out;
}

}  // namespace cairn::project
