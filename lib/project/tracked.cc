// SPDX-License-Identifier: Apache-2.0
#include "project/tracked.h"

#include <unordered_map>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

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

}  // namespace cairn::project
