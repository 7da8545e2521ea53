// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "pipeline/change_parts.h"

namespace cairn::pipeline {
namespace {

/// All that is known of one out of cairn.yaml: as it is declared, recorded, and found.
struct OutSides {
  const Out* declared = nullptr;
  std::vector<const LockedOut*> recorded;
  std::vector<const FoundPath*> found;
};

/// A glob's pattern is another name than the same text as a path.
using OutName = std::pair<std::string_view, bool>;

std::map<OutName, OutSides> sides_of_outs(const Stage& stage, const StageLock& block, const Inputs& inputs) {
  std::map<OutName, OutSides> outs;
  for (const Out& out : stage.outs) {
    outs[{out.path, out.glob}].declared = &out;
  }
  for (const LockedOut& out : block.outs) {
    outs[{out.declared(), !out.glob.empty()}].recorded.push_back(&out);
  }
  for (const FoundPath& out : inputs.outs) {
    const bool glob = !out.glob.empty();
    const auto known = outs.find({glob ? out.glob : out.path, glob});
    if (known != outs.end()) {
      known->second.found.push_back(&out);
    }
  }
  return outs;
}

const PathState* only_state(const OutSides& out) {
  const bool one_found = out.found.size() == 1 && out.found.front()->state.has_value();
  if (one_found) {
    return &*out.found.front()->state;
  }
  const bool one_recorded = out.recorded.size() == 1 && out.recorded.front()->state.has_value();
  return one_recorded ? &*out.recorded.front()->state : nullptr;
}

/// Path by path, what was made against what is there.
void explain_made(const std::string& name, const OutSides& out, std::vector<Change>& changes) {
  std::map<std::string_view, Pair<PathState, PathState>> paths;
  for (const LockedOut* recorded : out.recorded) {
    if (recorded->state.has_value()) {
      paths[recorded->path].was = &*recorded->state;
    }
  }
  const bool made = !paths.empty();
  for (const FoundPath* found : out.found) {
    if (found->state.has_value()) {
      paths[found->path].now = &*found->state;
    }
  }
  for (const auto& [path, pair] : paths) {
    if (pair.now == nullptr) {
      changes.push_back(path_change(ChangeKind::out_missing, std::string(path), pair.was, nullptr));
    } else if (pair.was == nullptr) {
      changes.push_back(path_change(ChangeKind::out_extra, std::string(path), nullptr, pair.now));
    } else if (!same_content(*pair.was, *pair.now)) {
      changes.push_back(path_change(ChangeKind::out_modified, std::string(path), pair.was, pair.now));
    }
  }
  if (!made && paths.empty() && !out.declared->optional) {
    changes.push_back(path_change(ChangeKind::out_missing, name, nullptr, nullptr));
  }
}

void explain_out(const std::string& name, const OutSides& out, std::vector<Change>& changes) {
  if (out.declared == nullptr) {
    changes.push_back(path_change(ChangeKind::out_removed, name, only_state(out), nullptr));
    return;
  }
  if (out.recorded.empty()) {
    changes.push_back(path_change(ChangeKind::out_added, name, nullptr, only_state(out)));
    return;
  }
  const bool was_cached = out.recorded.front()->cached;
  if (was_cached != out.declared->cached) {
    const auto caching = [](bool cached) { return cached ? "cache: true" : "cache: false"; };
    changes.push_back(
        text_change(ChangeKind::out_caching, name, caching(was_cached), caching(out.declared->cached)));
  }
  explain_made(name, out, changes);
}

}  // namespace

void explain_outs(const Stage& stage, const StageLock& block, const Inputs& inputs,
                  std::vector<Change>& changes) {
  for (const auto& [name, out] : sides_of_outs(stage, block, inputs)) {
    explain_out(std::string(name.first), out, changes);
  }
}

}  // namespace cairn::pipeline
