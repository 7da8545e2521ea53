// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "version/cause_search.h"
#include "version/cause_words.h"

namespace cairn::version {
namespace {

constexpr unsigned kProof = 3;   // runs that have to give the recorded output
constexpr unsigned kChange = 3;  // runs that have to give the same other output

/// A factor at some value.
struct Setting {
  Factor factor = Factor::hash_seed;
  std::string value;
};
using Settings = std::vector<Setting>;

TrialConditions conditions_of(const Settings& settings) {
  TrialConditions out;
  for (const Setting& one : settings) {
    out[one.factor] = one.value;
  }
  return out;
}

/// Numbers of processors or threads that were recorded and are others here.
std::vector<std::string> recorded_threads(const Conditions& recorded, const Conditions& here) {
  std::vector<std::string> out;
  const auto add = [&out](const std::string& number) {
    if (std::find(out.begin(), out.end(), number) == out.end()) {
      out.push_back(number);
    }
  };
  if (recorded.cpus != 0 && recorded.cpus != here.cpus) {
    add(std::to_string(recorded.cpus));
  }
  for (const auto& [name, value] : recorded.variables) {
    const auto now = here.variables.find(name);
    const bool number =
        !value.empty() && value.size() < 6 && value.find_first_not_of("0123456789") == std::string::npos;
    if (name != "PYTHONHASHSEED" && number && (now == here.variables.end() || now->second != value)) {
      add(value);
    }
  }
  return out;
}

/// What is known of the recorded run and is not so here, each to be tried.
Settings recorded_settings(const CauseQuestion& question) {
  Settings out;
  const Conditions& here = question.here;
  if (question.conditions.has_value()) {
    const Conditions& recorded = *question.conditions;
    const auto add = [&out](Factor factor, const std::string& then, const std::string& now) {
      if (!then.empty() && then != now) {
        out.push_back({factor, then});
      }
    };
    add(Factor::locale, recorded.locale, here.locale);
    add(Factor::time_zone, recorded.time_zone, here.time_zone);
    add(Factor::hash_seed, hash_seed_of(recorded).value_or(""), hash_seed_of(here).value_or(""));
    add(Factor::folder, recorded.folder, here.folder);
    for (const std::string& number : recorded_threads(recorded, here)) {
      out.push_back({Factor::threads, number});
    }
  }
  if (question.recorded_start_ms != 0) {
    out.push_back({Factor::clock, std::to_string(question.recorded_start_ms)});
  }
  return out;
}

/// Other values than those here.
Settings changed_settings(const CauseQuestion& question) {
  Settings out = {{Factor::folder, "other"},
                  {Factor::folder_order, "sorted"},
                  {Factor::folder_order, "reversed"},
                  {Factor::clock, another_time(held_time(question))}};
  const auto add = [&out](Factor factor, const std::string& now, std::initializer_list<const char*> values) {
    for (const char* value : values) {
      if (value != now) {
        out.push_back({factor, value});
      }
    }
  };
  add(Factor::locale, question.here.locale, {"C", "C.UTF-8", "en_US.UTF-8"});
  add(Factor::time_zone, question.here.time_zone, {"UTC", "Pacific/Kiritimati"});
  add(Factor::threads, std::to_string(question.here.cpus), {"1", "2"});
  if (const auto seed = hash_seed_of(question.here)) {
    add(Factor::hash_seed, *seed, {"1", "2"});
  }
  return out;
}

/// False where the factor is known to have been the same when the recorded output was made.
bool may_have_differed(Factor factor, const CauseQuestion& question) {
  if (!question.conditions.has_value()) {
    return true;
  }
  const Conditions& recorded = *question.conditions;
  const Conditions& here = question.here;
  switch (factor) {
    case Factor::locale:
      return recorded.locale.empty() || recorded.locale != here.locale;
    case Factor::time_zone:
      return recorded.time_zone.empty() || recorded.time_zone != here.time_zone;
    case Factor::folder:
      return recorded.folder.empty() || recorded.folder != here.folder;
    case Factor::threads:
      return recorded.cpus == 0 || !recorded_threads(recorded, here).empty();
    case Factor::hash_seed:
      return hash_seed_of(recorded) != hash_seed_of(here);
    default:
      return true;
  }
}

/// One search.
class Stable {
 public:
  Stable(const CauseQuestion& question, CauseTrials& trials, const DifferingOut& out)
      : question_(question), trials_(trials), out_(out), recorded_(recorded_settings(question)) {}

  Result<Finding> by_record() {
    for (const Setting& one : recorded_) {
      CAIRN_TRY_ASSIGN(const bool proven, proves({one}));
      if (proven) {
        return proof({one});
      }
    }
    CAIRN_TRY_ASSIGN(const Settings together, needed_together());
    if (!together.empty()) {
      return proof(together);
    }
    return question_.environment.empty() ? Finding{} : environment();
  }

