// SPDX-License-Identifier: Apache-2.0
#include "pipeline/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "text/yaml.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;

text::Value yaml(std::string_view text) {
  Result<text::Value> value = text::parse_yaml(text, "params.yaml");
  EXPECT_OK(value);
  return value.ok() ? *value : text::Value();
}

/// Canonical text of the param, "-" if it is missing.
std::string lookup(const text::Value& document, std::string_view key) {
  ParamFile wanted;
  wanted.file = "params.yaml";
  wanted.keys.push_back({std::string(key), {}});
  const std::vector<FoundParam> found = find_params(wanted, &document);
  EXPECT_EQ(found.size(), 1U);
  return found[0].value ? text::canonical(*found[0].value) : "-";
}

TEST(FindParams, FollowsKeysThroughMapsAndLists) {
  const text::Value document = yaml("lr: 0.1\nnet: {depth: 3, 'a.b': {c: x}}\nlayers: [8, {n: 16}]\nnone:\n");
  EXPECT_EQ(lookup(document, "lr"), "0.1");
  EXPECT_EQ(lookup(document, "net.depth"), "3");
  EXPECT_EQ(lookup(document, "net.a.b.c"), "\"x\"");
  EXPECT_EQ(lookup(document, "layers.1.n"), "16");
  EXPECT_EQ(lookup(document, "layers"), "[8,{\"n\":16}]");
  EXPECT_EQ(lookup(document, "none"), "null");
}

TEST(FindParams, HasNoValueForWhatIsNotThere) {
  const text::Value document = yaml("a: {b: 1}\nl: [1]\n");
  EXPECT_EQ(lookup(document, "a.c"), "-");
  EXPECT_EQ(lookup(document, "a.b.c"), "-");
  EXPECT_EQ(lookup(document, "l.1"), "-");
  EXPECT_EQ(lookup(document, "l.x"), "-");
  EXPECT_EQ(lookup(document, "a."), "-");
  EXPECT_EQ(lookup(document, "."), "-");
}

/// "KEY=VALUE" of every entry, "KEY=-" where it is missing.
std::vector<std::string> expanded(const text::Value& document, const std::vector<std::string>& keys) {
  ParamFile wanted;
  wanted.file = "params.yaml";
  for (const std::string& key : keys) {
    wanted.keys.push_back({key, {}});
  }
  std::vector<std::string> lines;
  for (const FoundParam& param : find_params(wanted, &document)) {
    lines.push_back(param.key + "=" + (param.value ? text::canonical(*param.value) : "-"));
  }
  return lines;
}

TEST(FindParams, MatchesPatternsLevelByLevel) {
  const text::Value document =
      yaml("lr: 1\nlr2: 2\nmodel: {depth: 3, deep: {x: 4}, w: 5}\nlist: [{n: 6}, {n: 7}]\n");
  EXPECT_THAT(expanded(document, {"lr*"}), ElementsAre("lr=1", "lr2=2"));
  EXPECT_THAT(expanded(document, {"model.d*"}), ElementsAre("model.depth=3", "model.deep={\"x\":4}"));
  EXPECT_THAT(expanded(document, {"model.*.x"}), ElementsAre("model.deep.x=4"));
  EXPECT_THAT(expanded(document, {"list.*.n"}), ElementsAre("list.0.n=6", "list.1.n=7"));
  EXPECT_THAT(expanded(document, {"l[r]?"}), ElementsAre("lr2=2"));
  EXPECT_THAT(expanded(document, {"x*"}), ElementsAre("x*=-"));
  EXPECT_THAT(expanded(document, {"lr", "lr*"}), ElementsAre("lr=1", "lr2=2"));
}

TEST(FindParams, PrefersAKeyThatIsThereOverAPattern) {
  const text::Value document = yaml("'a*': 1\nab: 2\n");
  EXPECT_THAT(expanded(document, {"a*"}), ElementsAre("a*=1"));
}

TEST(FindParams, TakesEveryTopLevelKeyOfAWholeFile) {
  ParamFile wanted;
  wanted.file = "p.yaml";
  wanted.whole = true;
  const text::Value document = yaml("a: 1\nb: {c: 2}\n");
  const std::vector<FoundParam> found = find_params(wanted, &document);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].key, "b");
  const std::vector<FoundParam> missing = find_params(wanted, nullptr);
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_FALSE(missing[0].value.has_value());
}

TEST(MakeBlock, SortsAndLeavesOutWhatIsMissing) {
  const Stage stage = stage_with("    deps: [b, a, c]\n    outs: [z, y]\n");
  Inputs inputs;
  inputs.deps = {{"b", file_state("b")}, {"a", file_state("a")}, {"c", std::nullopt}};
  const StageLock block = make_block(stage, inputs);
  ASSERT_EQ(block.deps.size(), 2U);
  EXPECT_EQ(block.deps[0].path, "a");
  ASSERT_EQ(block.outs.size(), 2U);
  EXPECT_EQ(block.outs[0].path, "y");
}

