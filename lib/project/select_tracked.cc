// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"
#include "project/tracked.h"

namespace cairn::project {
namespace {

/// Which of the tracked paths the targets mean. They are looked up by name: with thousands of each, matching
/// every target with every path would take longer than the work itself.
class Selection {
 public:
  explicit Selection(const std::vector<Tracked>& tracked) : chosen_(tracked.size(), false) {
    for (std::size_t i = 0; i < tracked.size(); ++i) {
      paths_.push_back({tracked[i].path, i});
      declarers_.push_back({tracked[i].declared_in, i});
    }
    std::ranges::sort(paths_);
    std::ranges::sort(declarers_);
  }

  /// Whether there is something that `target` names: a path that is it, is inside or around it, or is
  /// declared in it.
  bool choose_named(std::string_view target) {
    if (target.empty()) {
      return choose(paths_);
    }
    bool found = choose_inside(target);
    found |= choose_equal(declarers_, target);
    for (std::string_view path = target; !path.empty(); path = os::parent_of(path)) {
      found |= choose_equal(paths_, path);
    }
    return found;
  }

  bool choose_matched(const git::PathGlob& glob) {
    bool found = false;
    for (const Name& name : paths_) {
      if (glob.matches(name.text)) {
        chosen_[name.place] = true;
        found = true;
      }
    }
    return found;
  }

  [[nodiscard]] bool is_chosen(std::size_t place) const { return chosen_[place]; }

 private:
  struct Name {
    std::string_view text;
    std::size_t place;
    auto operator<=>(const Name&) const = default;
  };

  bool choose(std::span<const Name> names) {
    for (const Name& name : names) {
      chosen_[name.place] = true;
    }
    return !names.empty();
  }

  bool choose_equal(const std::vector<Name>& names, std::string_view text) {
    const auto equal = std::ranges::equal_range(names, text, {}, &Name::text);
    return choose({equal.begin(), equal.end()});
  }

  /// In order of bytes all that is inside "a" stands from "a/" on, before "a0".
  bool choose_inside(std::string_view folder) {
    const std::string first = std::string(folder) + '/';
    const std::string last = std::string(folder) + static_cast<char>('/' + 1);
    const auto from = std::ranges::lower_bound(paths_, std::string_view(first), {}, &Name::text);
    const auto to = std::ranges::lower_bound(paths_, std::string_view(last), {}, &Name::text);
    return choose({from, to});
  }

  std::vector<Name> paths_;      // sorted
  std::vector<Name> declarers_;  // sorted
  std::vector<bool> chosen_;
};

}  // namespace

Result<std::vector<Tracked>> select_tracked(std::vector<Tracked> tracked,
                                            const std::vector<std::string>& targets) {
  if (targets.empty()) {
    return tracked;
  }
  Selection selection(tracked);
  for (const std::string& target : targets) {
    if (selection.choose_named(target) || target.empty()) {  // the whole project may track nothing
      continue;
    }
    const auto glob = git::PathGlob::compile(target);
    if (!glob || !selection.choose_matched(*glob)) {
      return Error(Code::not_found, quoted(target) + " is not tracked by cairn",
                   "cairn ls, or cairn add " + escaped(target));
    }
  }
  std::vector<Tracked> out;
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    if (selection.is_chosen(i)) {
      out.push_back(std::move(tracked[i]));
    }
  }
  return out;
}

}  // namespace cairn::project
