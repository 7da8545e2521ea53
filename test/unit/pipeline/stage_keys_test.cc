// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/stage.h"
#include "support/matchers.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::Pair;

TEST(StageKeys, HaveWhatDecidesHowACommandRuns) {
  const Stage stage = stage_with(R"(
    env: {OMP_NUM_THREADS: 4, MODE: fast, DEBUG: True, LR: 1e-3}
    track_env: [LANG, CUDA_VISIBLE_DEVICES, LANG]
    seed: {value: 42, env: [PYTHONHASHSEED]}
    timeout: 1h30m
    retries: {count: 3, delay: 500ms}
    resources: {cpus: 0.5, mem: 4GiB, gpus: 1, licences: 2}
    deterministic: false
)");
  EXPECT_THAT(stage.env, ElementsAre(Pair("DEBUG", "true"), Pair("LR", "1e-3"), Pair("MODE", "fast"),
                                     Pair("OMP_NUM_THREADS", "4")));
  EXPECT_THAT(stage.track_env, ElementsAre("CUDA_VISIBLE_DEVICES", "LANG"));
  EXPECT_EQ(stage.seed, (Seed{42, {"PYTHONHASHSEED"}}));
  EXPECT_EQ(stage.timeout, milliseconds(5'400'000));
  EXPECT_EQ(stage.retries, (Retries{3, milliseconds(500)}));
  EXPECT_EQ(stage.resources, (Resources{500, std::uint64_t{4} << 30U, 1, {{"licences", 2}}}));
  EXPECT_FALSE(stage.deterministic);
}

