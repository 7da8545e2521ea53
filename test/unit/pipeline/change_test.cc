// SPDX-License-Identifier: Apache-2.0
#include "pipeline/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "pipeline/key.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A stage with its block, up to date until a test changes something.
struct Example {
  Stage stage = stage_with("    deps: [data.csv]\n    params: [lr]\n    outs: [model]\n");
  Inputs inputs;
  StageLock block;

  Example() {
    inputs.code = {{"train.py", file_state("code")}};
    inputs.deps = {{"data.csv", file_state("data")}};
    inputs.params = {{"params.yaml", "lr", text::Value::floating(0.1)}};
    inputs.outs = {{"model", file_state("model")}};
    inputs.variables = {{"LANG", "C"}, {"TZ", std::nullopt}};
    inputs.environment = file_state("record").object;
    stage.env = {{"MODE", "fast"}, {"N", "1"}};
    stage.seed = Seed{5, {}};
    block = make_block(stage, inputs);
    block.outs[0].state = file_state("model");
  }

  [[nodiscard]] std::vector<Change> changes() const { return explain(stage, &block, inputs); }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> list;
    for (const Change& change : changes()) {
      list.push_back(std::string(change_name(change.kind)) + " " + change.name);
    }
    return list;
  }
  [[nodiscard]] bool same_key() const {
    return stage_key(block, "") == stage_key(make_block(stage, inputs), "");
  }
};

TEST(Explain, HasNothingToSayWhenAllIsTheSame) {
  const Example example;
  EXPECT_THAT(example.lines(), IsEmpty());
  EXPECT_TRUE(example.same_key());
}

TEST(Explain, SaysThatAStageNeverRan) {
  const Example example;
  const std::vector<Change> changes = explain(example.stage, nullptr, example.inputs);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(describe(changes[0]), "it never ran");
}

struct Edit {
  std::string_view expected;
  std::function<void(Example&)> apply;
};

TEST(Explain, NamesEachChangeOfTheInputsAndTheKeyChangesWithIt) {
  const Edit edits[] = {
      {"cmd ", [](Example& e) { e.stage.cmd = "other"; }},
      {"shell ", [](Example& e) { e.stage.shell = "sh"; }},
      {"wdir ", [](Example& e) { e.stage.wdir = "sub"; }},
      {"seed ",
       [](Example& e) {
         e.stage.seed = Seed{6, {}};
       }},
      {"env_added B", [](Example& e) { e.stage.env["B"] = "5"; }},
      {"env_added OWN_SEED", [](Example& e) { e.stage.seed->variables = {"OWN_SEED"}; }},
      {"env_removed MODE", [](Example& e) { e.stage.env.erase("MODE"); }},
      {"env_modified MODE", [](Example& e) { e.stage.env["MODE"] = "slow"; }},
      {"track_env_added B",
       [](Example& e) {
         e.inputs.variables.push_back({"B", "1"});
       }},
      {"track_env_removed TZ", [](Example& e) { e.inputs.variables.pop_back(); }},
      {"track_env_modified TZ", [](Example& e) { e.inputs.variables[1].value = ""; }},
      {"environment ", [](Example& e) { e.inputs.environment = file_state("other").object; }},
      {"environment ", [](Example& e) { e.inputs.environment.reset(); }},
      {"code_added b.py",
       [](Example& e) {
         e.inputs.code.push_back({"b.py", file_state("b")});
       }},
      {"code_removed train.py", [](Example& e) { e.inputs.code.clear(); }},
      {"code_modified train.py", [](Example& e) { e.inputs.code[0].state = file_state("new"); }},
      {"dep_added b",
       [](Example& e) {
         e.inputs.deps.push_back({"b", file_state("b")});
       }},
      {"dep_removed data.csv", [](Example& e) { e.inputs.deps.clear(); }},
      {"dep_modified data.csv", [](Example& e) { e.inputs.deps[0].state = file_state("new"); }},
      {"dep_modified data.csv", [](Example& e) { e.inputs.deps[0].state->executable = true; }},
      {"dep_missing data.csv", [](Example& e) { e.inputs.deps[0].state.reset(); }},
      {"param_added params.yaml:b",
       [](Example& e) {
         e.inputs.params.push_back({"params.yaml", "b", text::Value::null()});
       }},
      {"param_removed params.yaml:lr", [](Example& e) { e.inputs.params.clear(); }},
      {"param_modified params.yaml:lr",
       [](Example& e) { e.inputs.params[0].value = text::Value::string("0.1"); }},
      {"param_missing params.yaml:lr", [](Example& e) { e.inputs.params[0].value.reset(); }},
      {"out_added b", [](Example& e) { e.stage.outs.emplace_back().path = "b"; }},
      {"out_removed model", [](Example& e) { e.stage.outs.clear(); }},
      {"out_caching model", [](Example& e) { e.stage.outs[0].cached = false; }},
  };
  for (const Edit& edit : edits) {
    Example example;
    edit.apply(example);
    EXPECT_THAT(example.lines(), ElementsAre(edit.expected));
    EXPECT_FALSE(example.same_key()) << edit.expected;
  }
}

TEST(Explain, NamesChangedOutsWithTheSameKey) {
  Example example;
  example.inputs.outs[0].state = file_state("edited");
  EXPECT_THAT(example.lines(), ElementsAre("out_modified model"));
  EXPECT_TRUE(example.same_key());
  example.inputs.outs[0].state.reset();
  EXPECT_THAT(example.lines(), ElementsAre("out_missing model"));
}

