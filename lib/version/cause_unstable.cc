// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "version/cause_search.h"
#include "version/cause_words.h"

namespace cairn::version {
namespace {

/// How a factor is held, and other values that should change a result which depends on it. Without any, only
/// more runs tell that it is held.
struct Holding {
  Factor factor = Factor::hash_seed;
  std::string value;
  std::vector<std::string> others;
};
using Holdings = std::vector<Holding>;

/// The most special first.
Holdings holdings_of(const CauseQuestion& question) {
  Holdings out;
  if (!hash_seed_of(question.here).has_value()) {
    const auto recorded = question.conditions ? hash_seed_of(*question.conditions) : std::nullopt;
    out.push_back({Factor::hash_seed, recorded.value_or("0"), {"101", "202", "303", "404"}});
  }
  const std::int64_t start = held_time(question);
  out.push_back({Factor::threads, "1", {}});
  out.push_back({Factor::clock, std::to_string(start), {another_time(start)}});
  out.push_back({Factor::processes, "", {}});
  out.push_back({Factor::addresses, "", {}});
  out.push_back({Factor::folder_order, "sorted", {"reversed"}});
  out.push_back({Factor::random, "1", {"2", "3", "4"}});
  return out;
}

TrialConditions conditions_of(const Holdings& holdings) {
  TrialConditions out;
  for (const Holding& one : holdings) {
    out[one.factor] = one.value;
  }
  return out;
}

/// One search.
class Unstable {
 public:
  Unstable(const CauseQuestion& question, CauseTrials& trials, const DifferingOut& out)
      : question_(question), trials_(trials), out_(out), runs_(runs_that_tell(out.seen)) {}

  Result<Finding> explain() {
    for (const Holding& one : holdings_of(question_)) {
      CAIRN_TRY_ASSIGN(const bool alone, holds({one}));
      if (alone) {
        return found({one});
      }
    }
    if (usable_.empty()) {
      return Finding{{}, "runs here differ from each other, and nothing can be held here"};
    }
    CAIRN_TRY_ASSIGN(const Sampled all, hold(usable_, runs_));
    if (all.same()) {
      CAIRN_TRY_ASSIGN(const Holdings needed, needed_of(usable_));
      return needed.empty() ? none() : found(needed);
    }
    return all.kind == Sampled::Kind::differs && only_lines() ? order() : none();
  }

 private:
  /// So many runs that they are equal by chance in 2 of 1000 cases, by how often those that were seen are
  /// (estimated as Krichevsky and Trofimov do, 1981): four where all differ.
  static unsigned runs_that_tell(const std::vector<Out>& seen) {
    unsigned pairs = 0;
    unsigned equal = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        ++pairs;
        equal += seen[i] == seen[j] ? 1U : 0U;
      }
    }
    const double chance = (equal + 0.5) / (pairs + 1.0);
    const double wanted = 1 + std::ceil(std::log(0.002) / std::log(chance));
    return static_cast<unsigned>(std::clamp(wanted, 4.0, 10.0));
  }

  Result<Sampled> hold(const Holdings& holdings, unsigned runs) {
    return trials_.sample(conditions_of(holdings), out_.path, runs);
  }

  /// Whether runs are equal with these held, and are equal but others where one is held at another value: a
  /// program that is only slowed down by being held would not do that.
  Result<bool> holds(const Holdings& holdings) {
    const bool certain =
        std::all_of(holdings.begin(), holdings.end(), [](const Holding& one) { return !one.others.empty(); });
    constexpr unsigned kMore = 2;
    CAIRN_TRY_ASSIGN(const Sampled held, hold(holdings, certain ? runs_ : runs_ + kMore));
    if (holdings.size() == 1 && held.kind != Sampled::Kind::unknown) {
      usable_.push_back(holdings.front());
    }
    bool all = held.same();
    for (std::size_t i = 0; i < holdings.size() && all; ++i) {
      CAIRN_TRY_ASSIGN(all, matters(holdings, i, held.out));
    }
    return all;
  }

