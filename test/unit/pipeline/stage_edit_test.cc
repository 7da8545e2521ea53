// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"

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
  Result<std::string> edited = add_stage(text, "cairn.yaml", stage, overwrite);
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

TEST(AddStage, RefusesANameThatIsThereUnlessReplacing) {
  const std::string_view text = "stages:\n  a:\n    cmd: old\n  b:\n    cmd: keep # c\n";
  EXPECT_THAT(add_stage(text, "cairn.yaml", draft("a"), Overwrite::refuse),
              FailsWith(Code::exists, "stage 'a' is already there"));
  EXPECT_EQ(added(text, draft("a"), Overwrite::replace),
            "stages:\n  b:\n    cmd: keep # c\n  a:\n    cmd: sh run.sh\n");
}

TEST(AddStage, RefusesWhatCouldNotBeReadBack) {
  EXPECT_THAT(add_stage("", "cairn.yaml", draft("a/b"), Overwrite::refuse),
              FailsWith(Code::malformed, "bad stage name"));
  StageDraft outside = draft("a");
  outside.deps = {"../x"};
  EXPECT_THAT(add_stage("", "cairn.yaml", outside, Overwrite::refuse),
              FailsWith(Code::malformed, "outside the project"));
  EXPECT_THAT(add_stage("stages: [", "cairn.yaml", draft("a"), Overwrite::refuse),
              FailsWith(Code::malformed, "cairn.yaml:1"));
}

}  // namespace
}  // namespace cairn::pipeline