TEST(StageKeys, HaveShortForms) {
  const Stage stage =
      stage_with("    seed: -7\n    retries: 2\n    timeout: 90\n    resources: {mem: 1024}\n");
  EXPECT_EQ(stage.seed, (Seed{-7, {}}));
  EXPECT_EQ(stage.retries, (Retries{2, milliseconds(1000)}));
  EXPECT_EQ(stage.timeout, milliseconds(90'000));
  EXPECT_EQ(stage.resources.memory, 1024U);
}

TEST(StageKeys, ReadFlagsOfOuts) {
  const Stage stage = stage_with(R"(
    outs:
    - model.bin: {cache: true, persist: true, push: false, remote: big, desc: d, type: model, labels: [a, b],
                  meta: {n: 1}, optional: true, checkpoint: true, compare: {rtol: 1e-6, atol: 0}}
    - b: {compare: exact}
    plots:
    - curve.csv: {cache: false, x: step, y: loss, title: Loss, header: true}
    - roc.csv:
      - {x: fpr, y: tpr}
      - {template: scatter}
)");
  const Out& model = stage.outs[0];
  EXPECT_TRUE(model.persist && model.optional && model.cached && !model.push);
  EXPECT_EQ(model.remote + model.desc + model.type, "bigdmodel");
  EXPECT_THAT(model.labels, ElementsAre("a", "b"));
  EXPECT_EQ(canonical(model.meta), R"({"n":1})");
  EXPECT_EQ(canonical(model.compare), R"({"atol":0,"rtol":1e-06})");
  EXPECT_TRUE(stage.outs[1].compare.is(text::Kind::null));
  EXPECT_FALSE(stage.outs[2].cached);
  EXPECT_EQ(canonical(stage.outs[2].plot), R"({"header":true,"title":"Loss","x":"step","y":"loss"})");
  EXPECT_EQ(canonical(stage.outs[3].plot), R"([{"x":"fpr","y":"tpr"},{"template":"scatter"}])");
}

TEST(StageKeys, TakeWildcardsAsGlobsUnlessEscaped) {
  const Stage stage = stage_with(
      "    wdir: 'a[1]'\n    deps: ['raw/*.csv', '../x/**', 'b\\*c', plain]\n    outs: ['p?.bin', "
      "'q\\[1].bin']\n");
  ASSERT_EQ(stage.deps.size(), 4U);
  EXPECT_EQ(stage.deps[0].path, "a\\[1]/raw/*.csv");
  EXPECT_TRUE(stage.deps[0].glob);
  EXPECT_EQ(stage.deps[1].path, "x/**");
  EXPECT_EQ(stage.deps[2].path, "a[1]/b*c");
  EXPECT_FALSE(stage.deps[2].glob);
  EXPECT_EQ(stage.deps[3].path, "a[1]/plain");
  EXPECT_TRUE(stage.outs[0].glob);
  EXPECT_EQ(stage.outs[1].path, "a[1]/q[1].bin");
  EXPECT_FALSE(stage.outs[1].glob);
}

TEST(StageKeys, AnEmptyValueOfAParamsFileTracksAllOfIt) {
  const Stage stage = stage_with("    params: [{a.yaml: }, {b.yaml: []}, 'glob.*']\n");
  EXPECT_TRUE(stage.params[0].whole && stage.params[1].whole);
  EXPECT_EQ(stage.params[2].keys[0].key, "glob.*");
}

TEST(StageKeys, ReadEnvironments) {
  const Stage stage = stage_with(R"(
    wdir: w
    environment:
      python: {interpreter: ./venv, files: [requirements.txt]}
      conda: {file: environment.yml, name: ml}
      uv: ..
      node: package-lock.json
      image: {reference: 'python:3.11', engine: podman}
      tools: [gcc --version]
      files: [setup.cfg]
      system: true
)");
  const EnvironmentSpec& spec = stage.environment.value();
  EXPECT_EQ(spec.python->interpreter, "w/venv");
  EXPECT_TRUE(spec.python->is_venv);
  EXPECT_THAT(spec.python->files, ElementsAre("w/requirements.txt"));
  EXPECT_EQ(spec.conda->file + " " + spec.conda->name, "w/environment.yml ml");
  EXPECT_EQ(spec.uv, "");
  EXPECT_EQ(spec.node, "w/package-lock.json");
  EXPECT_EQ(spec.image->reference + " " + spec.image->engine, "python:3.11 podman");
  EXPECT_THAT(spec.tools, ElementsAre("gcc --version"));
  EXPECT_THAT(spec.files, ElementsAre("w/setup.cfg"));
  EXPECT_TRUE(spec.system);
}

TEST(StageKeys, ReadShortFormsOfEnvironments) {
  const auto python = [](const std::string& text) {
    return stage_with("    environment: {python: " + text + "}\n").environment->python.value();
  };
  EXPECT_TRUE(python(".venv").is_venv);
  EXPECT_FALSE(python("python3.11").is_venv);
  EXPECT_EQ(python("{files: [r.txt]}").interpreter, "python3");
  const auto conda = [](const std::string& text) {
    return stage_with("    environment: {conda: " + text + "}\n").environment->conda.value();
  };
  EXPECT_EQ(conda("env.yml").file, "env.yml");
  EXPECT_EQ(conda("ml").name, "ml");
}

TEST(StageKeys, TakeTheEnvironmentOfTheFileUnlessTheyDeclareTheirOwn) {
  const PipelineFile file = parsed(R"(
stages:
  a: {cmd: x}
  b: {cmd: x, environment: {}}
  c: {cmd: x, wdir: w, environment: {node: package-lock.json}}
environment: {python: .venv}
)",
                                   "sub/cairn.yaml");
  EXPECT_EQ(file.stages[0].environment->python->interpreter, "sub/.venv");
  EXPECT_FALSE(file.stages[1].environment);
  EXPECT_EQ(file.stages[2].environment->node, "sub/w/package-lock.json");
  EXPECT_FALSE(file.stages[2].environment->python);
}

TEST(PipelineFile, ListsWhatReportsShow) {
  const PipelineFile file = parsed(R"(
params: [params.yaml, conf/a.toml]
metrics: [m.json]
plots:
- curves
- roc: {x: fpr, y: {out/roc.csv: tpr, b.csv: [t, u]}, title: ROC}
artifacts:
  best-model: {path: model.bin, type: model, labels: [x], desc: d, meta: {a: 1}}
)",
                                   "sub/cairn.yaml");
  EXPECT_EQ(file.params[1].path, "sub/conf/a.toml");
  EXPECT_EQ(file.metrics[0].path, "sub/m.json");
  EXPECT_EQ(file.plots[0].name, "curves");
  EXPECT_EQ(file.plots[1].name, "roc");
  EXPECT_EQ(file.plots[1].value.find("x")->string_value(), "fpr");
  EXPECT_EQ(file.artifacts[0].name, "best-model");
  EXPECT_EQ(file.artifacts[0].at.line, 8U);
}

