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

Result<std::string> add(std::string_view text, const StageDraft& stage,
                        Overwrite overwrite = Overwrite::refuse) {
  Surroundings nothing;
  return add_stage({text, "cairn.yaml"}, stage, overwrite, nothing);
}

std::string added(std::string_view text, const StageDraft& stage, Overwrite overwrite = Overwrite::refuse) {
  Result<std::string> edited = add(text, stage, overwrite);
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
  stage.outs_persist = {"state"};
  stage.outs_persist_no_cache = {"log2"};
  stage.plots = {"p.csv"};
  stage.plots_no_cache = {"q.csv"};
  stage.env = {"LANG=C", "N=1=2"};
  stage.seed = "42";
  stage.timeout = "15m";
  stage.retries = "2";
  stage.always_changed = true;
  EXPECT_EQ(added("", stage),
            "stages:\n"
            "  train:\n"
            "    desc: fits\n"
            "    cmd: sh run.sh\n"
            "    shell: sh -e\n"
            "    wdir: sub\n"
            "    env:\n"
            "      LANG: C\n"
            "      N: 1=2\n"
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
            "    - state:\n"
            "        persist: true\n"
            "    - log2:\n"
            "        cache: false\n"
            "        persist: true\n"
            "    metrics:\n"
            "    - m.json:\n"
            "        cache: false\n"
            "    plots:\n"
            "    - p.csv\n"
            "    - q.csv:\n"
            "        cache: false\n"
            "    seed: 42\n"
            "    timeout: 15m\n"
            "    retries: 2\n"
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
      add_stage({text, "cairn.yaml"}, draft("b"), Overwrite::refuse, surroundings);
  ASSERT_OK(edited);
  EXPECT_EQ(*edited, text + "  b:\n    cmd: sh run.sh\n");
}

TEST(AddStage, RefusesANameThatIsThereUnlessReplacing) {
  const std::string_view text = "stages:\n  a:\n    cmd: old\n  b:\n    cmd: keep # c\n";
  EXPECT_THAT(add(text, draft("a")), FailsWith(Code::exists, "stage 'a' is already there"));
  EXPECT_EQ(added(text, draft("a"), Overwrite::replace),
            "stages:\n  b:\n    cmd: keep # c\n  a:\n    cmd: sh run.sh\n");
}

TEST(AddStage, RefusesWhatCouldNotBeReadBack) {
  EXPECT_THAT(add("", draft("a/b")), FailsWith(Code::malformed, "bad stage name"));
  StageDraft outside = draft("a");
  outside.deps = {"../x"};
  EXPECT_THAT(add("", outside), FailsWith(Code::malformed, "outside the project"));
  EXPECT_THAT(add("stages: [", draft("a")), FailsWith(Code::malformed, "cairn.yaml:1"));
}

TEST(AddStage, RefusesAListWhereOneValueIsMeant) {
  StageDraft stage = draft("a");
  stage.seed = "[1, 2]";
  EXPECT_THAT(add("", stage), FailsWith(Code::usage, "'seed' takes one value, not a list"));
  stage.seed = "";
  stage.env = {"LANG"};
  EXPECT_THAT(add("", stage), FailsWith(Code::usage, "--env wants NAME=VALUE, not 'LANG'"));
}

Result<std::string> edit(std::string_view text, const StageChanges& changes, std::string_view name = "a") {
  Surroundings nothing;
  return edit_stage({text, "cairn.yaml"}, name, changes, nothing);
}

std::string edited(std::string_view text, const StageChanges& changes) {
  Result<std::string> result = edit(text, changes);
  EXPECT_OK(result);
  return result.ok() ? *result : "";
}

TEST(EditStage, AddsToListsWhereTheyAreAndSetsTheRest) {
  StageChanges changes;
  changes.add.cmd = "new --flag";
  changes.add.deps = {"y"};
  changes.add.params = {"lr", "p.json:a"};
  changes.add.outs_no_cache = {"log"};
  changes.add.timeout = "90s";
  changes.add.env = {"A=1"};
  EXPECT_EQ(
      edited("stages:\n  a:\n    cmd: [old, older]\n    deps: [x] # in\n    # end\n  b: {cmd: x}\n", changes),
      "stages:\n  a:\n    deps: [x, y] # in\n    # end\n"
      "    cmd: new --flag\n"
      "    env:\n      A: \"1\"\n"
      "    timeout: 90s\n"
      "    params:\n    - lr\n    - p.json:\n      - a\n"
      "    outs:\n    - log:\n        cache: false\n"
      "  b: {cmd: x}\n");
}

TEST(EditStage, RemovesPathsHoweverTheyAreWritten) {
  StageChanges changes;
  changes.remove_deps = {"./x"};
  changes.remove_outs = {"m.json", "o"};
  EXPECT_EQ(edited("stages:\n  a:\n    cmd: c\n    deps:\n      - x # gone\n      - y\n    outs: [o]\n"
                   "    metrics:\n      - m.json: {cache: false}\n      - k.json\n",
                   changes),
            "stages:\n  a:\n    cmd: c\n    deps:\n      - y\n    metrics:\n      - k.json\n");
}

TEST(EditStage, RemovesParamsOfEachForm) {
  const std::string text =
      "stages:\n  a:\n    cmd: c\n    params:\n    - lr\n    - params.yaml: [lr, depth]\n    - p.json:\n     "
      " - x\n"
      "      - y\n    - whole.toml:\n";
  StageChanges changes;
  changes.remove_params = {"lr", "p.json:x", "whole.toml:"};
  EXPECT_EQ(edited(text, changes),
            "stages:\n  a:\n    cmd: c\n    params:\n    - params.yaml: [depth]\n    - p.json:\n      - y\n");
  changes.remove_params = {"depth", "lr", "p.json:x,y", "whole.toml:"};
  EXPECT_EQ(edited(text, changes), "stages:\n  a:\n    cmd: c\n");
  changes.remove_params = {"nothing"};
  EXPECT_THAT(edit(text, changes), FailsWith(Code::not_found, "stage 'a' has no param 'nothing'"));
}

TEST(EditStage, SetsAndUnsetsKeys) {
  StageChanges changes;
  changes.set = {"seed.value=7", "desc=12", "meta.owner=\"me\""};
  changes.unset = {"timeout", "env.B"};
  EXPECT_EQ(edited("stages:\n  a:\n    seed: {value: 1, env: [S]}\n    cmd: c\n    timeout: 5 # s\n"
                   "    env: {A: x, B: y}\n",
                   changes),
            "stages:\n  a:\n    seed: {value: 7, env: [S]}\n    cmd: c\n    env: {A: x}\n    desc: \"12\"\n"
            "    meta:\n      owner: me\n");
  changes.unset = {};
  changes.set = {"seed=7", "resources.cpus=2", "desc=12", "meta.owner=\"me\""};
  EXPECT_EQ(edited("stages:\n  a:\n    cmd: c\n", changes),
            "stages:\n  a:\n    cmd: c\n    seed: 7\n    resources:\n      cpus: 2\n    desc: \"12\"\n"
            "    meta:\n      owner: me\n");
  StageChanges seed;
  seed.add.seed = "9";
  EXPECT_EQ(edited("stages: {a: {cmd: c, seed: {value: 1, env: [S]}}}", seed),
            "stages: {a: {cmd: c, seed: {value: 9, env: [S]}}}");
}

TEST(EditStage, RefusesWhatIsThereOrIsNotAndWhatWouldBeWrong) {
  const std::string_view text = "stages:\n  a:\n    cmd: c\n    deps: [x]\n    outs: [o]\n    params: [p]\n";
  const auto fails = [text](auto set, Code code, std::string_view message) {
    StageChanges changes;
    set(changes);
    EXPECT_THAT(edit(text, changes), FailsWith(code, std::string(message)));
  };
  fails([](StageChanges& c) { c.add.deps = {"./x"}; }, Code::exists, "has the dep './x' already");
  fails([](StageChanges& c) { c.add.metrics = {"o"}; }, Code::exists, "has the out 'o' already");
  fails([](StageChanges& c) { c.add.params = {"params.yaml:p"}; }, Code::exists, "has the param 'p' already");
  fails([](StageChanges& c) { c.remove_deps = {"y"}; }, Code::not_found, "stage 'a' has no dep 'y'");
  fails([](StageChanges& c) { c.unset = {"timeout"}; }, Code::not_found, "has no key 'timeout'");
  fails([](StageChanges& c) { c.unset = {"cmd"}; }, Code::malformed, "has no 'cmd'");
  fails([](StageChanges& c) { c.set = {"timeout=soon"}; }, Code::malformed, "timeout");
  fails([](StageChanges& c) { c.set = {"deps=x"}; }, Code::malformed, "cannot edit 'stages.a.deps'");
  fails([](StageChanges& c) { c.set = {"seed"}; }, Code::usage, "--set wants NAME=VALUE");
  fails([](StageChanges& c) { c.add.deps = {"../x"}; }, Code::malformed, "outside the project");
  EXPECT_THAT(edit(text, {}, "b"), FailsWith(Code::not_found, "no stage 'b' in 'cairn.yaml'"));
  EXPECT_THAT(edit("stages: [a]", {}, "0"), FailsWith(Code::not_found, "no stage '0'"));
  EXPECT_EQ(edited(text, {}), text);
}

Result<std::string> removed(std::string_view text, std::string_view name) {
  Surroundings nothing;
  return remove_stage({text, "cairn.yaml"}, name, nothing);
}

TEST(RemoveStage, TakesTheStageAndItsComments) {
  Result<std::string> rest = removed(
      "# file\n\nstages:\n  # of a\n  a: # here\n    cmd: x\n    # inside\n\n  # of b\n  b: {cmd: y}\n", "a");
  ASSERT_OK(rest);
  EXPECT_EQ(*rest, "# file\n\nstages:\n\n  # of b\n  b: {cmd: y}\n");
  rest = removed("stages:\n  a:\n    cmd: x\nmetrics: []\n", "a");
  ASSERT_OK(rest);
  EXPECT_EQ(*rest, "stages: {}\nmetrics: []\n");
}

TEST(RemoveStage, RefusesAStageThatOthersTakeFrom) {
  EXPECT_THAT(removed("stages:\n  a: &a\n    cmd: x\n  b: *a\n", "a"),
              FailsWith(Code::malformed, "cannot edit 'stages.a'"));
}

Result<std::string> frozen(std::string_view text, std::string_view name, Frozen wanted = Frozen::yes) {
  Surroundings nothing;
  return set_frozen({text, "cairn.yaml"}, name, wanted, nothing);
}

TEST(SetFrozen, AddsTheKeyAndTakesItOutAgain) {
  const std::string text = "stages:\n    a:\n        cmd: x\n    # b\n    b: {cmd: y, frozen: false}\n";
  Result<std::string> cold = frozen(text, "a");
  ASSERT_OK(cold);
  EXPECT_EQ(
      *cold,
      "stages:\n    a:\n        cmd: x\n        frozen: true\n    # b\n    b: {cmd: y, frozen: false}\n");
  Result<std::string> warm = frozen(*cold, "a", Frozen::no);
  ASSERT_OK(warm);
  EXPECT_EQ(*warm, text);
  cold = frozen(text, "b");
  ASSERT_OK(cold);
  EXPECT_EQ(*cold, "stages:\n    a:\n        cmd: x\n    # b\n    b: {cmd: y, frozen: true}\n");
  warm = frozen(text, "b", Frozen::no);
  ASSERT_OK(warm);
  EXPECT_EQ(*warm, text);
}

TEST(EditStage, ChangesAllStagesOfAGroup) {
  const std::string loop =
      "stages:\n  a:\n    foreach: [1, 2]\n    do:\n      cmd: x ${item}\n  b:\n    matrix: {k: [1]}\n    "
      "cmd: y\n";
  StageChanges changes;
  changes.add.deps = {"d${item}"};
  EXPECT_EQ(edited(loop, changes),
            "stages:\n  a:\n    foreach: [1, 2]\n    do:\n      cmd: x ${item}\n      deps:\n      - "
            "d${item}\n  b:\n    "
            "matrix: {k: [1]}\n    cmd: y\n");
  EXPECT_THAT(edit(loop, changes, "a@1"),
              FailsWith(Code::unsupported, "stage 'a@1' is one of those that 'a' makes"));
  const Result<std::string> cold = frozen(loop, "b");
  ASSERT_OK(cold);
  EXPECT_EQ(*cold, loop + "    frozen: true\n");
  const Result<std::string> rest = removed(loop, "a");
  ASSERT_OK(rest);
  EXPECT_EQ(*rest, "stages:\n  b:\n    matrix: {k: [1]}\n    cmd: y\n");
}

}  // namespace
}  // namespace cairn::pipeline
