// SPDX-License-Identifier: Apache-2.0
#include "pipeline/schedule.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>

#include "unit/pipeline/repro_fixture.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kChain =
    "stages:\n"
    "  a: {cmd: one, deps: [in], outs: [x]}\n"
    "  b: {cmd: two, deps: [x], outs: [y]}\n"
    "  c: {cmd: three, deps: [y], outs: [z]}\n";

/// The chain, once run.
class ChainRepro : public Repro {
 public:
  ChainRepro() : Repro(std::string(kChain)) {
    world.files["in"] = "1";
    run();
    static_cast<void>(world.take_log());
  }
};

TEST(RunPipeline, RunsStagesInOrderAndRecordsThem) {
  Repro repro{std::string(kChain)};
  repro.world.files["in"] = "1";
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:", "c ran never_run:"));
  EXPECT_THAT(repro.world.take_log(),
              ElementsAre("run a", "record a", "run b", "record b", "run c", "record c"));
  EXPECT_EQ(repro.world.files["z"], "three,two,one,1");
  EXPECT_EQ(repro.world.block("b").outs[0].state, file_state("two,one,1"));
}

TEST(RunPipeline, DoesNothingTheSecondTime) {
  ChainRepro repro;
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b up_to_date", "c up_to_date"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
}

TEST(RunPipeline, RunsWhatDependsOnAChange) {
  ChainRepro repro;
  repro.world.files["in"] = "2";
  EXPECT_THAT(repro.run(),
              ElementsAre("a ran dep_modified:in", "b ran dep_modified:x", "c ran dep_modified:y"));
}

TEST(RunPipeline, StopsWhereAnOutIsTheSameAgain) {
  Repro repro("stages:\n  a: {cmd: const, deps: [in], outs: [x]}\n  b: {cmd: two, deps: [x], outs: [y]}\n");
  repro.world.files["in"] = "1";
  repro.run();
  static_cast<void>(repro.world.take_log());
  repro.world.files["in"] = "2";
  EXPECT_THAT(repro.run(), ElementsAre("a ran dep_modified:in", "b up_to_date"));
  EXPECT_THAT(repro.world.take_log(), ElementsAre("run a", "record a"));
}

TEST(RunPipeline, RestoresAnEarlierStateWithoutRunning) {
  ChainRepro repro;
  repro.world.files["in"] = "2";
  repro.run();
  static_cast<void>(repro.world.take_log());
  repro.world.files["in"] = "1";
  EXPECT_THAT(repro.run(), ElementsAre("a restored dep_modified:in", "b restored dep_modified:x",
                                       "c restored dep_modified:y"));
  EXPECT_THAT(repro.world.take_log(),
              ElementsAre("restore a", "record a", "restore b", "record b", "restore c", "record c"));
  EXPECT_EQ(repro.world.files["z"], "three,two,one,1");
}

TEST(RunPipeline, BringsBackADeletedOut) {
  ChainRepro repro;
  repro.world.files.erase("y");
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b restored out_missing:y", "c up_to_date"));
}

TEST(RunPipeline, RunsWhereTheResultIsNotAtHand) {
  ChainRepro repro;
  repro.world.files.erase("y");
  repro.world.unstored = {"two,one,1"};
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b ran out_missing:y", "c up_to_date"));
}

TEST(RunPipeline, RunsAStageWhoseUncachedOutIsGone) {
  Repro repro("stages:\n  a: {cmd: one, deps: [in], outs: [{x: {cache: false}}]}\n");
  repro.world.files["in"] = "1";
  repro.run();
  repro.world.files.erase("x");
  EXPECT_THAT(repro.run(), ElementsAre("a ran out_missing:x"));
}

TEST(RunPipeline, TakesARemovedDepForAChange) {
  Repro repro("stages:\n  a: {cmd: one, deps: [in, more], outs: [x]}\n");
  repro.world.files = {{"in", "1"}, {"more", "2"}};
  repro.run();
  repro.edit("stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n");
  EXPECT_THAT(repro.run(), ElementsAre("a ran dep_removed:more"));
}

