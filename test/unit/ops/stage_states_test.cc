// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_states.h"

#include "pipeline/key.h"
#include "support/matchers.h"
#include "unit/project/project_fixture.h"

namespace cairn::ops {
namespace {

class StageStatesTest : public test::ProjectFixture {
 protected:
  /// Remembers a run of a stage.
  void remember(const std::string& stage, version::RunStatus status, std::int64_t start_ms) {
    version::RunRecord run;
    run.stage = stage;
    run.status = status;
    run.exit_status = status == version::RunStatus::ok ? 0 : 1;
    run.block.name = stage.substr(stage.rfind(':') + 1);
    run.block.cmd = "x";
    run.block.shell = "sh";
    run.block.wdir = version::stage_folder(stage);
    run.key = pipeline::stage_key(run.block, run.block.wdir);
    run.start_ms = start_ms;
    const version::EncodedRun encoded = version::encode_run(run, version::Reuse::no);
    auto journal = version::RunJournal::open(workspace().paths().runs());
    ASSERT_OK(journal);
    ASSERT_OK((*journal)->append(std::span(&encoded, 1)));
  }

  /// "a: never run, b: ...".
  std::string states() {
    reopen();
    Context with = context();
    Result<StatesReport> report = stage_states(workspace(), {}, "", with);
    EXPECT_OK(report);
    std::string text;
    for (const StageStatus& status : report.ok() ? report->stages : std::vector<StageStatus>()) {
      text += (text.empty() ? "" : ", ") + report->graph.address(status.report.stage) + ": " +
              std::string(state_words(status.state));
    }
    return text;
  }
};

TEST_F(StageStatesTest, TellsApartWhatWasNeverRunFailedOrCannotRun) {
  write("in", "1");
  write("cairn.yaml",
        "stages:\n"
        "  a: {cmd: x, deps: [in], outs: [o]}\n"
        "  b: {cmd: x, deps: [missing], outs: [p]}\n"
        "  c: {cmd: x, deps: [in], outs: [q]}\n"
        "  d: {cmd: x, deps: [in], outs: [r], frozen: true}\n");
  remember("c", version::RunStatus::ok, 1000);
  remember("c", version::RunStatus::failed, 2000);
  EXPECT_EQ(states(), "a: never run, b: cannot run, c: failed last time, d: frozen");
  remember("c", version::RunStatus::ok, 3000);
  EXPECT_EQ(states(), "a: never run, b: cannot run, c: never run, d: frozen");
}

TEST_F(StageStatesTest, TheLastRunIsFoundByItsStage) {
  remember("a", version::RunStatus::ok, 1000);
  remember("sub/cairn.yaml:a", version::RunStatus::interrupted, 5000);
  ASSERT_OK_AND_ASSIGN(const LastRuns runs, LastRuns::open(workspace()));
  const std::optional<LastRun> run = runs.find("sub/cairn.yaml:a");
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->status, version::RunStatus::interrupted);
  EXPECT_EQ(run->start_ms, 5000);
  EXPECT_EQ(run->id.size(), 64U);
  ASSERT_TRUE(runs.find("a").has_value());
  EXPECT_FALSE(runs.find("b").has_value());
}

TEST_F(StageStatesTest, EveryStateHasItsWords) {
  for (int i = 0; i <= static_cast<int>(StageState::cannot_run); ++i) {
    const auto state = static_cast<StageState>(i);
    EXPECT_FALSE(state_name(state).empty());
    EXPECT_FALSE(state_words(state).empty());
  }
}

}  // namespace
}  // namespace cairn::ops