  Result<bool> matters(const Holdings& holdings, std::size_t which, const Out& held) {
    bool changes = holdings[which].others.empty();
    Holdings changed = holdings;
    for (std::size_t i = 0; i < holdings[which].others.size() && !changes; ++i) {
      changed[which].value = holdings[which].others[i];
      CAIRN_TRY_ASSIGN(const Sampled once, hold(changed, 1));
      if (once.same() && once.out != held) {
        CAIRN_TRY_ASSIGN(const Sampled twice, hold(changed, 2));
        changes = twice.same();
        break;
      }
    }
    return changes;
  }

  /// Lets go what can be, the least special first. Empty when that does not end with something certain.
  Result<Holdings> needed_of(Holdings holdings) {
    for (std::size_t left = holdings.size(); left > 0; --left) {
      Holdings fewer = holdings;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left - 1));
      CAIRN_TRY_ASSIGN(const Sampled without, hold(fewer, runs_));
      if (without.kind == Sampled::Kind::unknown) {
        return Holdings{};
      }
      if (without.same()) {
        holdings = std::move(fewer);
      }
    }
    bool certain = holdings.size() > 1;
    if (certain) {
      CAIRN_TRY_ASSIGN(certain, holds(holdings));
    }
    return certain ? holdings : Holdings{};
  }

  /// Whether something is so of each two results that differ.
  template <typename Likeness>
  [[nodiscard]] bool of_all_pairs(const Likeness& likeness) const {
    for (std::size_t i = 0; likeness && i < out_.seen.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Out& a = out_.seen[j];
        const Out& b = out_.seen[i];
        if (a != b && (!a.has_value() || !b.has_value() || !likeness(*a, *b))) {
          return false;
        }
      }
    }
    return static_cast<bool>(likeness);
  }
  [[nodiscard]] bool only_lines() const { return of_all_pairs(question_.same_lines); }

  Result<Finding> found(const Holdings& holdings) {
    CAIRN_TRY_ASSIGN(const Sampled held, hold(holdings, runs_));
    std::string how;
    for (const Holding& one : holdings) {
      how += (how.empty() ? "" : " and ") + held_words(one.factor);
    }
    const bool recorded = !question_.recorded.empty() && held.out == out_.recorded;
    const std::string evidence = "with " + how + ", " + runs_words(held.runs) + " gave the same output" +
                                 (recorded ? ", the recorded one" : "") + "; without, runs differ";
    if (of_all_pairs(question_.only_temporary_names)) {
      return one("temporary_name", "the output holds the name of a temporary file", evidence);
    }
    Finding finding;
    for (const Holding& cause : holdings) {
      const std::string name(cause.factor == Factor::random ? "seed" : factor_name(cause.factor));
      finding.causes.push_back(
          {name, varying_words(cause.factor, only_lines(), question_.seeded), evidence, {out_.path}});
    }
    return finding;
  }

  [[nodiscard]] Finding one(std::string factor, std::string text, std::string evidence) const {
    return {{{std::move(factor), std::move(text), std::move(evidence), {out_.path}}}, ""};
  }
  [[nodiscard]] Finding order() const {
    return one("order", "the same lines come in another order in each run",
               runs_words(static_cast<unsigned>(out_.seen.size())) +
                   " gave the same lines in other orders, whatever was held");
  }
  [[nodiscard]] Finding none() const { return {{}, "runs here differ from each other, whatever is held"}; }

  const CauseQuestion& question_;
  CauseTrials& trials_;
  const DifferingOut& out_;
  unsigned runs_;
  Holdings usable_;  ///< that can be held here
};

}  // namespace

Result<Finding> explain_unstable(const CauseQuestion& question, CauseTrials& trials,
                                 const DifferingOut& out) {
  return Unstable(question, trials, out).explain();
}

}  // namespace cairn::version
