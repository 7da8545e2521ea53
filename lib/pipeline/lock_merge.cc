// SPDX-License-Identifier: Apache-2.0
#include "pipeline/lock_merge.h"

#include <map>
#include <optional>
#include <set>

#include "os/path.h"

namespace cairn::pipeline {
namespace {

/// One input of a stage: its sort, and its name in it ("" for what there is once).
using InputName = std::pair<std::string_view, std::string>;
/// All inputs, each with a text that is equal exactly for equal inputs.
using Inputs = std::map<InputName, std::string>;

constexpr std::string_view kDep = "dep";

std::string text_of(const PathState& state) {
  return state.object.id.text() + (state.is_tree() ? "/" : "") + (state.executable ? "*" : "");
}

void add_variables(std::string_view sort, const std::vector<LockedVariable>& variables, Inputs& inputs) {
  for (const LockedVariable& variable : variables) {
    inputs[{sort, variable.name}] = variable.value ? "=" + *variable.value : "";
  }
}

/// What explain() compares, outs left out.
Inputs inputs_of(const StageLock* block) {
  Inputs inputs;
  if (block == nullptr) {
    return inputs;
  }
  inputs[{"cmd", ""}] = block->cmd;
  inputs[{"shell", ""}] = block->shell;
  inputs[{"wdir", ""}] = block->wdir;
  for (const LockedPath& code : block->code) {
    inputs[{"code", code.path}] = text_of(code.state);
  }
  for (const LockedPath& dep : block->deps) {
    inputs[{kDep, dep.path}] = text_of(dep.state);
  }
  for (const LockedParam& param : block->params) {
    inputs[{"param", param.file + ":" + param.key}] = text::canonical(param.value);
  }
  add_variables("env", block->env, inputs);
  add_variables("track_env", block->track_env, inputs);
  if (block->seed) {
    inputs[{"seed", ""}] = std::to_string(*block->seed);
  }
  if (block->environment) {
    inputs[{"environment", ""}] = block->environment->id.text();
  }
  return inputs;
}

const std::string* find(const Inputs& inputs, const InputName& name) {
  const auto found = inputs.find(name);
  return found == inputs.end() ? nullptr : &found->second;
}

bool is_same(const std::string* a, const std::string* b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

template <class T>
bool is_same_block(const T* a, const T* b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

class LockMerger {
 public:
  LockMerger(const text::ThreeWay<Lock>& sides, MergeSide preferred) : sides_(sides), preferred_(preferred) {
    for (const Lock* lock : {&sides_.ours, &sides_.theirs}) {
      for (const StageLock& block : lock->stages) {
        names_.insert(block.name);
        for (const LockedOut& out : block.outs) {
          makers_[out.path] = block.name;
        }
      }
    }
  }

  LockMerge run() {
    for (const std::string& name : names_) {
      if (const StageLock* block = choose(name)) {
        merged_.lock.put(*block);
      }
    }
    return std::move(merged_);
  }

 private:
  using Blocks = text::ThreeWay<const StageLock*>;

  [[nodiscard]] Blocks blocks(const std::string& name) const {
    return {sides_.base.find(name), sides_.ours.find(name), sides_.theirs.find(name)};
  }

  const StageLock* choose(const std::string& name) {
    const auto [base, ours, theirs] = blocks(name);
    const std::optional<MergeSide> side = side_of(name);
    if (!side) {
      return ours;  // the same on both sides
    }
    const bool changed_by_both = !is_same_block(base, ours) && !is_same_block(base, theirs);
    if (changed_by_both && (ours == nullptr || theirs == nullptr)) {
      return nullptr;
    }
    return *side == MergeSide::ours ? ours : theirs;
  }

  /// The side whose block is taken; nothing when both have the same.
  std::optional<MergeSide> side_of(const std::string& name) {
    const auto [base, ours, theirs] = blocks(name);
    if (is_same_block(ours, theirs)) {
      return std::nullopt;
    }
    if (is_same_block(base, ours) || is_same_block(base, theirs)) {
      return is_same_block(base, ours) ? MergeSide::theirs : MergeSide::ours;
    }
    if (ours == nullptr || theirs == nullptr) {
      return preferred_;
    }
    // Written first, so that a circle of stages, which no pipeline has, ends.
    const auto [known, is_new] = chosen_.emplace(name, preferred_);
    if (is_new) {
      const std::optional<MergeSide> fitting = fitting_side(name);
      known->second = fitting.value_or(preferred_);
      if (!fitting) {
        merged_.rerun.push_back(name);
      }
    }
    return known->second;
  }

  std::optional<MergeSide> fitting_side(const std::string& name) {
    const auto [base, ours, theirs] = blocks(name);
    const text::ThreeWay<Inputs> inputs = {inputs_of(base), inputs_of(ours), inputs_of(theirs)};
    const bool ours_fit = fits(MergeSide::ours, inputs.base, inputs.ours, inputs.theirs);
    const bool theirs_fit = fits(MergeSide::theirs, inputs.base, inputs.theirs, inputs.ours);
    if (ours_fit && theirs_fit) {
      return preferred_;  // two results of the same inputs
    }
    if (!ours_fit && !theirs_fit) {
      return std::nullopt;
    }
    return ours_fit ? MergeSide::ours : MergeSide::theirs;
  }

  /// True when `own`, the inputs of `side`, are what the merge brings together.
  bool fits(MergeSide side, const Inputs& base, const Inputs& own, const Inputs& other) {
    std::set<InputName> names;
    for (const Inputs* inputs : {&own, &other}) {
      for (const auto& [name, value] : *inputs) {
        names.insert(name);
      }
    }
    for (const InputName& name : names) {
      const std::string* of_base = find(base, name);
      const std::string* of_own = find(own, name);
      const std::string* of_other = find(other, name);
      const bool is_merged = is_same(of_own, of_other) || is_same(of_base, of_other);
      const bool changed_by_both = !is_same(of_base, of_own);
      if (!is_merged && !(changed_by_both && name.first == kDep && is_made_by(side, name.second))) {
        return false;
      }
    }
    return true;
  }

  /// True when the stages that make `path`, or what is in it, come from this side.
  bool is_made_by(MergeSide side, const std::string& path) {
    std::set<std::string> makers;
    for (std::string_view above = path; !above.empty(); above = os::parent_of(above)) {
      if (const auto maker = makers_.find(above); maker != makers_.end()) {
        makers.insert(maker->second);
      }
    }
    const std::string below = path + "/";
    for (auto at = makers_.lower_bound(below); at != makers_.end() && at->first.starts_with(below); ++at) {
      makers.insert(at->second);
    }
    for (const std::string& maker : makers) {
      if (side_of(maker).value_or(side) != side) {
        return false;
      }
    }
    return !makers.empty();
  }

  const text::ThreeWay<Lock>& sides_;
  MergeSide preferred_;
  std::set<std::string> names_;
  std::map<std::string, std::string, std::less<>> makers_;
  std::map<std::string, MergeSide> chosen_;
  LockMerge merged_;
};

}  // namespace

LockMerge merge_locks(const text::ThreeWay<Lock>& sides, MergeSide preferred) {
  return LockMerger(sides, preferred).run();
}

}  // namespace cairn::pipeline
