// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment_show.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/revisions.h"
#include "ops/values.h"

namespace cairn::ops {
namespace {

constexpr std::size_t kShortCommit = 7;

/// A cairn.yaml that cannot be read is named once.
void add_error(std::vector<Error>& errors, Error error) {
  bool known = std::any_of(errors.begin(), errors.end(),
                           [&error](const Error& one) { return one.message() == error.message(); });
  if (!known) {
    errors.push_back(std::move(error));
  }
}

class Shower {
 public:
  Shower(project::Workspace& workspace, const ExperimentShowOptions& options)
      : workspace_(workspace), options_(options), reader_(workspace) {}

  Result<ExperimentsReport> show() {
    CAIRN_TRY_ASSIGN(std::vector<Experiment> experiments, list_experiments(workspace_));
    CAIRN_TRY_ASSIGN(std::vector<git::Oid> bases, choose_bases(experiments));
    CAIRN_TRY(name_branches());
    ExperimentsReport report;
    CAIRN_TRY_ASSIGN(report.workspace, state({"workspace", std::nullopt}, "workspace"));
    for (const git::Oid& base : bases) {
      ShownBase shown;
      CAIRN_TRY_ASSIGN(shown.base, state({base.hex(), base}, name_of(base)));
      for (Experiment& one : experiments) {
        if (one.base == base) {
          CAIRN_TRY_ASSIGN(ShownState line, experiment_state(one));
          shown.experiments.push_back(std::move(line));
        }
      }
      report.bases.push_back(std::move(shown));
    }
    std::size_t seen = 0;
    for (ShownBase& base : report.bases) {
      seen += base.experiments.size();
    }
    report.hidden = experiments.size() - seen;
    CAIRN_TRY(sort(report));
    return report;
  }

 private:
  Result<std::vector<git::Oid>> choose_bases(const std::vector<Experiment>& experiments) {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    std::vector<git::Oid> bases;
    auto add = [&bases](const git::Oid& commit) {
      if (std::find(bases.begin(), bases.end(), commit) == bases.end()) {
        bases.push_back(commit);
      }
    };
    if (options_.all) {
      std::for_each(experiments.rbegin(), experiments.rend(),
                    [&add](const Experiment& one) { add(one.base); });
      return bases;
    }
    for (const std::string& name : options_.bases) {
      CAIRN_TRY_ASSIGN(git::Oid commit, find_commit(workspace_, name));
      add(commit);
    }
    CAIRN_TRY_ASSIGN(std::optional<git::Oid> head, git->head());
    for (unsigned i = 0; options_.bases.empty() && head && i < options_.count; ++i) {
      add(*head);
      CAIRN_TRY_ASSIGN(git::Commit commit, git->read_commit(*head));
      head = commit.parents.empty() ? std::nullopt : std::optional(commit.parents.front());
    }
    return bases;
  }

  Status name_branches() {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(std::vector<git::Ref> branches, git->branches());
    for (const git::Ref& branch : branches) {
      branches_.emplace(branch.commit, branch.short_name());
    }
    return {};
  }

  /// "main" for a commit that a branch leads to, else its first digits.
  [[nodiscard]] std::string name_of(const git::Oid& commit) const {
    auto branch = branches_.find(commit);
    return branch != branches_.end() ? branch->second : commit.hex().substr(0, kShortCommit);
  }

  Result<ShownState> state(const ChosenRevision& revision, const std::string& name) {
    ShownState state;
    state.commit = revision.commit;
    state.row.name = name;
    for (ValueKind kind : {ValueKind::params, ValueKind::metrics}) {
      ValueRequest request;
      request.kind = kind;
      auto values = reader_.read(revision, request);
      if (!values.ok()) {
        add_error(state.errors, values.error().with_context(escaped(name)));
        continue;
      }
      (kind == ValueKind::params ? state.row.params : state.row.metrics) = std::move(values->documents);
      for (const Error& error : values->errors) {
        add_error(state.errors, revision.commit ? error.with_context(escaped(name)) : error);
      }
    }
    return state;
  }

  Result<ShownState> experiment_state(const Experiment& experiment) {
    CAIRN_TRY_ASSIGN(ShownState line, state({experiment.name, experiment.commit}, experiment.name));
    line.row.base = name_of(experiment.base);
    line.row.status = status_name(experiment.status);
    line.experiment = experiment;
    return line;
  }

  Status sort(ExperimentsReport& report) const {
    if (options_.sort_by.empty()) {
      return {};
    }
    bool found = false;
    for (ShownBase& base : report.bases) {
      std::stable_sort(
          base.experiments.begin(), base.experiments.end(), [this](const ShownState& a, const ShownState& b) {
            const text::Value* x = report::find_value(a.row, options_.sort_by);
            const text::Value* y = report::find_value(b.row, options_.sort_by);
            bool swapped = options_.order == SortOrder::descending && x != nullptr && y != nullptr;
            return swapped ? report::sorts_before(y, x) : report::sorts_before(x, y);
          });
      found =
          found || std::any_of(base.experiments.begin(), base.experiments.end(), [this](const auto& line) {
            return report::find_value(line.row, options_.sort_by) != nullptr;
          });
    }
    bool empty = std::all_of(report.bases.begin(), report.bases.end(),
                             [](const ShownBase& base) { return base.experiments.empty(); });
    if (!found && !empty) {
      return Error(Code::not_found, "no experiment has a metric or parameter " + quoted(options_.sort_by));
    }
    return {};
  }

  project::Workspace& workspace_;
  const ExperimentShowOptions& options_;
  ValueReader reader_;
  std::map<git::Oid, std::string> branches_;
};

}  // namespace

Result<ExperimentsReport> show_experiments(project::Workspace& workspace,
                                           const ExperimentShowOptions& options) {
  return Shower(workspace, options).show();
}

}  // namespace cairn::ops
