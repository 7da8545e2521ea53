// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ops/repro.h"
#include "version/run_journal.h"

/// How stages stand, without running anything: for status, why, dag and stage list.
namespace cairn::ops {

enum class StageState : std::uint8_t {
  up_to_date,
  changed,           ///< what it depends on, or what it made, is not as recorded
  upstream_changed,  ///< only stages before it are not up to date
  never_run,
  missing_outs,  ///< all that differs is that outs are not here
  failed,        ///< it is not up to date, and its last run did not end well
  frozen,
  cannot_run,  ///< an input is missing
};

/// "up_to_date" in JSON, "up to date" for people.
std::string_view state_name(StageState state);
std::string_view state_words(StageState state);

/// The last run that is remembered of a stage.
struct LastRun {
  std::string id;  ///< digits
  version::RunStatus status = version::RunStatus::ok;
  std::int64_t start_ms = 0;
};

/// The last run of each stage, from the journal. Threads: one.
class LastRuns {
 public:
  /// Cost: reads the journal once.
  static Result<LastRuns> open(project::Workspace& workspace);
  /// Nothing when none is remembered, or its record cannot be read. Cost: reads the record.
  [[nodiscard]] std::optional<LastRun> find(std::string_view address) const;

 private:
  std::unique_ptr<version::RunJournal> journal_;
  std::unordered_map<std::uint64_t, version::RunPlace> last_;  // by version::stage_mark
};

struct StageStatus {
  StageState state = StageState::up_to_date;
  pipeline::StageReport report;     ///< of a dry run
  std::optional<LastRun> last_run;  ///< of a stage that is not up to date
};

struct StatesReport {
  pipeline::Graph graph;
  std::vector<StageStatus> stages;  ///< in order of execution

  [[nodiscard]] std::size_t count(StageState state) const;
};

/// The targets with all that they need; no targets: every stage. Errors: as repro.
Result<StatesReport> stage_states(project::Workspace& workspace, const std::vector<std::string>& targets,
                                  const std::string& folder, Context& context);

}  // namespace cairn::ops
