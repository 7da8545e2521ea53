// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/pipeline/fake_surroundings.h"

namespace cairn::pipeline {
namespace {

using test::FailsWith;

StageDraft draft(std::string name) {
  StageDraft draft;
  draft.name = std::move(name);
  draft.cmd = "sh run.sh";
  return draft;
}

std::string added(std::string_view text, const StageDraft& stage, Overwrite overwrite = Overwrite::refuse) {
  Surroundings nothing;
  Result<std::string> edited = add_stage(text, "cairn.yaml", stage, overwrite, nothing);
  EXPECT_OK(edited);
  return edited.ok() ? *edited : "";
}

TEST(AddStage, WritesANewFileWithEveryField) {
  StageDraft stage = draft("train");
  stage.wdir = "sub";
  stage.shell = "sh -e";
  stage.desc = "fits";
  stage.deps = {"data.csv"};
  stage.params = {"lr,depth", "p.json:a", "whole.toml:", "p.json:b"};
  stage.outs = {"model"};
  stage.outs_no_cache = {"log"};
  stage.metrics_no_cache = {"m.json"};
  stage.always_changed = true;
  EXPECT_EQ(added("", stage),
            "stages:\n"
            "  train:\n"
            "    desc: fits\n"
            "    cmd: sh run.sh\n"
            "    shell: sh -e\n"
            "    wdir: sub\n"
            "    deps:\n"
            "    - data.csv\n"
            "    params:\n"
            "    - lr\n"
            "    - depth\n"
            "    - p.json:\n"
            "      - a\n"
            "      - b\n"
            "    - whole.toml: null\n"
            "    outs:\n"
            "    - model\n"
            "    - log:\n"
            "        cache: false\n"
            "    metrics:\n"
            "    - m.json:\n"
            "        cache: false\n"
            "    always_changed: true\n");
}

TEST(AddStage, KeepsCommentsAndLayout) {
  EXPECT_EQ(added("# mine\nstages:\n  # first\n  a:  # here\n    cmd:   x\n", draft("b")),
            "# mine\nstages:\n  # first\n  a:  # here\n    cmd:   x\n  b:\n    cmd: sh run.sh\n");
}

TEST(AddStage, AddsTheKeyStagesWhereThereIsNone) {
  EXPECT_EQ(added("# only a comment\n", draft("b")), "# only a comment\nstages:\n  b:\n    cmd: sh run.sh\n");
}

TEST(AddStage, EditsAFileWithTemplates) {
  FakeSurroundings surroundings;
  surroundings.files["params.yaml"] = "lr: 1\n";
  const std::string text = "stages:\n  a:\n    foreach: [1]\n    do: {cmd: 'x ${lr} ${item}'}\n";
  const Result<std::string> edited =
      add_stage(text, "cairn.yaml", draft("b"), Overwrite::refuse, surroundings);
  ASSERT_OK(edited);
  EXPECT_EQ(*edited, text + "  b:\n    cmd: sh run.sh\n");
}

TEST(AddStage, RefusesANameThatIsThereUnlessReplacing) {
  Surroundings nothing;
  const std::string_view text = "stages:\n  a:\n    cmd: old\n  b:\n    cmd: keep # c\n";
  EXPECT_THAT(add_stage(text, "cairn.yaml", draft("a"), Overwrite::refuse, nothing),
              FailsWith(Code::exists, "stage 'a' is already there"));
  EXPECT_EQ(added(text, draft("a"), Overwrite::replace),
            "stages:\n  b:\n    cmd: keep # c\n  a:\n    cmd: sh run.sh\n");
}

TEST(AddStage, RefusesWhatCouldNotBeReadBack) {
  Surroundings nothing;
  EXPECT_THAT(add_stage("", "cairn.yaml", draft("a/b"), Overwrite::refuse, nothing),
              FailsWith(Code::malformed, "bad stage name"));
  StageDraft outside = draft("a");
  outside.deps = {"../x"};
  EXPECT_THAT(add_stage("", "cairn.yaml", outside, Overwrite::refuse, nothing),
              FailsWith(Code::malformed, "outside the project"));
  EXPECT_THAT(add_stage("stages: [", "cairn.yaml", draft("a"), Overwrite::refuse, nothing),
              FailsWith(Code::malformed, "cairn.yaml:1"));
}

}  // namespace
}  // namespace cairn::pipeline
