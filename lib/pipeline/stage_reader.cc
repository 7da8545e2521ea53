// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_reader.h"

#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "base/escape.h"
#include "pipeline/environment_reader.h"
#include "pipeline/glob_text.h"
#include "pipeline/key_table.h"
#include "pipeline/out_reader.h"
#include "pipeline/param_reader.h"
#include "pipeline/run_keys_reader.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

/// A resolved script above this is refused: no shell would take it.
constexpr std::size_t kLongestCmd = std::size_t{4} << 20;

void read_cmd(const Value& value, Stage& stage, ValueReader& reader) {
  if (value.is(Kind::list)) {
    bool first = true;
    for (const Value& item : value.items()) {
      stage.cmd += first ? "" : "\n";
      stage.cmd += reader.string("cmd", item).value_or("-");
      first = false;
    }
  } else if (value.is(Kind::string) || (value.is_scalar() && value.style() == text::Style::none)) {
    stage.cmd = reader.string("cmd", value).value_or("-");
  } else {
    reader.wrong_type("cmd", "a string or a list of strings", value);
    return;
  }
  if (stage.cmd.find_first_not_of(" \t\r\n") == std::string::npos) {
    reader.problem(value.begin(), "'cmd' is empty");
  } else if (stage.cmd.size() > kLongestCmd) {
    reader.problem(value.begin(), fmt::format("'cmd' has {} bytes, more than the limit of {}",
                                              stage.cmd.size(), kLongestCmd));
  }
}

void read_shell(const Value& value, Stage& stage, ValueReader& reader) {
  stage.shell = reader.filled("shell", value).value_or(stage.shell);
}

void read_deps(const Value& value, Stage& stage, ValueReader& reader) {
  std::unordered_set<std::string> seen;
  for (const Value& item : reader.list("deps", value)) {
    const std::optional<std::string> written = reader.string("deps", item);
    if (!written) {
      continue;
    }
    Result<WrittenPattern> pattern = resolve_pattern(*written, stage.wdir);
    if (!pattern.ok()) {
      reader.problem(item.begin(), pattern.error().message());
    } else if (pattern->path.empty()) {
      reader.problem(item.begin(), fmt::format("path {} is the project's own folder", quoted(*written)));
    } else if (seen.insert((pattern->glob ? "*" : "=") + pattern->path).second) {
      stage.deps.push_back({std::move(pattern->path), item.begin(), pattern->glob});
    }
  }
}

void read_code(const Value& value, Stage& stage, ValueReader& reader) {
  if (value.is(Kind::boolean) && !value.bool_value()) {
    stage.code.words = false;
    return;
  }
  if (!value.is(Kind::list)) {
    reader.wrong_type("code", "a list of globs, or false", value);
    return;
  }
  for (const Value& item : value.items()) {
    const std::optional<std::string> written = reader.string("code", item);
    if (!written) {
      continue;
    }
    Result<std::string> glob = resolve_glob(*written, stage.wdir);
    if (!glob.ok()) {
      reader.problem(item.begin(), glob.error().message());
    } else if (glob->empty()) {
      reader.problem(item.begin(), fmt::format("path {} is the project's own folder", quoted(*written)));
    } else {
      stage.code.globs.push_back(std::move(*glob));
    }
  }
}

void is_read_apart(const Value&, Stage&, ValueReader&) {}

constexpr std::array<KeyReader<Stage>, 24> kKeys{{
    {"cmd", read_cmd},
    {"deps", read_deps},
    {"outs", [](const Value& v, Stage& s, ValueReader& r) { read_outs(v, OutKind::data, s, r); }},
    {"metrics", [](const Value& v, Stage& s, ValueReader& r) { read_outs(v, OutKind::metric, s, r); }},
    {"plots", [](const Value& v, Stage& s, ValueReader& r) { read_outs(v, OutKind::plot, s, r); }},
    {"params", read_params},
    {"wdir", is_read_apart},
    {"vars", is_read_apart},
    {"shell", read_shell},
    {"code", read_code},
    {"env", read_env},
    {"track_env", read_track_env},
    {"environment",
     [](const Value& v, Stage& s, ValueReader& r) { s.environment = read_environment(v, s.wdir, r); }},
    {"seed", read_seed},
    {"pin_env", is_read_apart},
    {"timeout", read_timeout},
    {"retries", read_retries},
    {"resources", read_resources},
    {"deterministic", [](const Value& v, Stage& s,
                         ValueReader& r) { s.deterministic = r.boolean("deterministic", v).value_or(true); }},
    {"frozen",
     [](const Value& v, Stage& s, ValueReader& r) { s.frozen = r.boolean("frozen", v).value_or(false); }},
    {"always_changed",
     [](const Value& v, Stage& s, ValueReader& r) {
       s.always_changed = r.boolean("always_changed", v).value_or(false);
     }},
    {"desc", [](const Value& v, Stage& s, ValueReader& r) { s.desc = r.string("desc", v).value_or(""); }},
    {"meta", [](const Value& v, Stage& s, ValueReader&) { s.meta = v; }},
    {"live",
     [](const Value& v, Stage&, ValueReader& r) {
       r.problem(v.begin(), "'live' is gone: name what the command writes under 'metrics' and 'plots'");
     },
     true},
}};

}  // namespace

Stage read_stage(StageHead head, const Value& body, const StageDefaults& defaults, ValueReader& reader) {
  Stage stage;
  stage.name = std::move(head.name);
  stage.group = std::move(head.group);
  stage.file = std::move(head.file);
  stage.at = head.at;
  stage.wdir = stage.folder();
  const std::string shown = quoted(stage.group.empty() ? stage.name : stage.group);
  if (!body.is(Kind::map)) {
    reader.wrong_type(stage.group.empty() ? stage.name : "do", "a map", body);
    return stage;
  }
  // wdir first: other paths are relative to it.
  if (const Value* wdir = body.find("wdir"); wdir != nullptr) {
    stage.wdir = reader.folder("wdir", *wdir, stage.wdir).value_or(stage.wdir);
  }
  stage.environment = defaults.environment;
  read_keys<Stage>(body.entries(), kKeys, fmt::format("in stage {}", shown), stage, reader);
  if (body.find("cmd") == nullptr) {
    reader.problem(stage.at, fmt::format("stage {} has no 'cmd'", shown));
  }
  check_run_keys(stage, reader);
  const Value* pin_env = body.find("pin_env");
  const auto pinned = pin_env != nullptr ? read_pin_env(*pin_env, reader) : defaults.pin_env;
  stage.env.insert(pinned.begin(), pinned.end());  // variables of `env` keep their values
  return stage;
}

}  // namespace cairn::pipeline
