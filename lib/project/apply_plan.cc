// SPDX-License-Identifier: Apache-2.0
#include "project/apply_plan.h"

#include <algorithm>
#include <map>

#include "os/path.h"

namespace cairn::project {
namespace {

/// Decides path by path. Folders come before their content, so a folder that must go is known when its
/// content is judged.
class Planner {
 public:
  Planner(const PlanInput& input, const Policy& policy) : input_(input), policy_(policy) {}

  void add(Step step) {
    if (!may_change(input_.only, step.path())) {
      step.action = Action::none;
    } else if (step.present == nullptr) {
      step.action = step.wanted != nullptr ? Action::create : Action::none;
    } else if (step.wanted != nullptr) {
      judge_wanted(step);
    } else {
      judge_unwanted(step);
    }
    if (step.action == Action::replace && step.present->is_folder()) {
      cleared_.insert(step.present->path);
    }
    plan_.push_back(step);
  }

  Plan finish() && { return std::move(plan_); }

 private:
  [[nodiscard]] bool forced() const { return policy_.overwrite == Overwrite::forced; }
  static bool is_base(const Step& step) {
    return step.base != nullptr && same_node(*step.present, *step.base);
  }

  /// A symlink's target is kept by the folder object that cairn wrote it from.
  [[nodiscard]] bool is_safe(const Step& step) const {
    const Node& present = *step.present;
    if (policy_.overwrite == Overwrite::known && is_base(step)) {
      return true;
    }
    if (present.is_file()) {
      return present.id.has_value() && input_.is_stored(*present.id);
    }
    return present.is_folder() || is_base(step);
  }

  /// Takes away what is present if that loses nothing, else `otherwise`.
  void take(Step& step, Action action, Action otherwise) const {
    if (is_safe(step)) {
      step.action = action;
    } else if (forced() && (step.present->is_symlink() || step.present->id.has_value())) {
      step.action = action;
      step.store_first = step.present->is_file();
    } else {
      step.action = otherwise;
    }
  }

  void judge_wanted(Step& step) const {
    if (same_node(*step.present, *step.wanted)) {
      return;
    }
    const bool only_user_changed = step.base != nullptr && same_node(*step.base, *step.wanted);
    if (only_user_changed && !forced() && !step.wanted->is_folder()) {
      step.action = Action::keep_changed;
    } else if (policy_.changed == Changed::refuse && !forced() && !is_base(step)) {
      step.action = Action::conflict;
    } else if (same_bytes(*step.present, *step.wanted)) {
      step.action = Action::set_mode;
    } else {
      take(step, Action::replace, Action::conflict);
    }
  }

  void judge_unwanted(Step& step) const {
    const bool must_go = policy_.extent == Extent::everything || is_cleared(step.present->path);
    if (step.present->is_folder()) {
      const bool ours = step.base != nullptr && step.base->is_folder();
      step.action = must_go || ours ? Action::remove : Action::none;
    } else if (policy_.changed == Changed::refuse && !forced() && (must_go || step.base != nullptr) &&
               !is_base(step)) {
      step.action = Action::conflict;
    } else if (must_go) {
      take(step, Action::remove, Action::conflict);
    } else if (step.base == nullptr) {
      step.action = Action::keep;
    } else if (is_base(step) || forced()) {
      take(step, Action::remove, policy_.changed == Changed::refuse ? Action::conflict : Action::keep);
    } else {
      step.action = Action::keep_changed;
    }
  }

  [[nodiscard]] bool is_cleared(std::string_view path) const {
    while (!cleared_.empty() && !path.empty()) {
      path = os::parent_of(path);
      if (cleared_.contains(path)) {
        return true;
      }
    }
    return false;
  }

  const PlanInput& input_;
  const Policy& policy_;
  std::set<std::string, std::less<>> cleared_;  // folders that make room for a file
  Plan plan_;
};

/// The next node of a listing if it has this path.
const Node* take_if(const Listing& listing, std::size_t& at, const std::string& path) {
  return at < listing.size() && listing[at].path == path ? &listing[at++] : nullptr;
}

}  // namespace

bool may_change(const PathSet& only, std::string_view path) {
  if (only.empty()) {
    return true;
  }
  for (std::string_view outer = path; !outer.empty(); outer = os::parent_of(outer)) {
    if (only.contains(outer)) {
      return true;
    }
  }
  const auto inside = path.empty() ? only.begin() : only.lower_bound(std::string(path) + "/");
  return inside != only.end() && os::is_within(*inside, path);
}

Plan make_plan(const PlanInput& input, const Policy& policy) {
  Planner planner(input, policy);
  std::size_t present = 0;
  std::size_t base = 0;
  std::size_t wanted = 0;
  while (true) {
    const std::string* next = nullptr;
    const auto consider = [&next](const Listing& listing, std::size_t at) {
      if (at < listing.size() && (next == nullptr || listing[at].path < *next)) {
        next = &listing[at].path;
      }
    };
    consider(input.present, present);
    consider(input.base, base);
    consider(input.wanted, wanted);
    if (next == nullptr) {
      return std::move(planner).finish();
    }
    Step step;
    step.present = take_if(input.present, present, *next);
    step.base = take_if(input.base, base, *next);
    step.wanted = take_if(input.wanted, wanted, *next);
    planner.add(step);
  }
}

bool changes_anything(const Plan& plan) {
  return std::any_of(plan.begin(), plan.end(), [](const Step& step) {
    return step.action == Action::create || step.action == Action::replace ||
           step.action == Action::set_mode || step.action == Action::remove;
  });
}

Listing listing_before(const Plan& plan) {
  Listing before;
  for (const Step& step : plan) {
    switch (step.action) {
      case Action::none:
      case Action::keep_changed:
        if (step.present != nullptr && step.wanted != nullptr) {
          before.push_back(*step.wanted);
        }
        break;
      case Action::replace:
      case Action::set_mode:
      case Action::remove:
        before.push_back(*step.present);
        break;
      case Action::create:
      case Action::keep:
      case Action::conflict:
        break;
    }
  }
  return before;
}

std::vector<std::string> case_twins(const Plan& plan) {
  std::map<std::string, std::string> folded;
  std::vector<std::string> twins;
  for (const Step& step : plan) {
    if (step.wanted == nullptr || step.action == Action::none) {
      continue;
    }
    std::string key = step.wanted->path;
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!folded.emplace(std::move(key), step.wanted->path).second) {
      twins.push_back(step.wanted->path);
    }
  }
  return twins;
}

}  // namespace cairn::project
