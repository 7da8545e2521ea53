// SPDX-License-Identifier: Apache-2.0
#include "version/cause.h"

#include <algorithm>
#include <array>
#include <set>

#include "version/cause_search.h"
#include "version/cause_trials.h"

namespace cairn::version {
namespace {

/// Trials without any conditions: so many, and so many before an influence is believed.
constexpr unsigned kBaseline = 3;
constexpr unsigned kLongBaseline = 7;
constexpr std::int64_t kSomeTime = 1'704'164'645'678;  // 2024-01-02 03:04:05.678 UTC

/// What differs from the record; without one, all outs.
std::set<std::string> paths_of(const CauseQuestion& question, const CauseTrials& trials) {
  std::set<std::string> paths = question.recorded.empty() ? trials.paths() : std::set<std::string>();
  for (const auto* outs : {&question.recorded, &question.found}) {
    for (const auto& [path, object] : *outs) {
      paths.insert(path);
    }
  }
  if (!question.recorded.empty()) {
    std::erase_if(paths, [&question](const std::string& path) {
      return out_of(question.recorded, path) == out_of(question.found, path);
    });
  }
  return paths;
}

/// Adds what up to `runs` trials gave; whether all runs gave the same.
Result<bool> is_stable(CauseTrials& trials, DifferingOut& out, unsigned runs) {
  CAIRN_TRY_ASSIGN(const std::vector<Out> trial_outs, trials.baseline(out.path, runs));
  out.seen.resize(1);
  out.seen.insert(out.seen.end(), trial_outs.begin(), trial_outs.end());
  return std::all_of(out.seen.begin(), out.seen.end(), [&out](const Out& one) { return one == out.seen[0]; });
}

Result<Finding> explain(const CauseQuestion& question, CauseTrials& trials, const std::string& path) {
  DifferingOut out{path, out_of(question.recorded, path), {out_of(question.found, path)}};
  CAIRN_TRY_ASSIGN(bool stable, is_stable(trials, out, kBaseline));
  if (stable && out.seen.size() <= kBaseline) {
    return Finding{{}, trials.time_over() ? "" : "the command fails when it is run again"};
  }
  if (stable && question.recorded.empty()) {
    return Finding{};
  }
  if (stable) {
    CAIRN_TRY_ASSIGN(Finding finding, explain_by_record(question, trials, out));
    if (!finding.causes.empty()) {
      return finding;
    }
    CAIRN_TRY_ASSIGN(finding, explain_by_influence(question, trials, out));
    // An output with few values may only have seemed to be stable.
    CAIRN_TRY_ASSIGN(stable,
                     finding.causes.empty() ? Result<bool>(true) : is_stable(trials, out, kLongBaseline));
    if (stable) {
      return finding;
    }
  }
  return explain_unstable(question, trials, out);
}

/// One cause for all outs that it explains alike.
void add_cause(std::vector<Cause>& causes, Cause cause) {
  const auto same = std::find_if(causes.begin(), causes.end(), [&cause](const Cause& one) {
    return one.factor == cause.factor && one.text == cause.text;
  });
  if (same == causes.end()) {
    causes.push_back(std::move(cause));
  } else {
    same->outs.insert(same->outs.end(), cause.outs.begin(), cause.outs.end());
  }
}

/// Notes of outs, without saying the same twice; with the path where not all have it.
std::string joined(const std::map<std::string, std::string>& notes, bool of_all) {
  std::set<std::string> different;
  std::string out;
  for (const auto& [path, note] : notes) {
    different.insert(note);
    out += (out.empty() ? "" : "; ") + path + ": " + note;
  }
  return of_all && different.size() == 1 ? *different.begin() : out;
}

}  // namespace

std::string_view factor_name(Factor factor) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "hash_seed", "threads",      "clock",  "addresses", "random",
      "processes", "folder_order", "locale", "time_zone", "folder"};
  return kNames.at(static_cast<std::size_t>(factor));
}

std::string another_time(std::int64_t start_ms) {
  constexpr std::int64_t kSecond = 1000;
  constexpr std::int64_t kHour = 3600 * kSecond;
  constexpr std::int64_t kDay = 24 * kHour;
  return std::to_string(start_ms - 397 * kDay - 7 * kHour - 671 * kSecond - 13);
}

std::int64_t held_time(const CauseQuestion& question) {
  return question.recorded_start_ms != 0 ? question.recorded_start_ms : kSomeTime;
}

std::optional<std::string> hash_seed_of(const Conditions& conditions) {
  const auto found = conditions.variables.find("PYTHONHASHSEED");
  const bool number = found != conditions.variables.end() && !found->second.empty() &&
                      found->second.find_first_not_of("0123456789") == std::string::npos;
  return number ? std::optional(found->second) : std::nullopt;
}

Result<CauseAnswer> find_causes(const CauseQuestion& question, const RunTrial& run) {
  CauseTrials trials(question, run);
  CAIRN_TRY(trials.baseline("", kBaseline));  // it also shows which outs there are
  CauseAnswer answer;
  std::map<std::string, std::string> notes;
  const std::set<std::string> paths = paths_of(question, trials);
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(Finding finding, explain(question, trials, path));
    for (Cause& cause : finding.causes) {
      add_cause(answer.causes, std::move(cause));
    }
    if (finding.causes.empty() && trials.time_over()) {
      finding.note = "the time for trials was over";
    }
    if (!finding.note.empty()) {
      notes[path] = finding.note;
    }
  }
  answer.note = joined(notes, notes.size() == paths.size());
  if (answer.causes.empty() && answer.note.empty()) {
    answer.note = "runs here gave the same output";
  }
  answer.trials = trials.count();
  return answer;
}

}  // namespace cairn::version
