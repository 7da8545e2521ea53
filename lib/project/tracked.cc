// SPDX-License-Identifier: Apache-2.0
#include "project/tracked.h"

#include <algorithm>
#include <unordered_map>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"

namespace cairn::project {
namespace {

/// True when `path` is `target`, inside it, or around it.
bool is_related(std::string_view path, std::string_view target) {
  return os::is_within(path, target) || os::is_within(target, path);
}

/// Marks those that `is_meant` in `chosen`; whether there was one.
template <class IsMeant>
bool choose(const std::vector<Tracked>& tracked, std::vector<bool>& chosen, const IsMeant& is_meant) {
  bool found = false;
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    if (is_meant(tracked[i])) {
      chosen[i] = true;
      found = true;
    }
  }
  return found;
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
    const bool is_named = choose(tracked, chosen, [&](const Tracked& one) {
      return is_related(one.path, target) || one.declared_in == target;
    });
    const bool is_whole_project = target.empty();  // which may track nothing
    const auto glob = is_named || is_whole_project ? std::nullopt : git::PathGlob::compile(target);
    const bool is_matched =
        glob && choose(tracked, chosen, [&](const Tracked& one) { return glob->matches(one.path); });
    if (!is_named && !is_whole_project && !is_matched) {
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