/// An out that is a glob, made as model/a and model/b.
struct GlobExample : Example {
  GlobExample() {
    stage.outs[0].path = "model/*";
    stage.outs[0].glob = true;
    inputs.outs = {{"model/a", file_state("a"), "model/*"}, {"model/b", file_state("b"), "model/*"}};
    block.outs = {{"model/a", file_state("a"), true, OutKind::data, "model/*"},
                  {"model/b", file_state("b"), true, OutKind::data, "model/*"}};
  }
};

TEST(Explain, ComparesWhatAGlobMatchesPathByPath) {
  GlobExample example;
  EXPECT_THAT(example.lines(), IsEmpty());
  example.inputs.outs = {{"model/a", file_state("new"), "model/*"}, {"model/c", file_state("c"), "model/*"}};
  EXPECT_THAT(example.lines(),
              ElementsAre("out_modified model/a", "out_missing model/b", "out_extra model/c"));
  EXPECT_TRUE(example.same_key());
  example.inputs.outs = {{"model/*", std::nullopt, "model/*"}};
  EXPECT_THAT(example.lines(), ElementsAre("out_missing model/a", "out_missing model/b"));
}

TEST(Explain, NamesAGlobThatWasAddedRemovedOrCachedOnce) {
  GlobExample example;
  example.stage.outs[0].cached = false;
  EXPECT_THAT(example.lines(), ElementsAre("out_caching model/*"));
  EXPECT_FALSE(example.same_key());
  example.stage.outs.clear();
  EXPECT_THAT(example.lines(), ElementsAre("out_removed model/*"));
  EXPECT_FALSE(example.same_key());
  example.stage.outs.emplace_back().path = "model/*";
  EXPECT_THAT(example.lines(), ElementsAre("out_added model/*", "out_removed model/*"));
  EXPECT_FALSE(example.same_key());
}

TEST(Explain, LetsAnOptionalOutBeMissingIfItWasNotMade) {
  Example example;
  example.stage.outs[0].optional = true;
  example.block.outs[0].state.reset();
  example.inputs.outs[0].state.reset();
  EXPECT_THAT(example.lines(), IsEmpty());
  example.inputs.outs[0].state = file_state("stray");
  EXPECT_THAT(example.lines(), ElementsAre("out_extra model"));
  example.inputs.outs[0].state.reset();
  example.stage.outs[0].optional = false;
  EXPECT_THAT(example.lines(), ElementsAre("out_missing model"));
  EXPECT_TRUE(example.same_key());
}

TEST(Explain, TellsValuesOfVariablesFromAbsence) {
  Example example;
  example.inputs.variables[1].value = "";
  example.stage.seed = Seed{6, {}};
  const std::vector<Change> changes = example.changes();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(describe(changes[0]), "seed changed: 5 -> 6");
  EXPECT_EQ(describe(changes[1]), "tracked variable 'TZ' changed: unset -> \"\"");
}

TEST(Explain, IgnoresWhatIsNoPartOfTheResult) {
  Example example;
  example.stage.desc = "new";
  example.stage.outs[0].kind = OutKind::metric;
  EXPECT_THAT(example.lines(), IsEmpty());
  EXPECT_TRUE(example.same_key());
}

TEST(Explain, LooksOnlyAtTheOutsOfAFrozenStage) {
  Example example;
  example.stage.frozen = true;
  example.stage.always_changed = true;
  example.stage.cmd = "other";
  example.inputs.deps[0].state = file_state("new");
  EXPECT_THAT(example.lines(), IsEmpty());
  example.inputs.outs[0].state.reset();
  EXPECT_THAT(example.lines(), ElementsAre("out_missing model"));
}

TEST(Explain, SaysThatAStageRunsEveryTime) {
  Example example;
  example.stage.always_changed = true;
  EXPECT_THAT(example.lines(), ElementsAre("always "));
}

TEST(Explain, GivesOldAndNewValues) {
  Example example;
  example.inputs.params[0].value = text::Value::floating(0.2);
  example.inputs.deps[0].state = file_state("new");
  const std::vector<Change> changes = example.changes();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].before, file_state("data").object.id.text());
  EXPECT_EQ(changes[0].now, file_state("new"));
  EXPECT_EQ(describe(changes[0]), "dep 'data.csv' changed: " + changes[0].before.substr(0, 15) + " -> " +
                                      changes[0].after.substr(0, 15));
  EXPECT_EQ(describe(changes[1]), "param 'params.yaml:lr' changed: 0.1 -> 0.2");
}

TEST(Explain, ShowsTheExecutableBit) {
  Example example;
  example.inputs.code[0].state->executable = true;
  const std::vector<Change> changes = example.changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(describe(changes[0]), "code 'train.py' changed: " + changes[0].before.substr(0, 15) + " -> " +
                                      changes[0].before.substr(0, 15) + " (executable)");
}

TEST(ChangeName, IsThereForEveryKind) {
  for (int kind = 0; kind <= static_cast<int>(ChangeKind::out_extra); ++kind) {
    EXPECT_FALSE(change_name(static_cast<ChangeKind>(kind)).empty());
  }
}

}  // namespace
}  // namespace cairn::pipeline