TEST(MakeBlock, HandsTheSeedOnInVariables) {
  Stage stage = stage_with("");
  stage.env = {{"A", "a"}, {"FIXED", "own"}};
  stage.seed = Seed{-7, {"FIXED", "NUMPY_SEED"}};
  StageLock block = make_block(stage, {});
  EXPECT_EQ(block.seed, -7);
  EXPECT_THAT(block.env, ElementsAre(LockedVariable{"A", "a"}, LockedVariable{"CAIRN_SEED", "-7"},
                                     LockedVariable{"FIXED", "own"}, LockedVariable{"NUMPY_SEED", "-7"},
                                     LockedVariable{"PYTHONHASHSEED", "4294967289"}));
  stage.seed = Seed{4294967296, {}};
  block = make_block(stage, {});
  EXPECT_THAT(block.env, ElementsAre(LockedVariable{"A", "a"}, LockedVariable{"CAIRN_SEED", "4294967296"},
                                     LockedVariable{"FIXED", "own"}, LockedVariable{"PYTHONHASHSEED", "0"}));
}

TEST(MakeBlock, RecordsTrackedVariablesEnvironmentAndWhatAGlobIs) {
  Stage stage = stage_with("    outs: [a]\n");
  stage.outs[0].glob = true;
  stage.outs[0].push = false;
  stage.outs[0].remote = "big";
  Inputs inputs;
  inputs.variables = {{"Z", "1"}, {"B", std::nullopt}};
  inputs.environment = file_state("record").object;
  const StageLock block = make_block(stage, inputs);
  EXPECT_THAT(block.track_env, ElementsAre(LockedVariable{"B", std::nullopt}, LockedVariable{"Z", "1"}));
  EXPECT_EQ(block.environment, file_state("record").object);
  EXPECT_THAT(block.outs, ElementsAre(LockedOut{"a", {}, true, OutKind::data, "a", false, "big"}));
}

/// A stage that reads the paths matching data/*.csv and the file fixed, and writes parts/* and one.
Stage stage_of_globs() {
  Stage stage = stage_with("    deps: [data/x.csv, fixed]\n    outs: [parts/x, one]\n");
  stage.deps[0].path = "data/*.csv";
  stage.deps[0].glob = true;
  stage.outs[0].path = "parts/*";
  stage.outs[0].glob = true;
  return stage;
}

TEST(CheckInputs, NamesThePlaceOfAGlobThatMatchesNothing) {
  Inputs inputs;
  inputs.deps = {{"data/*.csv", std::nullopt, "data/*.csv"}};
  EXPECT_THAT(
      check_inputs(stage_of_globs(), inputs),
      test::FailsWith(Code::not_found, "cairn.yaml:4:12: dep 'data/*.csv' of stage 's' matches nothing"));
  inputs.deps = {{"data/a.csv", std::nullopt, "data/*.csv"}};
  EXPECT_THAT(check_inputs(stage_of_globs(), inputs),
              test::FailsWith(Code::not_found, "cairn.yaml:4:12: dep 'data/a.csv' of stage 's' is missing"));
}

TEST(AssumeRecorded, FillsInWhatTheBlockKnows) {
  const Stage stage = stage_of_globs();
  Inputs inputs;
  inputs.deps = {{"data/a.csv", file_state("new"), "data/*.csv"}, {"fixed", std::nullopt}};
  inputs.outs = {{"parts/*", std::nullopt, "parts/*"}, {"one", std::nullopt}};
  StageLock block;
  block.deps = {{"data/a.csv", file_state("a")}, {"data/b.csv", file_state("b")}, {"fixed", file_state("f")}};
  block.outs = {{"one", file_state("1")}, {"parts/p", file_state("p"), true, OutKind::data, "parts/*"}};
  const Inputs assumed = assume_recorded(stage, &block, inputs);
  const StageLock made = make_block(stage, assumed);
  EXPECT_THAT(made.deps,
              ElementsAre(LockedPath{"data/a.csv", file_state("new")},
                          LockedPath{"data/b.csv", file_state("b")}, LockedPath{"fixed", file_state("f")}));
  ASSERT_EQ(assumed.outs.size(), 2U);
  EXPECT_EQ(assumed.outs[0].path, "parts/p");
  EXPECT_EQ(assumed.outs[0].state, file_state("p"));
  EXPECT_EQ(assumed.outs[1].path, "one");
  EXPECT_EQ(assumed.outs[1].state, file_state("1"));
  EXPECT_OK(check_inputs(stage, assumed));
  EXPECT_FALSE(check_inputs(stage, assume_recorded(stage, nullptr, inputs)).ok());
}

TEST(CheckInputs, NamesThePlaceOfWhatIsMissing) {
  const Stage stage = stage_with("    deps: [a]\n    params: [lr]\n");
  Inputs inputs;
  inputs.deps = {{"a", std::nullopt}};
  EXPECT_THAT(check_inputs(stage, inputs),
              test::FailsWith(Code::not_found, "cairn.yaml:4:12: dep 'a' of stage 's' is missing"));
  inputs.deps = {{"a", file_state("")}};
  inputs.params = {{"params.yaml", "lr", std::nullopt}};
  EXPECT_THAT(check_inputs(stage, inputs),
              test::FailsWith(Code::not_found, "cairn.yaml:5:14: parameter 'params.yaml:lr'"));
  inputs.params[0].value = text::Value::integer(1);
  EXPECT_OK(check_inputs(stage, inputs));
}

}  // namespace
}  // namespace cairn::pipeline
