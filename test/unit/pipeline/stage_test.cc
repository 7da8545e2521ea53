// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/matchers.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string problems_of(std::string_view text, std::string_view path = "cairn.yaml") {
  Surroundings nothing;
  const Result<PipelineFile> file = parse_pipeline(text, path, nothing);
  if (file.ok()) {
    return "";
  }
  EXPECT_EQ(file.error().code(), Code::malformed);
  return file.error().message();
}

std::string problems_with(const std::string& keys) {
  return problems_of("stages:\n  s:\n    cmd: run\n" + keys);
}

TEST(Stage, ReadsEveryKey) {
  const PipelineFile file = parsed(R"(stages:
  train:
    desc: fits the model
    cmd: python ../src/train.py
    wdir: models
    shell: sh -eu
    deps: [../data.csv, ./in//x]
    outs:
      - model.bin
      - log.txt: {cache: false, desc: a log}
    metrics:
      - m.json: {cache: false}
    params: [lr, net.depth, other.toml: [a], {whole.json: }]
    code: ["../src/**/*.py"]
    frozen: true
    always_changed: true
)",
                                   "sub/cairn.yaml");
  ASSERT_EQ(file.stages.size(), 1U);
  const Stage& stage = file.stages.front();
  EXPECT_EQ(stage.address(), "sub/cairn.yaml:train");
  EXPECT_EQ(stage.folder(), "sub");
  EXPECT_EQ(stage.desc, "fits the model");
  EXPECT_EQ(stage.cmd, "python ../src/train.py");
  EXPECT_EQ(stage.wdir, "sub/models");
  EXPECT_EQ(stage.shell, "sh -eu");
  ASSERT_EQ(stage.deps.size(), 2U);
  EXPECT_EQ(stage.deps[0].path, "sub/data.csv");
  EXPECT_EQ(stage.deps[0].at.line, 7U);
  EXPECT_EQ(stage.deps[0].at.column, 12U);
  EXPECT_EQ(stage.deps[1].path, "sub/models/in/x");
  ASSERT_EQ(stage.outs.size(), 3U);
  EXPECT_TRUE(stage.outs[0].cached);
  EXPECT_EQ(stage.outs[1].path, "sub/models/log.txt");
  EXPECT_FALSE(stage.outs[1].cached);
  EXPECT_EQ(stage.outs[1].desc, "a log");
  EXPECT_EQ(stage.outs[2].kind, OutKind::metric);
  EXPECT_FALSE(stage.outs[2].cached);
  ASSERT_EQ(stage.params.size(), 3U);
  EXPECT_EQ(stage.params[0].file, "sub/models/params.yaml");
  ASSERT_EQ(stage.params[0].keys.size(), 2U);
  EXPECT_EQ(stage.params[0].keys[1].key, "net.depth");
  EXPECT_TRUE(stage.params[2].whole);
  EXPECT_THAT(stage.code.globs, ElementsAre("sub/src/**/*.py"));
  EXPECT_TRUE(stage.frozen);
  EXPECT_TRUE(stage.always_changed);
}

TEST(Stage, HasPlainAddressAndDefaultShellInTheRootFile) {
  const Stage stage = stage_with("");
  EXPECT_EQ(stage.address(), "s");
  EXPECT_EQ(stage.shell, "bash -eo pipefail");
  EXPECT_EQ(stage.wdir, "");
}

TEST(Stage, KeepsTheTextOfCmdExactly) {
  EXPECT_EQ(parsed("stages:\n  a:\n    cmd: |\n      V=1\n      echo  $V\n").stages[0].cmd,
            "V=1\necho  $V\n");
  EXPECT_EQ(parsed("stages:\n  a:\n    cmd: >\n      one\n      two\n").stages[0].cmd, "one two\n");
}

TEST(Stage, JoinsAListOfCommandsToOneScript) {
  EXPECT_EQ(parsed("stages:\n  a:\n    cmd: [one, 'two ', three]\n").stages[0].cmd, "one\ntwo \nthree");
}

TEST(Stage, TakesADepOrParamTwiceOnce) {
  const Stage stage = stage_with("    deps: [a, ./a]\n    params: [x, x, params.yaml: [x, y]]\n");
  EXPECT_EQ(stage.deps.size(), 1U);
  ASSERT_EQ(stage.params.size(), 1U);
  EXPECT_EQ(stage.params[0].keys.size(), 2U);
}

TEST(Stage, IsEmptyForAnEmptyFile) {
  EXPECT_TRUE(parsed("").stages.empty());
}

TEST(Stage, ReportsAllProblemsOfAFileWithTheirPlaces) {
  const std::string text = problems_of(
      "stages:\n  a:\n    cmd: x\n    every: [1]\n  b:\n    deps: x\nfiles: []\n", "dir/cairn.yaml");
  EXPECT_THAT(text, HasSubstr("dir/cairn.yaml:4:5: unknown key 'every' in stage 'a'"));
  EXPECT_THAT(text, HasSubstr("dir/cairn.yaml:5:3: stage 'b' has no 'cmd'"));
  EXPECT_THAT(text, HasSubstr("dir/cairn.yaml:6:11: 'deps' must be a list, not a string"));
  EXPECT_THAT(text, HasSubstr("dir/cairn.yaml:7:1: unknown key 'files'"));
}

