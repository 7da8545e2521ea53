// SPDX-License-Identifier: Apache-2.0
#include "ops/cause_search.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/likeness.h"
#include "ops/stage_trial.h"
#include "ops/stage_verdict.h"
#include "store/reader.h"

namespace cairn::ops {
namespace {

using Objects = std::map<std::string, store::Object, std::less<>>;

/// Gives results that count as the same the same object.
class Results {
 public:
  Results(store::Store& store, const pipeline::Stage& stage) : store_(store), reader_(store), stage_(stage) {}

  /// Outs that must not vary, each as the first one that it equals.
  Result<Objects> unified(const std::vector<pipeline::LockedOut>& outs) {
    Objects objects;
    for (OutPair& pair : pair_outs(stage_, {}, outs)) {
      if (pair.after && !may_vary(stage_, *pair.declared)) {
        CAIRN_TRY_ASSIGN(const pipeline::PathState state, first_equal(pair));
        objects.emplace(pair.path, state.object);
      }
    }
    return objects;
  }

 private:
  Result<pipeline::PathState> first_equal(OutPair pair) {
    std::vector<pipeline::PathState>& known = known_[pair.path];
    for (const pipeline::PathState& one : known) {
      pair.before = one;
      CAIRN_TRY_ASSIGN(const version::OutResult compared, compare_pair(reader_, store_, pair));
      if (compared.verdict == version::OutVerdict::identical ||
          compared.verdict == version::OutVerdict::equal) {
        return one;
      }
    }
    known.push_back(*pair.after);
    return *pair.after;
  }

  store::Store& store_;
  store::Reader reader_;
  const pipeline::Stage& stage_;
  std::map<std::string, std::vector<pipeline::PathState>> known_;  // by path
};

std::map<std::string, std::string> own_variables(const pipeline::Stage& stage) {
  std::map<std::string, std::string> variables;
  for (const pipeline::LockedVariable& one : pipeline::command_variables(stage)) {
    variables[one.name] = one.value.value_or("");
  }
  return variables;
}

}  // namespace

Result<version::CauseAnswer> search_causes(project::Workspace& workspace, const CauseSearch& search,
                                           const Context& context) {
  context.log.info("looking for the cause of what differs in " + quoted(search.stage.address()));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  Results results(*store, search.stage);
  std::set<std::string> temporary = search.temporary;
  version::CauseQuestion question;
  CAIRN_TRY_ASSIGN(question.recorded, results.unified(search.recorded));
  CAIRN_TRY_ASSIGN(question.found, results.unified(search.found));
  question.conditions = search.conditions;
  question.here = version::current_conditions(own_variables(search.stage), workspace.paths().root);
  question.recorded_start_ms = search.recorded_start_ms;
  question.environment = search.environment;
  question.seeded = search.stage.seed.has_value();
  question.same_lines = [store](const store::Object& a, const store::Object& b) {
    return have_same_lines(*store, a, b);
  };
  question.only_temporary_names = [store, &temporary](const store::Object& a, const store::Object& b) {
    return differ_only_in(*store, a, b, temporary);
  };
  question.is_time_over = [&search] { return std::chrono::steady_clock::now() >= search.time_over; };
  StageTrials trials(workspace, search.stage, context);
  const auto run = [&](const version::TrialConditions& conditions) -> Result<version::TrialResult> {
    CAIRN_TRY_ASSIGN(Trial trial, trials.run(conditions));
    temporary.merge(trial.temporary);
    version::TrialResult result;
    result.failed = trial.failed;
    CAIRN_TRY_ASSIGN(result.outs, results.unified(trial.outs));
    return result;
  };
  return version::find_causes(question, run);
}

}  // namespace cairn::ops