struct Bad {
  const char* keys;     ///< lines of a stage, from line 4 on
  const char* message;  ///< the first problem, without the file's name
};

class BadKeys : public ::testing::TestWithParam<Bad> {};

TEST_P(BadKeys, AreRefusedWithTheirPlace) {
  Surroundings nothing;
  const Result<PipelineFile> file =
      parse_pipeline("stages:\n  s:\n    cmd: run\n" + std::string(GetParam().keys), "cairn.yaml", nothing);
  ASSERT_FALSE(file.ok());
  const std::string& text = file.error().message();
  EXPECT_EQ(text.substr(0, text.find('\n')), "cairn.yaml:" + std::string(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Stage, BadKeys,
    ::testing::Values(
        Bad{"    dep: [a]\n", "4:5: unknown key 'dep' in stage 's': did you mean 'deps'?"},
        Bad{"    outs: [a: {cach: false}]\n", "4:16: unknown key 'cach' for out 'a': did you mean 'cache'?"},
        Bad{"    outs: [a: {Z: false}]\n",
            "4:16: unknown key 'Z' for out 'a': known are cache, persist, push, optional, remote, desc, "
            "type, labels, "
            "meta, compare"},
        Bad{"    outs: [a: false]\n", "4:15: 'a' must be a map such as {cache: false}, not a boolean"},
        Bad{"    outs: [{}]\n",
            "4:12: 'outs' must be a list of paths or of {path: {cache: false}}, not a map"},
        Bad{"    live: {a: b}\n",
            "4:11: 'live' is gone: name what the command writes under 'metrics' and 'plots'"},
        Bad{"    deps: ['s3://b/k']\n",
            "4:12: path 's3://b/k' is a URL; bring data from elsewhere in with cairn import"},
        Bad{"    deps: [/a]\n",
            "4:12: path '/a' is absolute; write it relative to the stage's folder, or bring it in with cairn "
            "import"},
        Bad{"    deps: ['a\\b']\n",
            "4:12: path 'a\\b' has a backslash that escapes none of * ? [ ] \\; write / between folders, and "
            "\\\\ for "
            "a backslash in a name"},
        Bad{"    deps: ['a[b']\n",
            "4:12: glob 'a[b' can never match: it has an open bracket or a backslash at the end of a part"},
        Bad{"    deps: ['../*']\n", "4:12: path '../*' is outside the project"},
        Bad{"    outs: ['*/cairn.lock']\n",
            "4:12: out '*/cairn.lock' steers cairn or Git: a stage must not write it"},
        Bad{"    env: [A]\n", "4:10: 'env' must be a map, not a list"},
        Bad{"    env: {1A: x}\n",
            "4:11: bad variable name '1A': it is made of letters, digits and _, and does not begin with a "
            "digit"},
        Bad{"    env: {A: }\n", "4:14: 'A' must be a string, a number or a boolean, not null"},
        Bad{"    track_env: [HF_TOKEN]\n",
            "4:17: variable 'HF_TOKEN' looks like a secret: its value would be recorded and shared; let the "
            "command "
            "read it from its environment without naming it here"},
        Bad{"    seed: 1.5\n", "4:11: 'seed' must be an integer, not a number"},
        Bad{"    seed: {env: [A]}\n", "4:11: 'seed' has no 'value'"},
        Bad{"    seed: {value: 1, env: [A]}\n    env: {A: 1}\n",
            "2:3: variable 'A' of stage 's' is set by both 'env' and 'seed'"},
        Bad{"    timeout: 5 minutes\n",
            "4:14: 'timeout' must be a time such as 90, 1h30m or 500ms, not '5 minutes'"},
        Bad{"    timeout: 0\n", "4:14: 'timeout' is zero; leave it out for none"},
        Bad{"    retries: -1\n", "4:14: 'retries' is negative"},
        Bad{"    retries: {delay: 1s}\n", "4:14: 'retries' has no 'count'"},
        Bad{"    resources: {cpus: two}\n", "4:23: 'cpus' must be a number such as 2 or 0.5, not 'two'"},
        Bad{"    resources: {mem: 4G}\n",
            "4:22: 'mem' must be a size such as 4GiB, 500MB or a number of bytes, not '4G'"},
        Bad{"    resources: {memory: 4GiB}\n", "4:17: unknown resource 'memory': did you mean 'mem'?"},
        Bad{"    resources: {db: 0.5}\n", "4:21: 'db' must be an integer, not a number"},
        Bad{"    outs: [a: {compare: same}]\n",
            "4:25: 'compare' must be exact, {rtol: X, atol: Y}, {rows: [KEY]} or {ignore: [PATH]}, not "
            "'same'"},
        Bad{"    outs: [a: {compare: {rtol: -1}}]\n",
            "4:32: 'rtol' must be a number that is not negative, not '-1'"},
        Bad{"    outs: [a: {compare: {rows: [id], rtol: 1}}]\n",
            "4:38: 'compare' takes one of rows, ignore, and rtol with atol"},
        Bad{"    outs: [a: {compare: {rows: []}}]\n", "4:32: 'rows' names nothing"},
        Bad{"    plots: [a: {header: 1}]\n", "4:25: 'header' must be true or false, not an integer"},
        Bad{"    plots: [a: {y: 1}]\n",
            "4:20: 'y' must be a column, a list of columns or a map from files to columns, not an integer"},
        Bad{"    environment: {pyton: x}\n",
            "4:19: unknown key 'pyton' in 'environment': did you mean 'python'?"},
        Bad{"    environment: {image: 'a@sha256:12'}\n",
            "4:26: bad image 'a@sha256:12': it is NAME[:TAG][@sha256:DIGEST]"},
        Bad{"    environment: {image: {engine: rkt}}\n", "4:26: 'image' has no 'reference'"},
        Bad{"    environment: {conda: {name: a, prefix: b}}\n",
            "4:26: 'conda' takes either a name or a prefix"},
        Bad{"    environment: {python: /usr/bin/python3}\n",
            "4:27: path '/usr/bin/python3' is absolute; write it relative to the stage's folder, or bring it "
            "in with "
            "cairn import"},
        Bad{"    params: [1]\n",
            "4:14: 'params' must be a list of keys or of {file: [keys]}, not an integer"},
        Bad{"    params: ['']\n", "4:14: 'params' is empty"},
        Bad{"datasets: []\n",
            "4:11: 'datasets' is not cairn's way: bring data from elsewhere in with cairn import"},
        Bad{"metric: []\n", "4:1: unknown key 'metric' in a pipeline file: did you mean 'metrics'?"},
        Bad{"artifacts: {a_b: {path: x}}\n",
            "4:13: bad artifact id 'a_b': it is made of letters, digits and -, and neither begins nor ends "
            "with -"},
        Bad{"artifacts: {a: {}}\n", "4:13: artifact 'a' has no 'path'"},
        Bad{"plots: [a: {z: 1}]\n",
            "4:13: unknown key 'z' for plot 'a': known are template, x, y, x_label, y_label, title, "
            "header"}));

TEST(VariableNames, ThatPromiseASecretAreRefused) {
  for (const char* name :
       {"API_KEY", "key", "HF_TOKEN", "MY_SECRET_1", "DB_PASSWORD", "PASSWD", "CREDENTIALS"}) {
    EXPECT_THAT(problem_with("    track_env: [" + std::string(name) + "]\n"),
                ::testing::HasSubstr("like a secret"));
  }
  EXPECT_EQ(stage_with("    track_env: [TOKENIZERS_PARALLELISM, KEYBOARD, AWS_REGION]\n").track_env.size(),
            3U);
}

}  // namespace
}  // namespace cairn::pipeline
