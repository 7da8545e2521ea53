// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/stage.h"
#include "support/matchers.h"
#include "unit/pipeline/builders.h"
#include "unit/pipeline/fake_surroundings.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;

FakeSurroundings world() {
  FakeSurroundings surroundings;
  surroundings.files["params.yaml"] = R"(
names: [a, b]
models: {cnn: {lr: 0.1}, sub/dir: {lr: 1e-5}, 100141805: {lr: 2}}
grid: {lr: [0.1, 1e-3], size: [{w: 1}, {w: 2}]}
item: hidden
)";
  return surroundings;
}

/// "NAME: CMD" of every stage.
std::vector<std::string> stages_of(const std::string& text) {
  FakeSurroundings surroundings = world();
  const Result<PipelineFile> file = parse_pipeline("stages:\n  s:\n" + text, "cairn.yaml", surroundings);
  EXPECT_OK(file);
  std::vector<std::string> stages;
  for (const Stage& stage : file.ok() ? file->stages : std::vector<Stage>()) {
    EXPECT_EQ(stage.group, "s");
    stages.push_back(stage.name + ": " + stage.cmd);
  }
  return stages;
}

TEST(Foreach, NamesStagesByItemsKeysOrNumbers) {
  EXPECT_THAT(stages_of("    foreach: [x, 1, 2.5, true, x]\n    do: {cmd: 'run ${item}'}\n"),
              ElementsAre("s@x: run x", "s@1: run 1", "s@2.5: run 2.5", "s@true: run true"));
  EXPECT_THAT(stages_of("    foreach: '${names}'\n    do: {cmd: 'run ${item}'}\n"),
              ElementsAre("s@a: run a", "s@b: run b"));
  EXPECT_THAT(stages_of("    foreach: '${models}'\n    do: {cmd: 'run ${key} ${item.lr} ${item}'}\n"),
              ElementsAre("s@cnn: run cnn 0.1 --lr 0.1", "s@sub/dir: run sub/dir 1e-05 --lr 1e-05",
                          "s@100141805: run 100141805 2 --lr 2"));
  EXPECT_THAT(
      stages_of("    foreach: [{a: 1}, {a: '${names[1]}'}, c]\n    do: {cmd: 'run ${item.a:-none}'}\n"),
      ElementsAre("s@0: run 1", "s@1: run b", "s@2: run none"));
  EXPECT_THAT(stages_of("    foreach: []\n    do: {cmd: x}\n"), ElementsAre());
}

TEST(Foreach, BodyMayHaveVarsAndTemplatedPaths) {
  FakeSurroundings surroundings = world();
  surroundings.files["a/v.yaml"] = "x: 1\n";
  surroundings.files["b/v.yaml"] = "x: 2\n";
  const Result<PipelineFile> file = parse_pipeline(R"(stages:
  s:
    foreach: ${names}
    do:
      wdir: ${item}
      vars: [v.yaml]
      cmd: run ${x}
      outs: ['${item}-${x}.bin']
)",
                                                   "cairn.yaml", surroundings);
  ASSERT_OK(file);
  EXPECT_EQ(file->stages[0].cmd + " " + file->stages[0].outs[0].path, "run 1 a/a-1.bin");
  EXPECT_EQ(file->stages[1].cmd + " " + file->stages[1].outs[0].path, "run 2 b/b-2.bin");
  EXPECT_THAT(file->read, ElementsAre("a/v.yaml", "b/v.yaml", "params.yaml"));
}

TEST(Matrix, IsTheProductInTheOrderOfItsKeys) {
  EXPECT_THAT(stages_of("    matrix: {m: [x, y], n: [1, 2]}\n    cmd: ${key} ${item.m}${item.n} ${item}\n"),
              ElementsAre("s@x-1: x-1 x1 --m x --n 1", "s@x-2: x-2 x2 --m x --n 2",
                          "s@y-1: y-1 y1 --m y --n 1", "s@y-2: y-2 y2 --m y --n 2"));
  EXPECT_THAT(stages_of("    matrix: '${grid}'\n    cmd: ${item.lr} ${item.size.w}\n"),
              ElementsAre("s@0.1-size0: 0.1 1", "s@0.1-size1: 0.1 2", "s@0.001-size0: 0.001 1",
                          "s@0.001-size1: 0.001 2"));
}

TEST(Matrix, ExcludesCombinationsWithAllGivenValues) {
  EXPECT_THAT(stages_of("    matrix: {m: [x, y], n: [1, 2], exclude: [{m: x, n: 1}, {m: y}]}\n    cmd: c\n"),
              ElementsAre("s@x-2: c"));
}

TEST(Matrix, IncludesExtendWhatAgreesAndElseAddCombinations) {
  EXPECT_THAT(stages_of(R"(
    matrix:
      fruit: [apple, pear]
      animal: [cat, dog]
      include:
      - color: green
      - color: pink
        animal: cat
      - fruit: apple
        shape: circle
      - fruit: banana
      - fruit: banana
        animal: cat
    cmd: ${item}
)"),
              ElementsAre("s@apple-cat: --fruit apple --animal cat --color pink --shape circle",
                          "s@apple-dog: --fruit apple --animal dog --color green --shape circle",
                          "s@pear-cat: --fruit pear --animal cat --color pink",
                          "s@pear-dog: --fruit pear --animal dog --color green", "s@banana: --fruit banana",
                          "s@banana-cat: --fruit banana --animal cat"));
  EXPECT_THAT(stages_of("    matrix: {include: [{a: 1}, {b: {c: 2}}]}\n    cmd: ${item}\n"),
              ElementsAre("s@1: --a 1", "s@b1: --b.c 2"));
}

