// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_verdict.h"

#include <gmock/gmock.h>

#include "ops/stage_trial.h"
#include "support/matchers.h"
#include "support/store_fixture.h"

namespace cairn::ops {
namespace {

using pipeline::LockedOut;
using test::FailsWith;
using ::testing::HasSubstr;
using version::OutVerdict;
using version::StageVerdict;

class StageVerdictTest : public test::StoreFixture {
 protected:
  void SetUp() override {
    store_ = open();
    stage.name = "s";
    stage.file = "cairn.yaml";
    stage.deps.emplace_back().path = "in";
    stage.outs.emplace_back().path = "a";
    stage.outs.emplace_back().path = "b";
    recorded.outs = {made("a", "1\n"), made("b", "2\n")};
    run.outs = recorded.outs;
  }
  LockedOut made(const std::string& path, std::string_view text) {
    LockedOut out;
    out.path = path;
    out.state =
        pipeline::PathState{{store::Family::blob, put(*store_, as_bytes(text)), text.size()}, 0, false};
    return out;
  }
  version::StageResult judge() {
    auto result = judge_stage(*store_, {stage, report, &run, &recorded});
    EXPECT_OK(result);
    return result.ok() ? *result : version::StageResult();
  }

  std::unique_ptr<store::Store> store_;
  pipeline::Stage stage;
  pipeline::StageReport report;
  pipeline::StageLock recorded;
  StageRun run;
};

TEST_F(StageVerdictTest, TheSameIsReproduced) {
  const auto result = judge();
  EXPECT_EQ(result.verdict, StageVerdict::reproduced);
  ASSERT_EQ(result.outs.size(), 2U);
  EXPECT_EQ(result.outs[0].verdict, OutVerdict::identical);
  EXPECT_EQ(result.reason, "");
}

TEST_F(StageVerdictTest, ADifferenceIsOfItsOut) {
  run.outs[1] = made("b", "3\n");
  const auto result = judge();
  EXPECT_EQ(result.verdict, StageVerdict::differs);
  EXPECT_EQ(result.outs[0].verdict, OutVerdict::identical);
  EXPECT_EQ(result.outs[1].verdict, OutVerdict::differs);
}

TEST_F(StageVerdictTest, MissingOutsDiffer) {
  run.outs[0].state.reset();
  EXPECT_EQ(judge().outs[0].verdict, OutVerdict::missing);
  EXPECT_EQ(judge().verdict, StageVerdict::differs);
  recorded.outs[0].state.reset();
  EXPECT_EQ(judge().outs[0].verdict, OutVerdict::identical) << "an optional out that neither run made";
}

TEST_F(StageVerdictTest, ContentThatIsNowhereDiffersAndIsTold) {
  recorded.outs[0].state->object.id = codec::hash(as_bytes("nowhere"));
  const auto result = judge();
  EXPECT_EQ(result.outs[0].verdict, OutVerdict::differs);
  EXPECT_THAT(result.outs[0].first->text, HasSubstr("not at hand"));
}

TEST_F(StageVerdictTest, WhatMayVaryIsToldAndDoesNotCount) {
  run.outs[0] = made("a", "3\n");
  stage.outs[0].persist = true;
  EXPECT_EQ(judge().verdict, StageVerdict::reproduced);
  EXPECT_EQ(judge().outs[0].verdict, OutVerdict::not_compared);
  EXPECT_THAT(judge().reason, HasSubstr("persists"));
  stage.outs[0].persist = false;
  stage.always_changed = true;
  EXPECT_EQ(judge().outs[0].verdict, OutVerdict::not_compared);
  EXPECT_THAT(judge().reason, HasSubstr("runs always"));
  stage.always_changed = false;
  stage.deterministic = false;
  EXPECT_EQ(judge().outs[0].verdict, OutVerdict::not_compared);
  EXPECT_THAT(judge().reason, HasSubstr("not deterministic"));
}

TEST_F(StageVerdictTest, AFailureHasItsLastLines) {
  run.failure = Error(Code::stage_failed, "the command ended with status 3");
  run.last_lines = {"one", "two"};
  const auto result = judge();
  EXPECT_EQ(result.verdict, StageVerdict::failed);
  EXPECT_EQ(result.reason, "the command ended with status 3\none\ntwo");
  EXPECT_EQ(result.outs[0].verdict, OutVerdict::not_compared);
}

TEST_F(StageVerdictTest, FrozenStagesAreSkipped) {
  stage.frozen = true;
  auto result = judge_stage(*store_, {stage, report, nullptr, &recorded});
  ASSERT_OK(result);
  EXPECT_EQ(result->verdict, StageVerdict::skipped);
  EXPECT_THAT(result->reason, HasSubstr("frozen"));
  EXPECT_EQ(result->outs.size(), 2U);
}

TEST_F(StageVerdictTest, OutsArePairedByPath) {
  stage.outs[1].glob = true;
  stage.outs[1].path = "b/*";
  LockedOut match = made("b/1", "1");
  match.glob = "b/*";
  LockedOut other = made("b/2", "2");
  other.glob = "b/*";
  const auto pairs = pair_outs(stage, {made("a", "1"), match, made("former", "1")}, {other});
  ASSERT_EQ(pairs.size(), 3U) << "what is no out any more is left out";
  EXPECT_EQ(pairs[1].path, "b/1");
  EXPECT_FALSE(pairs[1].after.has_value());
  EXPECT_EQ(pairs[2].path, "b/2");
  EXPECT_EQ(pairs[2].declared, &stage.outs[1]);
}

TEST_F(StageVerdictTest, TrialsLeaveAloneWhatTheStageSets) {
  using version::Factor;
  auto variables =
      trial_variables(stage, {{Factor::hash_seed, "7"}, {Factor::locale, "C"}, {Factor::threads, "1"}});
  ASSERT_OK(variables);
  EXPECT_EQ((*variables)["PYTHONHASHSEED"], "7");
  EXPECT_EQ((*variables)["LC_ALL"], "C");
  EXPECT_EQ((*variables)["OMP_NUM_THREADS"], "1");
  stage.env["TZ"] = "UTC";
  EXPECT_THAT(trial_variables(stage, {{Factor::time_zone, "Asia/Tokyo"}}),
              FailsWith(Code::unsupported, "TZ"));
  stage.env["OMP_NUM_THREADS"] = "4";
  variables = trial_variables(stage, {{Factor::threads, "1"}});
  ASSERT_OK(variables);
  EXPECT_FALSE(variables->contains("OMP_NUM_THREADS"));
  EXPECT_EQ((*variables)["MKL_NUM_THREADS"], "1");
}

}  // namespace
}  // namespace cairn::ops
