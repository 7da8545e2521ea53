// SPDX-License-Identifier: Apache-2.0
#include "version/verdict.h"

#include <algorithm>

#include "text/yaml_writer.h"
#include "version/plain_path.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Value;

constexpr std::int64_t kVersion = 1;

Value number(std::uint64_t value) {
  return Value::integer(static_cast<std::int64_t>(value));
}

/// Text is kept only where there is some.
void put(Value& map, std::string_view key, const std::string& text) {
  if (!text.empty()) {
    map.set(key, Value::string(text));
  }
}

Value strings(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) {
    list.append(Value::string(item));
  }
  return list;
}

Value object_value(const store::Object& object) {
  Value map = Value::map();
  map.set("kind", Value::string(object.family == store::Family::tree ? "tree" : "file"));
  map.set("hash", Value::string(object.id.text()));
  map.set("size", number(object.size));
  return map;
}

Value difference_value(const Difference& difference) {
  Value map = Value::map();
  put(map, "file", plain_path(difference.file));
  if (difference.offset) {
    map.set("offset", number(*difference.offset));
  }
  if (difference.line) {
    map.set("line", number(*difference.line));
  }
  put(map, "column", difference.column);
  put(map, "key", difference.key);
  put(map, "before", difference.before);
  put(map, "after", difference.after);
  map.set("text", Value::string(difference.text));
  return map;
}

Value out_value(const OutResult& out) {
  Value map = Value::map();
  map.set("path", Value::string(plain_path(out.path)));
  map.set("verdict", Value::string(verdict_name(out.verdict)));
  put(map, "rule", out.rule);
  put(map, "extent", out.extent);
  if (out.first) {
    map.set("first", difference_value(*out.first));
  }
  if (out.recorded) {
    map.set("recorded", object_value(*out.recorded));
  }
  if (out.found) {
    map.set("found", object_value(*out.found));
  }
  return map;
}

Value cause_value(const Cause& cause) {
  Value map = Value::map();
  map.set("factor", Value::string(cause.factor));
  map.set("text", Value::string(cause.text));
  map.set("evidence", Value::string(cause.evidence));
  Value outs = Value::list();
  for (const std::string& out : cause.outs) {
    outs.append(Value::string(plain_path(out)));
  }
  map.set("outs", std::move(outs));
  return map;
}

template <class Items, class Make>
void put_list(Value& map, std::string_view key, const Items& items, Make make) {
  if (items.empty()) {
    return;
  }
  Value list = Value::list();
  for (const auto& item : items) {
    list.append(make(item));
  }
  map.set(key, std::move(list));
}

Value stage_value(const StageResult& stage) {
  Value map = Value::map();
  map.set("stage", Value::string(plain_path(stage.stage)));
  map.set("verdict", Value::string(verdict_name(stage.verdict)));
  put(map, "reason", stage.reason);
  put_list(map, "outs", stage.outs, out_value);
  put_list(map, "causes", stage.causes, cause_value);
  put(map, "cause_note", stage.cause_note);
  if (!stage.environment.empty()) {
    map.set("environment", strings(stage.environment));
  }
  map.set("wall_us", Value::integer(stage.wall_us));
  return map;
}

}  // namespace

bool Verdict::good() const {
  return std::ranges::none_of(stages, [](const StageResult& stage) {
    return stage.verdict == StageVerdict::differs || stage.verdict == StageVerdict::failed;
  });
}

std::string_view verdict_words(const Verdict& verdict) {
  if (verdict.kind == VerdictKind::verify) {
    return verdict.good() ? "deterministic" : "not deterministic";
  }
  return verdict.good() ? "reproduced" : "not reproduced";
}

std::string_view verdict_name(OutVerdict verdict) {
  switch (verdict) {
    case OutVerdict::identical:
      return "identical";
    case OutVerdict::equal:
      return "equal";
    case OutVerdict::differs:
      return "differs";
    case OutVerdict::missing:
      return "missing";
    case OutVerdict::not_compared:
      return "not_compared";
  }
  return "";
}

std::string_view verdict_name(StageVerdict verdict) {
  switch (verdict) {
    case StageVerdict::reproduced:
      return "reproduced";
    case StageVerdict::differs:
      return "differs";
    case StageVerdict::failed:
      return "failed";
    case StageVerdict::skipped:
      return "skipped";
  }
  return "";
}

std::string_view verdict_name(VerdictKind kind) {
  return kind == VerdictKind::verify ? "verify" : "reproduce";
}

std::string write_verdict(const Verdict& verdict) {
  Value map = Value::map();
  map.set("cairn", Value::integer(kVersion));
  map.set("verdict", Value::string(verdict_name(verdict.kind)));
  put(map, "version", verdict.version);
  map.set("commit", Value::string(verdict.commit));
  map.set("runs", number(verdict.runs));
  map.set("time", Value::string(utc_text(verdict.time_ms)));
  map.set("cairn_version", Value::string(verdict.cairn));
  map.set("system", verdict.system);
  map.set("from_remote", Value::boolean(verdict.from_remote));
  Value stages = Value::list();
  for (const StageResult& stage : verdict.stages) {
    stages.append(stage_value(stage));
  }
  map.set("stages", std::move(stages));
  return text::write_yaml(map);
}

}  // namespace cairn::version
