// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<StageDifference> diff(const std::string& before, const std::string& after) {
  return diff_stages(stage_with(before), stage_with(after));
}

TEST(DiffStages, FindsNothingInEqualStages) {
  const std::string text =
      "    deps: [a]\n    outs: [b]\n    env: {A: 1}\n    environment: {python: .venv}\n";
  EXPECT_THAT(diff(text, text), IsEmpty());
}

TEST(DiffStages, LeavesOutHowItIsRunAndWhatIsForPeople) {
  EXPECT_THAT(diff("    timeout: 5\n    retries: 1\n    resources: {cpus: 1}\n    desc: a\n    meta: 1\n",
                   "    timeout: 6\n    retries: 2\n    resources: {cpus: 2}\n    desc: b\n    meta: 2\n"),
              IsEmpty());
  EXPECT_THAT(diff("    seed: 1\n", "    seed: 2\n"), IsEmpty());
}

TEST(DiffStages, TellsKeysWithOneValue) {
  Stage before = stage_with("");
  Stage after = stage_with("    shell: sh\n    wdir: d\n    deterministic: false\n    frozen: true\n");
  before.cmd = "run a";
  after.cmd = "run b";
  EXPECT_THAT(diff_stages(before, after), ElementsAre(StageDifference{"cmd", "", "run a", "run b"},
                                                      StageDifference{"shell", "", "bash -eo pipefail", "sh"},
                                                      StageDifference{"wdir", "", ".", "d"},
                                                      StageDifference{"deterministic", "", "true", "false"},
                                                      StageDifference{"frozen", "", "false", "true"}));
}

TEST(DiffStages, TellsNamesThatCameAndWentAndOtherValues) {
  EXPECT_THAT(
      diff("    deps: [a, b]\n    outs: [x]\n    params: [lr, {c.json: }]\n    env: {A: 1, B: 2}\n",
           "    deps: [b, c]\n    outs: [{x: {cache: false, compare: {rtol: 1}}}]\n    params: [depth]\n"
           "    env: {B: 3}\n    track_env: [HOST]\n    code: false\n"),
      ElementsAre(StageDifference{"code", "false", std::nullopt, ""},
                  StageDifference{"deps", "a", "", std::nullopt},
                  StageDifference{"deps", "c", std::nullopt, ""},
                  StageDifference{"params", "c.json", "", std::nullopt},
                  StageDifference{"params", "params.yaml:depth", std::nullopt, ""},
                  StageDifference{"params", "params.yaml:lr", "", std::nullopt},
                  StageDifference{"outs", "x", "", "cache: false, compare: {\"rtol\":1}"},
                  StageDifference{"env", "A", "1", std::nullopt}, StageDifference{"env", "B", "2", "3"},
                  StageDifference{"track_env", "HOST", std::nullopt, ""}));
}

TEST(DiffStages, TellsWhatAnEnvironmentDeclares) {
  EXPECT_THAT(diff("    environment: {python: .venv, tools: [gcc --version]}\n",
                   "    environment: {python: .other, files: [f], uv: .}\n"),
              ElementsAre(StageDifference{"environment", "file f", std::nullopt, ""},
                          StageDifference{"environment", "python", ".venv", ".other"},
                          StageDifference{"environment", "tool gcc --version", "", std::nullopt},
                          StageDifference{"environment", "uv", std::nullopt, "."}));
}

}  // namespace
}  // namespace cairn::pipeline
