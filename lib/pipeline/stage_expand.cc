// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_expand.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/near_name.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// A loop is given up after so many problems: more of the same kind help nobody.
constexpr std::size_t kMostProblems = 1000;

Value without(const Value& map, std::string_view key) {
  Value rest = Value::map();
  for (const Entry& entry : map.entries()) {
    if (entry.key != key) {
      rest.append_entry(entry);
    }
  }
  rest.set_origin({map.begin(), map.end(), map.style(), {}});
  return rest;
}

void add_names(Stage& stage, const std::set<std::string>& names) {
  if (names.empty()) {
    return;
  }
  stage.track_env.insert(stage.track_env.end(), names.begin(), names.end());
  std::sort(stage.track_env.begin(), stage.track_env.end());
  stage.track_env.erase(std::unique(stage.track_env.begin(), stage.track_env.end()), stage.track_env.end());
}

}  // namespace

void StageExpander::expand(const Entry& entry, std::vector<Stage>& stages) {
  reader_.enter_stage("");
  if (Status status = check_stage_name(entry.key); !status.ok()) {
    reader_.problem(entry.key_begin, status.error().message());
  }
  const Value& body = entry.value;
  if (body.find("foreach") != nullptr || body.find("do") != nullptr) {
    expand_foreach(entry, stages);
  } else if (body.find("matrix") != nullptr) {
    expand_matrix(entry, stages);
  } else {
    Variables variables(&scope_.variables);
    stages.push_back(make_stage({entry.key, "", scope_.file, entry.key_begin}, body, variables));
  }
}

void StageExpander::expand_foreach(const Entry& entry, std::vector<Stage>& stages) {
  const Value* data = entry.value.find("foreach");
  const Value* body = entry.value.find("do");
  for (const Entry& key : entry.value.entries()) {
    if (key.key == "matrix") {
      reader_.problem(key.key_begin, "a stage has either 'foreach' or 'matrix'");
    } else if (key.key != "foreach" && key.key != "do") {
      reader_.problem(key.key_begin,
                      fmt::format("key {} stands beside 'foreach'; put it into 'do'", quoted(key.key)));
    }
  }
  if (data == nullptr || body == nullptr) {
    reader_.problem(entry.key_begin,
                    fmt::format("stage {} has {}", quoted(entry.key),
                                data == nullptr ? "'do' without 'foreach'" : "'foreach' without 'do'"));
    return;
  }
  const Value resolved = resolver_.resolve(*data, scope_.variables, Gives::all);
  const std::set<std::string> names = resolver_.take_environment();
  expand_items({entry, *body}, foreach_items(resolved, reader_), names, stages);
}

void StageExpander::expand_matrix(const Entry& entry, std::vector<Stage>& stages) {
  const Value resolved = resolver_.resolve(*entry.value.find("matrix"), scope_.variables, Gives::all);
  const std::set<std::string> names = resolver_.take_environment();
  const Value body = without(entry.value, "matrix");
  expand_items({entry, body}, matrix_items(resolved, reader_), names, stages);
}

void StageExpander::expand_items(const Loop& loop, const std::vector<LoopItem>& items,
                                 const std::set<std::string>& names, std::vector<Stage>& stages) {
  made_by_loops_ += items.size();
  if (made_by_loops_ > kMostLoopStages) {
    reader_.problem(loop.entry.key_begin,
                    fmt::format("the loops of this file make more than {} stages", kMostLoopStages));
    return;
  }
  const std::size_t problems = reader_.problems();
  for (const LoopItem& item : items) {
    if (reader_.problems() - problems > kMostProblems || resolver_.exhausted()) {
      break;
    }
    std::string name = fmt::format("{}@{}", loop.entry.key, item.suffix);
    reader_.enter_stage(name);
    if (Status status = check_stage_suffix(item.suffix); !status.ok()) {
      reader_.problem(loop.entry.key_begin, status.error().message());
    }
    const Value key = Value::string(item.suffix);
    Variables variables(&scope_.variables);
    if (item.value != nullptr) {
      variables.bind("item", *item.value);
    } else {
      variables.bind("item", item.fields);
    }
    if (item.keyed) {
      variables.bind("key", key);
    }
    Stage stage = make_stage({std::move(name), loop.entry.key, scope_.file, loop.entry.key_begin}, loop.body,
                             variables);
    add_names(stage, names);
    stages.push_back(std::move(stage));
  }
  reader_.enter_stage("");
}

Stage StageExpander::make_stage(StageHead head, const Value& body, Variables& variables) {
  // What a loop makes is always copied, so that its size is counted.
  const bool as_written =
      !body.is(Kind::map) || (head.group.empty() && body.find("vars") == nullptr && !has_templates(body));
  if (as_written) {
    Stage stage = read_stage(std::move(head), body, scope_.defaults, reader_);
    if (body.find("environment") == nullptr) {
      add_names(stage, scope_.environment_names);
    }
    return stage;
  }
  load_vars(body, variables);
  const Value resolved = resolver_.resolve_stage(body, variables);
  Stage stage = read_stage(std::move(head), resolved, scope_.defaults, reader_);
  add_names(stage, resolver_.take_environment());
  if (body.find("environment") == nullptr) {
    add_names(stage, scope_.environment_names);
  }
  return stage;
}

void StageExpander::load_vars(const Value& body, Variables& variables) {
  const Value* vars = body.find("vars");
  if (vars == nullptr) {
    return;
  }
  // Files are relative to wdir, which cannot refer to what they hold.
  std::string folder(os::parent_of(scope_.file));
  if (const Value* written = body.find("wdir"); written != nullptr) {
    const Value wdir = resolver_.resolve(*written, variables, Gives::scalars);
    const std::size_t problems = reader_.problems();
    folder = reader_.folder("wdir", wdir, folder).value_or(folder);
    if (reader_.problems() > problems) {
      reader_.silence(written->begin());
    }
  }
  LoadedVars loaded = scope_.loaded;
  loader_.load(*vars, folder, variables, loaded);
}

}  // namespace cairn::pipeline
