// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/shell_words.h"
#include "pipeline/stage.h"
#include "support/matchers.h"
#include "unit/pipeline/builders.h"
#include "unit/pipeline/fake_surroundings.h"

namespace cairn::pipeline {
namespace {

using ::testing::ElementsAre;

constexpr const char* kParams = R"(
lr: 5e-5
big: 1e3
hex: 0x1F
on: True
none: None
nothing: null
text: a b
list: [1, two, {three: 3}]
model: {name: cnn, depth: 010}
literal: ${PWD}
dir: out
options: {epochs: 3, lr: 0.1, name: a b, plain: x, deep: {on: true, off: false}, sizes: [1, c d], empty: [], none: null}
)";

FakeSurroundings world() {
  FakeSurroundings surroundings;
  surroundings.files["params.yaml"] = kParams;
  surroundings.variables = {{"HOME_DIR", "/h o"}, {"EMPTY", ""}};
  return surroundings;
}

PipelineFile parsed_in(Surroundings& surroundings, std::string_view text,
                       std::string_view path = "cairn.yaml") {
  Result<PipelineFile> file = parse_pipeline(text, path, surroundings);
  EXPECT_OK(file);
  return file.ok() ? *file : PipelineFile();
}

struct Paste {
  const char* cmd;  ///< in single quotes of YAML
  const char* wanted;
};

class Pasted : public ::testing::TestWithParam<Paste> {};

TEST_P(Pasted, IntoACommand) {
  FakeSurroundings surroundings = world();
  const PipelineFile file =
      parsed_in(surroundings, "stages:\n  s:\n    cmd: '" + std::string(GetParam().cmd) + "'\n");
  ASSERT_EQ(file.stages.size(), 1U);
  EXPECT_EQ(file.stages[0].cmd, GetParam().wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Template, Pasted,
    ::testing::Values(
        Paste{"x ${lr}", "x 5e-05"}, Paste{"x ${big}", "x 1000.0"}, Paste{"x ${hex}", "x 31"},
        Paste{"x ${on}", "x true"}, Paste{"x ${none}", "x None"}, Paste{"x ${nothing}", "x None"},
        Paste{"x ${text}", "x a b"}, Paste{"x ${model.depth}", "x 10"}, Paste{"x ${list[1]}", "x two"},
        Paste{"x ${list[2].three}", "x 3"}, Paste{"x ${list.0}", "x 1"}, Paste{"${text}", "a b"},
        Paste{"x ${ lr }${on}", "x 5e-05true"}, Paste{"x ${literal}", "x ${PWD}"},
        Paste{"x \\${HOME} ${lr}", "x ${HOME} 5e-05"}, Paste{"x $HOME $(y) $${lr}", "x $HOME $(y) $5e-05"},
        Paste{"x ${no:-1e3}", "x 1e3"}, Paste{"x ${no.where:-}y", "x y"}, Paste{"x ${lr:-7}", "x 5e-05"},
        Paste{"x ${model.no:-a b}", "x a b"}, Paste{"${hex:-x}", "31"}, Paste{"${no:-1e3}", "1e3"},
        Paste{"x ${quote:text} ${quote:model.name}", "x 'a b' cnn"},
        Paste{"x ${quote:no:-it}${quote:no:-a b}", "x it'a b'"},
        Paste{"x ${env:HOME_DIR}${env:EMPTY}", "x /h o"}, Paste{"x ${env:NOT_SET:-d e}", "x d e"},
        Paste{"x ${options}",
              "x --epochs 3 --lr 0.1 --name 'a b' --plain x --deep.on --sizes 1 'c d' --none None"},
        Paste{"${model}", "--name cnn --depth 10"}));

TEST(ShellWords, AreQuotedWhereTheShellNeedsIt) {
  EXPECT_EQ(shell_quoted("a-b_c.d/e:f=g@h%i+j,k"), "a-b_c.d/e:f=g@h%i+j,k");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("ä"), "'ä'");
}

TEST(Template, KeepsTheTypeOfAValueThatStandsAlone) {
  FakeSurroundings surroundings = world();
  const Stage stage = parsed_in(surroundings, R"(stages:
  s:
    cmd: x
    frozen: ${on}
    retries: ${no:-3}
    env: {A: '${lr}', B: '${on}'}
    deps: ['${hex}', '${dir}/${hex}.csv']
    outs:
    - ${dir}/${model.name}.bin: {cache: '${no:-false}'}
    params: ['${dir}/p.yaml': [a]]
    meta: {v: '${big}'}
)")
                          .stages.at(0);
  EXPECT_TRUE(stage.frozen);
  EXPECT_EQ(stage.retries.count, 3U);
  EXPECT_EQ(stage.env.at("A") + stage.env.at("B"), "5e-05true");
  EXPECT_EQ(stage.deps[0].path + " " + stage.deps[1].path, "31 out/31.csv");
  EXPECT_EQ(stage.outs[0].path, "out/cnn.bin");
  EXPECT_FALSE(stage.outs[0].cached);
  EXPECT_EQ(stage.params[0].file, "out/p.yaml");
  EXPECT_EQ(canonical(stage.meta), R"({"v":1000.0})");
}

TEST(Template, RecordsVariablesOfTheEnvironmentAndFiles) {
  FakeSurroundings surroundings = world();
  surroundings.files["more.json"] = R"({"a": {"b": 1}})";
  const PipelineFile file = parsed_in(surroundings, R"(vars: [more.json]
environment: {files: ['${env:EMPTY}x']}
stages:
  s: {cmd: 'x ${env:HOME_DIR} ${a.b}', track_env: [LANG]}
  t: {cmd: x, environment: {}}
  l:
    foreach: ['${env:NOT_SET:-q}']
    do: {cmd: 'x ${item}'}
)");
  EXPECT_THAT(file.stages[0].track_env, ElementsAre("EMPTY", "HOME_DIR", "LANG"));
  EXPECT_THAT(file.stages[1].track_env, ElementsAre());
  EXPECT_THAT(file.stages[2].track_env, ElementsAre("EMPTY", "NOT_SET"));
  EXPECT_THAT(file.read, ElementsAre("more.json", "params.yaml"));
}

TEST(Template, AsksForNoFileWhenTheTextHasNoReference) {
  FakeSurroundings surroundings = world();
  const PipelineFile file = parsed_in(surroundings, "stages: {s: {cmd: x}}\n");
  EXPECT_TRUE(surroundings.asked.empty());
  EXPECT_TRUE(file.read.empty());
}

TEST(Template, ResolvesListsOfTheFile) {
  FakeSurroundings surroundings = world();
  const PipelineFile file = parsed_in(surroundings, R"(params: ['${dir}/p.yaml']
metrics: ['${dir}/m.json']
plots: ['${dir}/p.csv': {x: '${text}'}]
artifacts: {a: {path: '${dir}/m.bin'}}
)");
  EXPECT_EQ(file.params[0].path, "out/p.yaml");
  EXPECT_EQ(file.metrics[0].path, "out/m.json");
  EXPECT_EQ(file.plots[0].name, "out/p.csv");
  EXPECT_EQ(file.plots[0].value.find("x")->string_value(), "a b");
  EXPECT_EQ(file.artifacts[0].value.find("path")->string_value(), "out/m.bin");
}

TEST(Vars, MergeDeeplyInTheirOrder) {
  FakeSurroundings surroundings;
  surroundings.files["d/params.yaml"] = "m: {a: 1}\n";
  surroundings.files["d/v.toml"] = "x = 1\ny = 2\n[m]\nb = 2\n";
  surroundings.files["d/w/local.py"] = "Z = 4\n";
  const PipelineFile file = parsed_in(surroundings, R"(vars:
- v.toml:m,x
- v.toml:y
- params.yaml
- m: {c: 3}
stages:
  s: {cmd: '${m} ${x} ${y}'}
  t:
    wdir: w
    vars: [local.py, {own: 5, m: {d: 6}}]
    cmd: ${m.a}${m.b}${m.c}${m.d}${Z}${own}
)",
                                      "d/cairn.yaml");
  EXPECT_EQ(file.stages[0].cmd, "--a 1 --b 2 --c 3 1 2");
  EXPECT_EQ(file.stages[1].cmd, "123645");
  EXPECT_THAT(file.read, ElementsAre("d/params.yaml", "d/v.toml", "d/w/local.py"));
}

