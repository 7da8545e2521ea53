// SPDX-License-Identifier: Apache-2.0
#include "pipeline/graph.h"

#include <algorithm>

#include "os/path.h"
#include "pipeline/path_order.h"

namespace cairn::pipeline {

std::optional<StageIndex> Graph::find(std::string_view address) const {
  const auto at = std::lower_bound(addresses_.begin(), addresses_.end(), address);
  if (at == addresses_.end() || *at != address) {
    return std::nullopt;
  }
  return static_cast<StageIndex>(at - addresses_.begin());
}

const Graph::OutRef* Graph::out_containing(std::string_view path) const {
  // Outs do not overlap, so only the last one that is not after the path can contain it.
  const auto after = std::upper_bound(
      outs_.begin(), outs_.end(), path,
      [this](std::string_view wanted, const OutRef& ref) { return path_before(wanted, out_of(ref).path); });
  if (after == outs_.begin()) {
    return nullptr;
  }
  const OutRef& ref = *std::prev(after);
  return os::is_within(path, out_of(ref).path) ? &ref : nullptr;
}

std::span<const Graph::OutRef> Graph::outs_inside(std::string_view folder) const {
  const auto begin = std::lower_bound(
      outs_.begin(), outs_.end(), folder,
      [this](const OutRef& ref, std::string_view wanted) { return path_before(out_of(ref).path, wanted); });
  auto end = begin;
  while (end != outs_.end() && os::is_within(out_of(*end).path, folder)) {
    ++end;
  }
  return {begin, end};
}

const Graph::OutRef* Graph::glob_containing(std::string_view path) const {
  const OutRef* found = nullptr;
  if (!globs_.empty()) {
    const PathPattern wanted = PathPattern::path(path);
    globs_.each_near(wanted, [&](const GlobIndex::Item& item) {
      if (item.pattern.can_equal(wanted) || item.pattern.can_hold(wanted)) {
        found = &glob_outs_[item.id];
      }
    });
  }
  return found;
}

std::optional<StageIndex> Graph::maker_of(std::string_view path) const {
  const OutRef* ref = out_containing(path);
  ref = ref == nullptr ? glob_containing(path) : ref;
  return ref == nullptr ? std::nullopt : std::optional<StageIndex>(ref->stage);
}

std::vector<StageIndex> Graph::makers_inside(std::string_view folder) const {
  std::vector<StageIndex> makers;
  for (const OutRef& ref : outs_inside(folder)) {
    makers.push_back(ref.stage);
  }
  if (!globs_.empty()) {
    const PathPattern above = PathPattern::path(folder);
    globs_.each_near(above, [&](const GlobIndex::Item& item) {
      if (above.can_hold(item.pattern)) {
        makers.push_back(glob_outs_[item.id].stage);
      }
    });
  }
  std::sort(makers.begin(), makers.end());
  makers.erase(std::unique(makers.begin(), makers.end()), makers.end());
  return makers;
}

}  // namespace cairn::pipeline
