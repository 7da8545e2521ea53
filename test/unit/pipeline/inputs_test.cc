// SPDX-License-Identifier: Apache-2.0
#include "pipeline/inputs.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "text/yaml.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

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