TEST(Stage, RefusesNullInPlaceOfAListOrMap) {
  EXPECT_THAT(problems_with("    deps:\n"), HasSubstr("'deps' must be a list, not null"));
  EXPECT_THAT(problems_with("    outs:\n"), HasSubstr("'outs' must be a list, not null"));
  EXPECT_THAT(problems_with("    params:\n"), HasSubstr("'params' must be a list, not null"));
  EXPECT_THAT(problems_of("stages:\n"), HasSubstr("'stages' must be a map, not null"));
  EXPECT_THAT(problems_of("stages:\n  a:\n"), HasSubstr("'a' must be a map, not null"));
}

TEST(Stage, RefusesWrongTypes) {
  EXPECT_THAT(problems_with("    deps: [1]\n"),
              HasSubstr("cairn.yaml:4:12: 'deps' must be a string, not an integer"));
  EXPECT_THAT(problems_with("    frozen: yes\n"), HasSubstr("'frozen' must be true or false, not a string"));
  EXPECT_THAT(problems_with("    code: true\n"), HasSubstr("'code' must be a list of globs, or false"));
  EXPECT_THAT(problems_with("    outs: [{a: {cash: false}}]\n"), HasSubstr("unknown key 'cash' for out 'a'"));
  EXPECT_THAT(problems_with("    outs: [{a: {cache: 0}}]\n"), HasSubstr("'cache' must be true or false"));
  EXPECT_THAT(problems_of("stages:\n  a:\n    cmd: true\n"), HasSubstr("'cmd' must be a string or a list"));
  EXPECT_THAT(problems_of("stages:\n  a:\n    cmd: [' ']\n"), HasSubstr("'cmd' is empty"));
  EXPECT_THAT(problems_of("[]"), HasSubstr("a pipeline file must be a map, not a list"));
}

TEST(Stage, RefusesPathsThatAreNotInsideTheProject) {
  EXPECT_THAT(problems_with("    deps: [../x]\n"),
              HasSubstr("cairn.yaml:4:12: path '../x' is outside the project"));
  EXPECT_THAT(problems_with("    deps: [/etc/x]\n"), HasSubstr("is absolute"));
  EXPECT_THAT(problems_with("    deps: ['s3://b/x']\n"), HasSubstr("is a URL"));
  EXPECT_THAT(problems_with("    outs: [.]\n"), HasSubstr("is the project's own folder"));
  EXPECT_THAT(problems_with("    outs: [.git/x]\n"), HasSubstr("cairn.yaml:4:12"));
  EXPECT_THAT(problems_with("    wdir: ../..\n"), HasSubstr("outside the project"));
  EXPECT_THAT(problems_with("    outs: ['']\n"), HasSubstr("is empty"));
}

TEST(Stage, RefusesOutsThatSteerCairnOrGit) {
  for (const char* out : {"cairn.yaml", "sub/cairn.lock", "sub/.gitignore", ".gitattributes", ".gitmodules",
                          ".cairnignore", "new.csv.cairn"}) {
    EXPECT_THAT(problems_with(std::string("    outs: [") + out + "]\n"),
                HasSubstr("cairn.yaml:4:12: out '" + std::string(out) + "' steers"));
  }
  EXPECT_EQ(stage_with("    outs: [cairn.txt, .cairn-like]\n").outs.size(), 2U);
}

TEST(Stage, RefusesBadNames) {
  EXPECT_THAT(problems_of("stages:\n  a/b:\n    cmd: x\n"),
              HasSubstr("cairn.yaml:2:3: bad stage name 'a/b'"));
  EXPECT_THAT(check_stage_name(""), test::FailsWith(Code::malformed, "empty"));
  EXPECT_THAT(check_stage_name("a@b"), test::FailsWith(Code::malformed, "may not hold"));
  EXPECT_THAT(check_stage_name("a\nb"), test::FailsWith(Code::malformed, "control characters"));
  EXPECT_OK(check_stage_name("größe-1.x y_z"));
}

TEST(Stage, GlobsOfAWdirWithWildcardsMatchOnlyThatFolder) {
  EXPECT_THAT(stage_with("    wdir: 'a[b]'\n    code: ['*.py']\n").code.globs, ElementsAre("a\\[b]/*.py"));
}

TEST(Stage, WithoutDepsParamsAndOutsRunsAlways) {
  EXPECT_TRUE(stage_with("").runs_always());
  EXPECT_FALSE(stage_with("    outs: [x]\n").runs_always());
  EXPECT_TRUE(stage_with("    outs: [x]\n    always_changed: true\n").runs_always());
}

TEST(Stage, IsRestorableWhenEveryOutIsStored) {
  EXPECT_TRUE(stage_with("    outs: [x]\n    metrics: [{m: {cache: false}}]\n").restorable());
  EXPECT_FALSE(stage_with("    outs: [x, {y: {cache: false}}]\n").restorable());
  EXPECT_FALSE(stage_with("    deps: [x]\n").restorable());
}

}  // namespace
}  // namespace cairn::pipeline
