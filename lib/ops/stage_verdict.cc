// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_verdict.h"

#include <algorithm>
#include <map>

#include "base/escape.h"

namespace cairn::ops {
namespace {

using pipeline::ChangeKind;
using version::OutResult;
using version::OutVerdict;
using version::StageResult;
using version::StageVerdict;

std::optional<store::Object> object_of(const std::optional<pipeline::PathState>& state) {
  return state ? std::optional(state->object) : std::nullopt;
}

version::Difference in_words(std::string text) {
  version::Difference difference;
  difference.text = std::move(text);
  return difference;
}

void add_reason(StageResult& result, const std::string& reason) {
  result.reason += (result.reason.empty() ? "" : "; ") + reason;
}

bool is_surrounding(ChangeKind kind) {
  return kind == ChangeKind::track_env_added || kind == ChangeKind::track_env_removed ||
         kind == ChangeKind::track_env_modified;
}

/// What differs of the environment and of tracked variables, in words.
std::vector<std::string> environment_words(const pipeline::StageReport& report) {
  std::vector<std::string> words;
  for (const pipeline::Change& change : report.changes) {
    if (change.kind == ChangeKind::environment && change.inside.empty()) {
      words.emplace_back("the environment is not the recorded one, whose record is not here");
    } else if (change.kind == ChangeKind::environment) {
      words.insert(words.end(), change.inside.begin(), change.inside.end());
    } else if (is_surrounding(change.kind)) {
      words.push_back(pipeline::describe(change));
    }
  }
  return words;
}

/// What the declarations let vary, for people.
void tell_declarations(const pipeline::Stage& stage, StageResult& result) {
  if (stage.runs_always() && !stage.outs.empty()) {
    add_reason(result, "runs always: differences do not count");
  }
  if (!stage.deterministic) {
    add_reason(result, "declared not deterministic");
  }
  for (const pipeline::Out& out : stage.outs) {
    if (out.persist) {
      add_reason(result, quoted(out.path) + " persists: differences do not count");
    }
  }
}

/// Inputs that were not the recorded ones, because a stage before it differed and its recorded outs are
/// nowhere.
void tell_other_inputs(const pipeline::StageReport& report, StageResult& result) {
  for (const pipeline::Change& change : report.changes) {
    if (change.kind == ChangeKind::dep_modified || change.kind == ChangeKind::code_modified ||
        change.kind == ChangeKind::param_modified) {
      add_reason(result, "its inputs were not the recorded ones: " + pipeline::describe(change));
      return;
    }
  }
}

std::string failure_words(const StageRun& run) {
  std::string words = run.failure->message();
  for (const std::string& line : run.last_lines) {
    words += "\n" + escaped(line);
  }
  return words;
}

std::vector<OutResult> not_compared(const pipeline::Stage& stage, const pipeline::StageLock* recorded) {
  std::vector<OutResult> outs;
  for (const OutPair& pair :
       pair_outs(stage, recorded != nullptr ? recorded->outs : std::vector<pipeline::LockedOut>(), {})) {
    OutResult out;
    out.path = pair.path;
    out.rule = report::rule_words(report::compare_rule(pair.declared->compare));
    out.recorded = object_of(pair.before);
    outs.push_back(std::move(out));
  }
  return outs;
}

/// Of a stage whose command was not run, or failed.
StageResult without_outs(const StageOutcome& outcome) {
  StageResult result;
  result.stage = outcome.stage.address();
  result.outs = not_compared(outcome.stage, outcome.recorded);
  result.environment = environment_words(outcome.report);
  if (outcome.run != nullptr) {
    result.verdict = StageVerdict::failed;
    result.reason = failure_words(*outcome.run);
    result.wall_us = outcome.run->wall_us;
  } else if (outcome.report.error) {
    result.verdict = StageVerdict::failed;
    result.reason = outcome.report.error->message();
  } else {
    result.verdict = StageVerdict::skipped;
    result.reason =
        outcome.stage.frozen ? "frozen: its outputs are taken as recorded" : outcome.report.reason;
  }
  return result;
}

}  // namespace

bool may_vary(const pipeline::Stage& stage, const pipeline::Out& out) {
  return out.persist || stage.runs_always() || (!stage.deterministic && out.compare.is(text::Kind::null));
}

std::vector<OutPair> pair_outs(const pipeline::Stage& stage, const std::vector<pipeline::LockedOut>& before,
                               const std::vector<pipeline::LockedOut>& after) {
  std::map<std::string, OutPair> pairs;
  const auto add = [&](const pipeline::LockedOut& out) -> OutPair& {
    OutPair& pair = pairs[out.path];
    pair.path = out.path;
    const auto declared = std::find_if(stage.outs.begin(), stage.outs.end(),
                                       [&](const pipeline::Out& one) { return one.path == out.declared(); });
    pair.declared = declared != stage.outs.end() ? &*declared : pair.declared;
    return pair;
  };
  for (const pipeline::LockedOut& out : before) {
    add(out).before = out.state;
  }
  for (const pipeline::LockedOut& out : after) {
    add(out).after = out.state;
  }
  std::vector<OutPair> all;
  for (auto& [path, pair] : pairs) {
    if (pair.declared != nullptr) {  // what a former cairn.yaml made is no out of this one
      all.push_back(std::move(pair));
    }
  }
  return all;
}

Result<OutResult> compare_pair(store::Reader& reader, const store::Store& store, const OutPair& pair) {
  const report::CompareRule rule = report::compare_rule(pair.declared->compare);
  OutResult result;
  result.path = pair.path;
  result.rule = report::rule_words(rule);
  result.recorded = object_of(pair.before);
  result.found = object_of(pair.after);
  if (pair.before == pair.after) {
    result.verdict = OutVerdict::identical;
  } else if (!pair.before || !pair.after) {
    result.verdict = OutVerdict::missing;
    result.first = in_words(pair.before ? "it was not made" : "it was made, and was not recorded");
  } else if (!store.has(pair.before->object) || !store.has(pair.after->object)) {
    result.verdict = OutVerdict::differs;
    result.first = in_words("another hash; the recorded content is not at hand to compare with");
  } else {
    CAIRN_TRY_ASSIGN(report::OutputComparison compared,
                     report::compare_outputs(reader, *pair.before, *pair.after, rule));
    result.verdict = compared.identical ? OutVerdict::identical
                     : compared.equal   ? OutVerdict::equal
                                        : OutVerdict::differs;
    result.extent = std::move(compared.extent);
    result.first = std::move(compared.first);
  }
  return result;
}

Result<StageResult> judge_stage(store::Store& store, const StageOutcome& outcome) {
  if (outcome.run == nullptr || outcome.run->failure) {
    return without_outs(outcome);
  }
  StageResult result;
  result.stage = outcome.stage.address();
  result.environment = environment_words(outcome.report);
  result.wall_us = outcome.run->wall_us;
  tell_declarations(outcome.stage, result);
  if (outcome.recorded == nullptr) {
    add_reason(result, "cairn.lock has no result of these inputs to compare with");
    return result;
  }
  tell_other_inputs(outcome.report, result);
  store::Reader reader(store);
  for (const OutPair& pair : pair_outs(outcome.stage, outcome.recorded->outs, outcome.run->outs)) {
    CAIRN_TRY_ASSIGN(OutResult out, compare_pair(reader, store, pair));
    const bool differs = out.verdict == OutVerdict::differs || out.verdict == OutVerdict::missing;
    if (differs && may_vary(outcome.stage, *pair.declared)) {
      out.verdict = OutVerdict::not_compared;
    } else if (differs) {
      result.verdict = StageVerdict::differs;
    }
    result.outs.push_back(std::move(out));
  }
  return result;
}

}  // namespace cairn::ops