struct BadTemplate {
  const char* text;
  const char* message;
};

class BadTemplates : public ::testing::TestWithParam<BadTemplate> {};

TEST_P(BadTemplates, AreToldWithTheirPlace) {
  FakeSurroundings surroundings = world();
  surroundings.files["broken.yaml"] = "a: [\n";
  surroundings.files["list.json"] = "[1]";
  surroundings.files["again.yaml"] = "ok: 1\nmodel: {depth: 2}\n";
  const Result<PipelineFile> file = parse_pipeline(GetParam().text, "cairn.yaml", surroundings);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code(), Code::malformed);
  const std::string& text = file.error().message();
  EXPECT_EQ(text.substr(0, text.find("\n  ")), "cairn.yaml:" + std::string(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Template, BadTemplates,
    ::testing::Values(
        BadTemplate{"stages: {s: {cmd: 'x ${lrr}'}}", "1:22: no variable 'lrr': did you mean 'lr'?"},
        BadTemplate{"stages: {s: {cmd: 'x ${HOME_DIRECTORY}'}}",
                    "1:22: no variable 'HOME_DIRECTORY': define it in params.yaml or 'vars', or write \\${ "
                    "for the shell's"},
        BadTemplate{
            "stages:\n  s:\n    cmd: |  # ${no}\n      one\n      x ${lr} ${nix}\n",
            "5:15: no variable 'nix': define it in params.yaml or 'vars', or write \\${ for the shell's"},
        BadTemplate{"stages:\n  s:\n    cmd: >-\n      x \\${lr}\n      ${model.nam}\n",
                    "5:7: 'model' has no 'nam': did you mean 'name'?"},
        BadTemplate{
            "stages: {s: {cmd: \"\\x24{q}${lr.x}\"}}",
            "1:19: no variable 'q': define it in params.yaml or 'vars', or write \\${ for the shell's"},
        BadTemplate{"stages: {s: {cmd: '${lr.x}'}}", "1:20: 'lr' is a number: it has no 'x'"},
        BadTemplate{"stages: {s: {cmd: '${list[7]}'}}", "1:20: list 'list' has 3 items and no item '7'"},
        BadTemplate{
            "stages: {s: {cmd: 'x ${}'}}",
            "1:22: '${}' refers to nothing: it is ${NAME}, ${NAME:-DEFAULT}, ${env:NAME} or ${quote:NAME}; "
            "write \\${ for a text that the shell shall see"},
        BadTemplate{"stages: {s: {cmd: 'x ${a:=1}'}}",
                    "1:22: '${a:=1}' refers to nothing: it is ${NAME}, ${NAME:-DEFAULT}, ${env:NAME} or "
                    "${quote:NAME}; "
                    "write \\${ for a text that the shell shall see"},
        BadTemplate{"stages: {s: {cmd: 'x ${a'}}",
                    "1:22: '${' has no '}' after it; write \\${ for a text that the shell shall see"},
        BadTemplate{
            "stages: {s: {cmd: 'x ${list}'}}",
            "1:22: 'list' is a list; a string, a number or a boolean can stand here, or a map of options"},
        BadTemplate{"stages: {s: {cmd: x, deps: ['${model}']}}",
                    "1:30: 'model' is a map; a string, a number or a boolean can stand here"},
        BadTemplate{
            "stages: {s: {cmd: x, deps: ['${no}', /a]}}",
            "1:30: no variable 'no': define it in params.yaml or 'vars', or write \\${ for the shell's"},
        BadTemplate{"stages: {s: {cmd: 'x ${env:NOT_SET}'}}",
                    "1:22: environment variable 'NOT_SET' is not set; set it, or give a default: "
                    "${env:NOT_SET:-VALUE}"},
        BadTemplate{
            "stages: {s: {cmd: 'x ${env:API_KEY}'}}",
            "1:22: variable 'API_KEY' looks like a secret: its value would be recorded and shared; let the "
            "command read it from its environment without naming it here"},
        BadTemplate{"vars: [{lr: 1}]", "1:9: variable 'lr' is defined already at params.yaml:2:1"},
        BadTemplate{"vars: [{model: {x: 1}}, {model: 1}]",
                    "1:26: variable 'model' is defined already at params.yaml:10:1"},
        BadTemplate{"vars: [again.yaml]",
                    "1:8: variable 'model.depth' at again.yaml:2:9 is defined already at params.yaml:10:20"},
        BadTemplate{"vars: [none.yaml]", "1:8: vars file 'none.yaml' is missing"},
        BadTemplate{"vars: [params.yaml:lr]",
                    "1:8: all of 'params.yaml' is loaded already: take the keys away"},
        BadTemplate{"vars: ['again.yaml:ok', again.yaml]",
                    "1:25: a part of 'again.yaml' is loaded already: name the keys that are missing"},
        BadTemplate{"vars: ['again.yaml:ok', 'again.yaml:ok']",
                    "1:25: 'ok' of 'again.yaml' is loaded already"},
        BadTemplate{"vars: ['again.yaml:oks']", "1:8: 'again.yaml' has no 'oks': did you mean 'ok'?"},
        BadTemplate{"vars: [list.json]",
                    "1:8: cannot read variables from 'list.json': it holds a list, not a map"},
        BadTemplate{"vars: [1]",
                    "1:8: 'vars' must be a list of files, of FILE:KEY,KEY and of maps, not an integer"},
        BadTemplate{"vars: [{q: '${lr}'}]", "1:8: 'vars' cannot refer to variables"},
        BadTemplate{"vars: [../x.yaml]", "1:8: path '../x.yaml' is outside the project"},
        BadTemplate{"stages: {s: {cmd: x, wdir: '${own}', vars: [{own: a}]}}",
                    "1:29: no variable 'own': did you mean 'on'?"},
        BadTemplate{"stages: {s: {cmd: x, outs: ['${dir}': {}, '${dir}x': {}, {'${dir}': {}, out: {}}]}}",
                    "1:73: two keys become 'out'"}));

TEST(Template, TellsWhereAFileOfVariablesIsBroken) {
  FakeSurroundings surroundings;
  surroundings.files["broken.yaml"] = "a: 1\na: 2\n";
  EXPECT_THAT(parse_pipeline("vars: [broken.yaml]", "cairn.yaml", surroundings),
              test::FailsWith(
                  Code::malformed,
                  "cairn.yaml:1:8: cannot read variables from 'broken.yaml':\nbroken.yaml:2:1: duplicate"));
}

TEST(Template, TellsAllProblemsAtOnce) {
  FakeSurroundings surroundings = world();
  const Result<PipelineFile> file = parse_pipeline(
      "vars: [no.yaml]\nstages:\n  s:\n    cmd: ${a_a} ${b_b}\n    deps: ['${c_c}/x']\n    dep: []\n",
      "cairn.yaml", surroundings);
  ASSERT_FALSE(file.ok());
  for (const char* place : {":1:8: ", ":4:10: ", ":4:17: ", ":5:13: ", ":6:5: "}) {
    EXPECT_THAT(file.error().message(), ::testing::HasSubstr(place));
  }
}

TEST(Template, IsBoundedInLength) {
  FakeSurroundings surroundings;
  surroundings.files["params.yaml"] = "big: " + std::string(1 << 20, 'x') + "\n";
  std::string cmd;
  for (int i = 0; i < 10'000; ++i) {
    cmd += "${big}";
  }
  EXPECT_THAT(parse_pipeline("stages: {s: {cmd: '" + cmd + "'}}", "cairn.yaml", surroundings),
              test::FailsWith(Code::malformed, "the text becomes longer than 4194304 bytes"));
}

}  // namespace
}  // namespace cairn::pipeline
