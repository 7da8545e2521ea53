// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/escape.h"
#include "pipeline/ci_policy.h"
#include "pipeline/drift_gate.h"
#include "pipeline/graph.h"
#include "pipeline/stage.h"
#include "unit/pipeline/fake_surroundings.h"
#include "unit/pipeline/language_case.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

/// Collects "  name: text" lines; a text that is empty is left out.
class Lines {
 public:
  void head(std::string_view text) { out_ += fmt::format("{}\n", text); }
  void add(std::string_view name, std::string_view text) {
    if (!text.empty()) {
      out_ += fmt::format("  {}: {}\n", name, escaped(text));
    }
  }
  void flag(std::string_view name, bool set) { add(name, set ? "true" : ""); }
  void value(std::string_view name, const Value& value) {
    add(name, value.is(Kind::null) ? "" : canonical(value));
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string out_text(const Out& out) {
  std::string text = out.path;
  const auto add = [&text](std::string_view name, std::string_view value) {
    text += value.empty() ? "" : fmt::format(" {}={}", name, value);
  };
  add("glob", out.glob ? "true" : "");
  add("cache", out.cached ? "" : "false");
  add("persist", out.persist ? "true" : "");
  add("push", out.push ? "" : "false");
  add("optional", out.optional ? "true" : "");
  add("remote", out.remote);
  add("desc", out.desc);
  add("type", out.type);
  add("labels", fmt::format("{}", fmt::join(out.labels, ",")));
  add("meta", out.meta.is(Kind::null) ? "" : canonical(out.meta));
  add("plot", out.plot.is(Kind::null) ? "" : canonical(out.plot));
  add("compare", out.compare.is(Kind::null) ? "" : canonical(out.compare));
  return text;
}

void add_paths(const Stage& stage, Lines& lines) {
  for (const Dep& dep : stage.deps) {
    lines.add("dep", dep.path + (dep.glob ? " glob=true" : ""));
  }
  static constexpr std::string_view kKinds[] = {"out", "metric", "plot"};
  for (const Out& out : stage.outs) {
    lines.add(kKinds[static_cast<std::size_t>(out.kind)], out_text(out));
  }
  for (const ParamFile& file : stage.params) {
    std::string text = file.file + (file.whole ? " whole" : "");
    for (const ParamKey& key : file.keys) {
      text += fmt::format(" [{}]", key.key);
    }
    lines.add("params", text);
  }
  lines.add("code", stage.code.words ? "" : "false");
  lines.add("code", fmt::format("{}", fmt::join(stage.code.globs, " ")));
}

void add_environment(const EnvironmentSpec& spec, Lines& lines) {
  lines.head("  environment:");
  if (spec.python) {
    lines.add("  python", fmt::format("{}{}", spec.python->interpreter, spec.python->is_venv ? " venv" : ""));
    lines.add("  python files", fmt::format("{}", fmt::join(spec.python->files, " ")));
  }
  if (spec.conda) {
    lines.add("  conda file", spec.conda->file);
    lines.add("  conda name", spec.conda->name);
    lines.add("  conda prefix", spec.conda->prefix);
  }
  if (spec.uv) {
    lines.add("  uv", quoted(*spec.uv));
  }
  lines.add("  node", spec.node.value_or(""));
  if (spec.image) {
    lines.add("  image",
              spec.image->reference + (spec.image->engine.empty() ? "" : " " + spec.image->engine));
  }
  lines.add("  tools", fmt::format("{}", fmt::join(spec.tools, ", ")));
  lines.add("  files", fmt::format("{}", fmt::join(spec.files, " ")));
  lines.flag("  system", spec.system);
}

void add_run_keys(const Stage& stage, Lines& lines) {
  for (const auto& [name, value] : stage.env) {
    lines.add("env", fmt::format("{}={}", name, value));
  }
  lines.add("track_env", fmt::format("{}", fmt::join(stage.track_env, " ")));
  if (stage.environment) {
    add_environment(*stage.environment, lines);
  }
  if (stage.seed) {
    lines.add("seed", fmt::format("{}{}{}", stage.seed->value, stage.seed->variables.empty() ? "" : " ",
                                  fmt::join(stage.seed->variables, " ")));
  }
  if (stage.timeout.count() != 0) {
    lines.add("timeout", fmt::format("{} ms", stage.timeout.count()));
  }
  if (stage.retries != Retries()) {
    lines.add("retries", fmt::format("{} delay {} ms", stage.retries.count, stage.retries.delay.count()));
  }
  const Resources& taken = stage.resources;
  lines.add("milli_cpus", taken.milli_cpus == 0 ? "" : fmt::to_string(taken.milli_cpus));
  lines.add("mem", taken.memory == 0 ? "" : fmt::to_string(taken.memory));
  lines.add("gpus", taken.gpus == 0 ? "" : fmt::to_string(taken.gpus));
  for (const auto& [name, count] : taken.tokens) {
    lines.add("token", fmt::format("{} {}", name, count));
  }
}

void add_stage(const Stage& stage, Lines& lines) {
  lines.head(fmt::format("stage {}", escaped(stage.address())));
  lines.add("group", stage.group);
  lines.add("cmd", quoted(stage.cmd));
  lines.add("shell", stage.shell == kDefaultShell ? "" : stage.shell);
  lines.add("wdir", stage.wdir == stage.folder() ? "" : quoted(stage.wdir));
  add_paths(stage, lines);
  add_run_keys(stage, lines);
  lines.add("deterministic", stage.deterministic ? "" : "false");
  lines.flag("frozen", stage.frozen);
  lines.flag("always_changed", stage.always_changed);
  lines.add("desc", stage.desc);
  lines.value("meta", stage.meta);
}

void add_file(const PipelineFile& file, const std::vector<DriftGate>& gates, Lines& lines) {
  for (const ListedFile& listed : file.params) {
    lines.head(fmt::format("listed params {}", listed.path));
  }
  for (const ListedFile& listed : file.metrics) {
    lines.head(fmt::format("listed metrics {}", listed.path));
  }
  for (const NamedEntry& plot : file.plots) {
    lines.head(fmt::format("plot {} {}", plot.name, canonical(plot.value)));
  }
  for (const NamedEntry& artifact : file.artifacts) {
    lines.head(fmt::format("artifact {} {}", artifact.name, canonical(artifact.value)));
  }
  for (const DriftGate& gate : gates) {
    lines.head(fmt::format("drift {} columns [{}]", gate.path, fmt::join(gate.columns, " ")));
    for (const DriftRule& rule : gate.rules) {
      lines.add("rule", fmt::format("{} {}", measure_name(rule.measure), rule.limit));
    }
  }
  if (!file.read.empty()) {
    lines.head(fmt::format("read {}", fmt::join(file.read, " ")));
  }
}

void add_policy(const CiPolicy& policy, Lines& lines) {
  const auto limit = [](const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "-";
  };
  for (const MetricRule& rule : policy.metrics) {
    lines.head(fmt::format("ci metric {} {} from {} to {} at {}", rule.file, rule.key, limit(rule.min),
                           limit(rule.max), rule.at.line));
  }
  if (!policy.drift_from.empty()) {
    lines.head(fmt::format("ci drift from {} at {}", policy.drift_from, policy.drift_from_at.line));
  }
  if (policy.verify_all || !policy.verified.empty()) {
    lines.head(fmt::format("ci verified {} at {}",
                           policy.verify_all ? "all" : fmt::format("[{}]", fmt::join(policy.verified, " ")),
                           policy.verified_at.line));
  }
}

void add_needs(const Graph& graph, Lines& lines) {
  for (StageIndex user = 0; user < graph.size(); ++user) {
    for (StageIndex maker : graph.upstream(user)) {
      lines.head(fmt::format("{} needs {}", escaped(graph.address(user)), escaped(graph.address(maker))));
    }
  }
}

Result<std::string> dump(const LanguageCase& test_case) {
  FakeSurroundings surroundings;
  surroundings.files = test_case.files;
  surroundings.variables = test_case.variables;
  Lines lines;
  std::vector<PipelineFile> files;
  for (const auto& [path, text] : test_case.pipelines) {
    CAIRN_TRY_ASSIGN(PipelineFile file, parse_pipeline(text, path, surroundings));
    for (const Stage& stage : file.stages) {
      add_stage(stage, lines);
    }
    CAIRN_TRY_ASSIGN(const std::vector<DriftGate> gates, parse_drift_gates(text, path));
    add_file(file, gates, lines);
    CAIRN_TRY_ASSIGN(const CiPolicy policy, parse_ci_policy(text, path));
    add_policy(policy, lines);
    files.push_back(std::move(file));
  }
  CAIRN_TRY_ASSIGN(const Graph graph, Graph::build(std::move(files)));
  add_needs(graph, lines);
  return lines.take();
}

}  // namespace

std::string language_result(const LanguageCase& test_case) {
  Result<std::string> text = dump(test_case);
  return text.ok() ? std::move(text).value() : fmt::format("error: {}\n", text.error().message());
}

}  // namespace cairn::pipeline