TEST(RunPipeline, RunsWhatDependsOnAParameter) {
  Repro repro("stages:\n  a: {cmd: one, params: [lr], outs: [x]}\n  b: {cmd: two, outs: [y]}\n");
  repro.world.params["lr"] = text::Value::integer(1);
  repro.run();
  repro.world.params["lr"] = text::Value::floating(1);
  EXPECT_THAT(repro.run(), ElementsAre("a ran param_modified:params.yaml:lr", "b up_to_date"));
}

TEST(RunPipeline, RunsAStageThatAlwaysRuns) {
  Repro repro(
      "stages:\n  a: {cmd: const, deps: [in], outs: [x], always_changed: true}\n"
      "  b: {cmd: two, deps: [x], outs: [y]}\n");
  repro.world.files["in"] = "1";
  repro.run();
  EXPECT_THAT(repro.run(), ElementsAre("a ran always:", "b up_to_date"));
}

TEST(RunPipeline, RunsAllWhenForcedWithoutTheRunCache) {
  ChainRepro repro;
  repro.options.force = true;
  EXPECT_THAT(repro.run(), ElementsAre("a ran forced:", "b ran forced:", "c ran forced:"));
  EXPECT_THAT(repro.world.take_log(),
              ElementsAre("run a", "record a", "run b", "record b", "run c", "record c"));
}

TEST(RunPipeline, RecordsThatAnOutBecameAMetricWithoutRunning) {
  Repro repro("stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n");
  repro.world.files["in"] = "1";
  repro.run();
  static_cast<void>(repro.world.take_log());
  repro.edit("stages:\n  a: {cmd: one, deps: [in], metrics: [x]}\n");
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date"));
  EXPECT_THAT(repro.world.take_log(), ElementsAre("record a"));
  EXPECT_EQ(repro.world.block("a").outs[0].kind, OutKind::metric);
  EXPECT_EQ(repro.world.block("a").outs[0].state, file_state("one,1"));
  repro.run();
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
}

TEST(RunPipeline, LooksForNoEarlierResultWithoutTheRunCache) {
  ChainRepro repro;
  repro.world.files.erase("y");
  repro.options.use_run_cache = false;
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b ran out_missing:y", "c up_to_date"));
}

TEST(RunPipeline, CountsMissingDepsAndOutsAsUnchangedWhenTheyMayBeMissing) {
  ChainRepro repro;
  repro.world.files.clear();
  repro.options.allow_missing = true;
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b up_to_date", "c up_to_date"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
  repro.options.dry_run = true;
  EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b up_to_date", "c up_to_date"));
  repro.options = {};
  EXPECT_THAT(repro.run()[0], "a failed dep_missing:in out_missing:x");
}

TEST(RunPipeline, NeedsWhatIsMissingOnceACommandHasToRun) {
  ChainRepro repro;
  repro.world.files.clear();
  repro.options.allow_missing = true;
  repro.edit(
      "stages:\n"
      "  a: {cmd: one, deps: [in], outs: [x]}\n"
      "  b: {cmd: other, deps: [x], outs: [y]}\n");
  for (const bool dry_run : {true, false}) {
    repro.options.dry_run = dry_run;
    EXPECT_THAT(repro.run(), ElementsAre("a up_to_date", "b failed cmd:"));
    ASSERT_TRUE(repro.report.stages[1].error.has_value());
    EXPECT_THAT(repro.report.stages[1].error->message(),
                ::testing::HasSubstr("cairn.yaml:3:26: dep 'x' of stage 'b' is missing"));
  }
}