TEST(Loop, StagesHaveUnambiguousAddresses) {
  Stage stage;
  stage.file = "d/cairn.yaml";
  stage.name = "s@a/b";
  EXPECT_EQ(stage.address(), "d/cairn.yaml:s@a/b");
  EXPECT_OK(check_stage_suffix("a/b:c @d"));
  EXPECT_THAT(check_stage_suffix("x/cairn.yaml:s"),
              test::FailsWith(Code::malformed, "address of another stage"));
  EXPECT_THAT(check_stage_suffix("a\nb"), test::FailsWith(Code::malformed, "control characters"));
  EXPECT_THAT(check_stage_suffix(std::string(1001, 'x')),
              test::FailsWith(Code::malformed, "longer than 1000 bytes"));
}

struct BadLoop {
  const char* body;  ///< of stage s, from line 3 on
  const char* message;
};

class BadLoops : public ::testing::TestWithParam<BadLoop> {};

TEST_P(BadLoops, AreToldWithTheirPlace) {
  FakeSurroundings surroundings = world();
  const Result<PipelineFile> file =
      parse_pipeline("stages:\n  s:\n" + std::string(GetParam().body), "cairn.yaml", surroundings);
  ASSERT_FALSE(file.ok());
  const std::string& text = file.error().message();
  EXPECT_EQ(text.substr(0, text.find('\n')), "cairn.yaml:" + std::string(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Loop, BadLoops,
    ::testing::Values(
        BadLoop{"    foreach: x\n    do: {cmd: x}\n",
                "3:14: 'foreach' must be a list or a map, not a string"},
        BadLoop{"    foreach: '${namse}'\n    do: {cmd: x}\n",
                "3:15: no variable 'namse': did you mean 'names'?"},
        BadLoop{"    foreach: [1]\n", "2:3: stage 's' has 'foreach' without 'do'"},
        BadLoop{"    do: {cmd: x}\n", "2:3: stage 's' has 'do' without 'foreach'"},
        BadLoop{"    foreach: [1]\n    do: {cmd: x}\n    deps: []\n",
                "5:5: key 'deps' stands beside 'foreach'; put it into 'do'"},
        BadLoop{"    foreach: [1]\n    matrix: {a: [1]}\n    do: {cmd: x}\n",
                "4:5: a stage has either 'foreach' or 'matrix'"},
        BadLoop{"    foreach: [1]\n    do: x\n", "4:9: 'do' must be a map, not a string (stage 's@1')"},
        BadLoop{"    foreach: [1, 2]\n    do: {deps: []}\n", "2:3: stage 's' has no 'cmd' (stage 's@1')"},
        BadLoop{"    foreach: [1, '1']\n    do: {cmd: x}\n", "3:18: two items of 'foreach' are called '1'"},
        BadLoop{"    foreach: [\"a\\nb\"]\n    do: {cmd: x}\n",
                "2:3: bad name 'a\\nb' for a stage of a loop: it holds control characters; give the items "
                "plain keys "
                "(stage 's@a\\nb')"},
        BadLoop{"    foreach: [{a: 1}, {b: 1}]\n    do: {cmd: 'x ${item.a}'}\n",
                "4:18: 'item' has no 'a' (stage 's@1')"},
        BadLoop{"    foreach: [1]\n    do: {cmd: x, vars: [{item: 1}]}\n",
                "4:25: variable 'item' belongs to the loop (stage 's@1')"},
        BadLoop{"    foreach: [a]\n    do: {cmd: 'x ${key}'}\n",
                "4:18: no variable 'key': define it in params.yaml or 'vars', or write \\${ for the shell's "
                "(stage "
                "'s@a')"},
        BadLoop{"    matrix: [1]\n    cmd: x\n", "3:13: 'matrix' must be a map, not a list"},
        BadLoop{"    matrix: {a: 1}\n    cmd: x\n", "3:17: 'a' must be a list, not an integer"},
        BadLoop{"    matrix: {a: []}\n    cmd: x\n", "3:17: matrix variable 'a' has no values"},
        BadLoop{"    matrix: {a: [1], exclude: [{b: 1}]}\n    cmd: x\n",
                "3:33: 'exclude' names 'b', which is no variable of the matrix"},
        BadLoop{"    matrix: {a: [1], include: [1]}\n    cmd: x\n",
                "3:32: 'include' must be a list of maps, not an integer"},
        BadLoop{"    matrix: {a: [x-y, x], b: [z, y-z]}\n    cmd: x\n",
                "3:13: two combinations of 'matrix' are called 'x-y-z'"}));

TEST(Loop, IsBounded) {
  std::string numbers;
  for (int i = 0; i < 300; ++i) {
    numbers += fmt::format("{}, ", i);
  }
  const std::string list = "[" + numbers + "]";
  Surroundings nothing;
  const auto parse = [&nothing](const std::string& stages) {
    return parse_pipeline("stages:\n" + stages, "cairn.yaml", nothing);
  };
  EXPECT_THAT(parse("  s:\n    matrix: {a: " + list + ", b: " + list + ", c: " + list + "}\n    cmd: x\n"),
              test::FailsWith(Code::malformed, "cairn.yaml:3:13: 'matrix' makes more than 100000 stages"));
  const std::string body = "    timeout: [" + std::string(1 << 20, 'x') + "]\n";
  EXPECT_THAT(parse("  s:\n    foreach: " + list + "\n    do:\n      cmd: x\n  " + body),
              test::FailsWith(Code::malformed, "loops and templates make more than 256 MiB"));
}

}  // namespace
}  // namespace cairn::pipeline