  Result<Finding> by_influence() {
    Finding finding;
    for (const Setting& one : changed_settings(question_)) {
      const std::string name(factor_name(one.factor));
      const bool named = std::any_of(finding.causes.begin(), finding.causes.end(),
                                     [&name](const Cause& cause) { return cause.factor == name; });
      CAIRN_TRY_ASSIGN(const bool possible, named ? Result<bool>(false) : may_explain(one.factor));
      CAIRN_TRY_ASSIGN(const Sampled changed, possible ? changed_by(one) : Result<Sampled>(Sampled{}));
      if (changed.same()) {
        finding.causes.push_back(influence(one, changed));
      }
    }
    if (finding.causes.empty()) {
      finding.note = "" + runs_words(static_cast<unsigned>(out_.seen.size())) +
                     " here gave the same output, which is not the recorded one";
    }
    return finding;
  }

 private:
  /// Runs with these give what was recorded. Most do not, and show it at once.
  Result<bool> proves(const Settings& settings) {
    for (const unsigned runs : {1U, kProof}) {
      CAIRN_TRY_ASSIGN(const Sampled sampled, trials_.sample(conditions_of(settings), out_.path, runs));
      if (!sampled.gave(out_.recorded)) {
        return false;
      }
    }
    return true;
  }

  /// Of all that is known of the recorded run, what is needed to get its output; empty where that is not
  /// enough.
  Result<Settings> needed_together() {
    Settings settings;
    for (const Setting& one : recorded_) {
      CAIRN_TRY_ASSIGN(const Sampled alone, trials_.sample(conditions_of({one}), out_.path, 1));
      const bool twice = std::any_of(settings.begin(), settings.end(),
                                     [&one](const Setting& other) { return other.factor == one.factor; });
      if (alone.same() && !twice) {
        settings.push_back(one);
      }
    }
    if (settings.size() < 2) {
      return Settings{};
    }
    CAIRN_TRY_ASSIGN(const bool all, proves(settings));
    for (std::size_t left = all ? settings.size() : 0; left > 0; --left) {
      Settings fewer = settings;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left - 1));
      CAIRN_TRY_ASSIGN(const bool enough, proves(fewer));
      if (enough) {
        settings = std::move(fewer);
      }
    }
    return all ? settings : Settings{};
  }

  [[nodiscard]] Finding proof(const Settings& settings) const {
    std::string how;
    for (const Setting& one : settings) {
      how += (how.empty() ? "" : " and ") + (one.factor == Factor::clock
                                                 ? "the clock at the time of the recorded run"
                                                 : "the recorded " + setting_words(one.factor, one.value));
    }
    Finding finding;
    for (const Setting& one : settings) {
      finding.causes.push_back({std::string(factor_name(one.factor)),
                                influence_words(one.factor),
                                "with " + how + ", " + runs_words(kProof) + " gave the recorded output",
                                {out_.path}});
    }
    return finding;
  }

  [[nodiscard]] Finding environment() const {
    std::string all;
    for (const std::string& one : question_.environment) {
      all += (all.empty() ? "" : "; ") + one;
    }
    return {{{"environment", "the environment is not the recorded one", all, {out_.path}}}, ""};
  }

  [[nodiscard]] Cause influence(const Setting& setting, const Sampled& changed) const {
    return {std::string(factor_name(setting.factor)),
            influence_words(setting.factor),
            "with " + setting_words(setting.factor, setting.value) + ", " + runs_words(changed.runs) +
                " gave " +
                (changed.out == out_.recorded ? "the recorded output" : "another output, the same each time"),
            {out_.path}};
  }

  /// Not where it was the same, nor where its recorded value makes no difference here.
  Result<bool> may_explain(Factor factor) {
    bool possible = may_have_differed(factor, question_);
    for (const Setting& one : recorded_) {
      if (possible && one.factor == factor) {
        CAIRN_TRY_ASSIGN(const Sampled then, trials_.sample(conditions_of({one}), out_.path, 1));
        possible = !then.gave(out_.seen.front());
      }
    }
    return possible;
  }

  /// `same` if runs with the setting agree on another output than without.
  Result<Sampled> changed_by(const Setting& setting) {
    CAIRN_TRY_ASSIGN(const Sampled once, trials_.sample(conditions_of({setting}), out_.path, 1));
    if (!once.same() || once.out == out_.seen.front()) {
      return Sampled{};
    }
    return trials_.sample(conditions_of({setting}), out_.path, kChange);
  }

  const CauseQuestion& question_;
  CauseTrials& trials_;
  const DifferingOut& out_;
  Settings recorded_;
};

}  // namespace

Result<Finding> explain_by_record(const CauseQuestion& question, CauseTrials& trials,
                                  const DifferingOut& out) {
  return Stable(question, trials, out).by_record();
}

Result<Finding> explain_by_influence(const CauseQuestion& question, CauseTrials& trials,
                                     const DifferingOut& out) {
  return Stable(question, trials, out).by_influence();
}

}  // namespace cairn::version