TEST(RunPipeline, FailsForAMissingDep) {
  Repro repro{std::string(kChain)};
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:", "b skipped needs 'a', which failed",
                                       "c skipped needs 'b', which was not run"));
  EXPECT_THAT(repro.report.stages[0].error->message(),
              ::testing::HasSubstr("dep 'in' of stage 'a' is missing"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
}

constexpr std::string_view kTwoChains =
    "stages:\n"
    "  a1: {cmd: fail, outs: [x]}\n"
    "  a2: {cmd: one, deps: [x], outs: [y]}\n"
    "  b1: {cmd: two, outs: [p]}\n"
    "  b2: {cmd: three, deps: [p], outs: [q]}\n";

TEST(RunPipeline, StartsNothingAfterAFailure) {
  Repro repro{std::string(kTwoChains)};
  EXPECT_THAT(repro.run(), ElementsAre("a1 failed never_run:", "a2 skipped needs 'a1', which failed",
                                       "b1 skipped 'a1' failed before it was started",
                                       "b2 skipped needs 'b1', which was not run"));
  EXPECT_THAT(repro.world.take_log(), ElementsAre("run a1"));
  EXPECT_FALSE(repro.report.interrupted);
  EXPECT_EQ(repro.report.count(Outcome::skipped), 3U);
}

TEST(RunPipeline, KeepsGoingWithWhatDoesNotNeedTheFailedStage) {
  Repro repro{std::string(kTwoChains)};
  repro.options.keep_going = true;
  EXPECT_THAT(repro.run(), ElementsAre("a1 failed never_run:", "a2 skipped needs 'a1', which failed",
                                       "b1 ran never_run:", "b2 ran never_run:"));
}

TEST(RunPipeline, SaysThatItWasInterrupted) {
  Repro repro{std::string(kChain)};
  repro.world.files["in"] = "1";
  repro.world.on_run = [&repro](const Stage& stage) { repro.stop = stage.name == "a"; };
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b skipped interrupted", "c skipped interrupted"));
  EXPECT_TRUE(repro.report.interrupted);
  EXPECT_THAT(repro.world.take_log(), ElementsAre("run a", "record a"));
}

TEST(RunPipeline, ReportsAStoppedCommandAsInterruptedNotFailed) {
  Repro repro("stages:\n  a: {cmd: stop, outs: [x]}\n  b: {cmd: two, deps: [x], outs: [y]}\n");
  repro.world.on_run = [&repro](const Stage&) { repro.stop = true; };
  EXPECT_THAT(repro.run(), ElementsAre("a skipped never_run: interrupted", "b skipped interrupted"));
  EXPECT_TRUE(repro.report.interrupted);
}

TEST(RunPipeline, RunsIndependentStagesAtOnce) {
  Repro repro(
      "stages:\n  a: {cmd: one, outs: [x]}\n  b: {cmd: two, outs: [y]}\n  c: {cmd: three, deps: [x, y]}\n");
  repro.options.jobs = 2;
  std::barrier both(2);  // passed only when both run at the same time
  repro.world.on_run = [&both](const Stage& stage) {
    if (stage.name != "c") {
      both.arrive_and_wait();
    }
  };
  EXPECT_THAT(repro.run(), ElementsAre("a ran never_run:", "b ran never_run:", "c ran never_run:"));
  const std::vector<std::string> log = repro.world.take_log();
  ASSERT_EQ(log.size(), 6U);
  EXPECT_EQ(log[4], "run c");
}

TEST(RunPipeline, RunsAGraphOnManyThreadsLikeOnOne) {
  std::string text = "stages:\n";
  for (int i = 0; i < 200; ++i) {
    text += fmt::format("  s{:03}: {{cmd: c{}, deps: [{}], outs: [o{}]}}\n", i, i,
                        i < 10 ? "in" : fmt::format("o{}, o{}", i - 10, i / 2), i);
  }
  Repro many(text);
  many.options.jobs = 8;
  Repro one(text);
  many.world.files["in"] = one.world.files["in"] = "1";
  EXPECT_EQ(many.run(), one.run());
  EXPECT_EQ(many.world.files, one.world.files);
  EXPECT_EQ(many.report.count(Outcome::ran), 200U);
}

TEST(RunPipeline, DoesNotLookAtTheDepsOfAFrozenStage) {
  ChainRepro repro;
  repro.edit(
      "stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n"
      "  b: {cmd: other, deps: [x], outs: [y], frozen: true}\n  c: {cmd: three, deps: [y], outs: [z]}\n");
  repro.world.files["in"] = "2";
  EXPECT_THAT(repro.run(), UnorderedElementsAre("a ran dep_modified:in", "b up_to_date", "c up_to_date"));
}

TEST(RunPipeline, NeverRunsAFrozenStage) {
  ChainRepro repro;
  repro.edit(
      "stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n"
      "  b: {cmd: two, deps: [x], outs: [y], frozen: true}\n  c: {cmd: three, deps: [y], outs: [z]}\n");
  repro.options.force = true;
  repro.targets = {"b"};
  EXPECT_THAT(repro.run(), ElementsAre("b up_to_date"));
  repro.world.files.erase("y");
  EXPECT_THAT(repro.run(), ElementsAre("b restored out_missing:y"));
  EXPECT_EQ(repro.world.files["y"], "two,one,1");
}

TEST(RunPipeline, RecordsTheChangedOutOfAFrozenStageAndKeepsItsInputs) {
  ChainRepro repro;
  repro.edit(
      "stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n"
      "  b: {cmd: two, deps: [x], outs: [y], frozen: true}\n  c: {cmd: three, deps: [y], outs: [z]}\n");
  repro.world.files["y"] = "by hand";
  repro.world.files["x"] = "other";
  repro.targets = {"c"};
  EXPECT_THAT(repro.run(), ElementsAre("b adopted out_modified:y", "c ran dep_modified:y"));
  EXPECT_EQ(repro.world.block("b").outs[0].state, file_state("by hand"));
  EXPECT_EQ(repro.world.block("b").deps[0].state, file_state("one,1"));
}

TEST(RunPipeline, RunsOnlyTheSelectedStages) {
  ChainRepro repro;
  repro.world.files["in"] = "2";
  repro.targets = {"b"};
  repro.reach = Reach::single;
  EXPECT_THAT(repro.run(), ElementsAre("b up_to_date"));
}

TEST(DryRun, SaysWhatWouldRunAndWhatMight) {
  ChainRepro repro;
  repro.options.dry_run = true;
  repro.world.files["in"] = "2";
  EXPECT_THAT(repro.run(),
              ElementsAre("a would_run dep_modified:in", "b might_run upstream:a", "c might_run upstream:b"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
}

TEST(DryRun, DoesNotCallADepMissingThatWouldBeMade) {
  Repro repro{std::string(kChain)};
  repro.options.dry_run = true;
  repro.world.files["in"] = "1";
  EXPECT_THAT(repro.run(), ElementsAre("a would_run never_run:", "b would_run never_run: upstream:a",
                                       "c would_run never_run: upstream:b"));
}

TEST(DryRun, TakesADeletedOutForUnchanged) {
  ChainRepro repro;
  repro.options.dry_run = true;
  repro.world.files.erase("x");
  EXPECT_THAT(repro.run(), ElementsAre("a would_restore out_missing:x", "b up_to_date", "c up_to_date"));
}

TEST(DryRun, SaysWhatWouldBeRestored) {
  ChainRepro repro;
  repro.world.files["in"] = "2";
  repro.run();
  static_cast<void>(repro.world.take_log());
  repro.world.files["in"] = "1";
  repro.options.dry_run = true;
  EXPECT_THAT(repro.run(), ElementsAre("a would_restore dep_modified:in", "b would_restore dep_modified:x",
                                       "c would_restore dep_modified:y"));
  EXPECT_THAT(repro.world.take_log(), IsEmpty());
}

TEST(DryRun, ReportsAMissingDepAndGoesOn) {
  Repro repro("stages:\n  a: {cmd: one, deps: [in], outs: [x]}\n  b: {cmd: two, outs: [y]}\n");
  repro.options.dry_run = true;
  EXPECT_THAT(repro.run(), ElementsAre("a failed never_run:", "b would_run never_run:"));
}

}  // namespace
}  // namespace cairn::pipeline
