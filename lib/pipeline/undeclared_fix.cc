// SPDX-License-Identifier: Apache-2.0
#include "pipeline/undeclared_fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"
#include "pipeline/glob_text.h"
#include "pipeline/stage_path.h"
#include "text/splice.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"

namespace cairn::pipeline {
namespace {

using text::Value;

/// Why a read cannot be declared; empty if it can.
std::string obstacle_to_dep(const UndeclaredPath& path) {
  if (!is_utf8(path.path)) {
    return "its name is not UTF-8";
  }
  return path.path.find("${") == std::string::npos ? "" : "its name reads as a template";
}

bool is_input(const Stage& stage, std::string_view path) {
  const auto reads = [path](const Dep& dep) {
    if (!dep.glob) {
      return os::is_within(path, dep.path) || os::is_within(dep.path, path);
    }
    const std::optional<git::PathGlob> glob = git::PathGlob::compile(dep.path);
    return glob.has_value() && glob->matches(path);
  };
  return std::any_of(stage.deps.begin(), stage.deps.end(), reads) ||
         std::any_of(stage.params.begin(), stage.params.end(),
                     [path](const ParamFile& params) { return params.file == path; });
}

std::string obstacle_to_out(const Stage& stage, const Undeclared& undeclared, const UndeclaredPath& path) {
  const bool was_read =
      std::any_of(undeclared.reads.begin(), undeclared.reads.end(), [&path](const UndeclaredPath& read) {
        return os::is_within(path.path, read.path) || os::is_within(read.path, path.path);
      });
  return path.code                    ? "Git tracks it"
         : is_input(stage, path.path) ? "the stage declares it as an input"
         : was_read                   ? "the stage reads it too"
                                      : obstacle_to_dep(path);
}

/// The stage's own place in the file; nothing when it stands for several.
std::optional<text::KeyPath> place_of(const Value& document, const Stage& stage) {
  const Value* stages = document.find("stages");
  const Value* own = stages == nullptr ? nullptr : stages->find(stage.name);
  const bool plain = stage.group.empty() && own != nullptr && own->is(text::Kind::map) &&
                     own->find("foreach") == nullptr && own->find("matrix") == nullptr;
  return plain ? std::optional<text::KeyPath>({"stages", stage.name}) : std::nullopt;
}

Value list_of(const std::vector<std::string>& items) {
  Value list = Value::list();
  for (const std::string& item : items) {
    list.append(Value::string(item));
  }
  return list;
}

Error cannot_edit(const Stage& stage, const UndeclaredFix& fix) {
  Value lines = Value::map();
  if (!fix.deps.empty()) {
    lines.set("deps", list_of(fix.deps));
  }
  if (!fix.outs.empty()) {
    lines.set("outs", list_of(fix.outs));
  }
  std::string shown = text::write_yaml(lines);
  shown.resize(shown.find_last_not_of('\n') + 1);
  return {Code::unsupported,
          fmt::format(
              "{}: stage {} is made by foreach or matrix, so its inputs and outputs cannot be added to it",
              text::place(stage.file, stage.at), quoted(stage.name)),
          "add what holds for all of them by hand:\n" + shown};
}

Result<std::string> add_items(std::string text, const Stage& stage, const text::KeyPath& place,
                              const std::string& key, const std::vector<std::string>& items) {
  if (items.empty()) {
    return text;
  }
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, stage.file));
  if (document.find("stages")->find(stage.name)->find(key) == nullptr) {
    return text::add_key({text, stage.file}, place, key, list_of(items));
  }
  text::KeyPath list = place;
  list.push_back(key);
  for (const std::string& item : items) {
    CAIRN_TRY_ASSIGN(text, text::append_item({text, stage.file}, list, Value::string(item)));
  }
  return text;
}

}  // namespace

Result<UndeclaredFix> fix_undeclared(std::string_view text, const Stage& stage,
                                     const Undeclared& undeclared) {
  UndeclaredFix fix;
  const auto sort_in = [&fix, &stage](const UndeclaredPath& path, std::string why,
                                      std::vector<std::string>& good) {
    if (why.empty()) {
      good.push_back(escaped_glob(path_from(path.path, stage.wdir)));
    } else {
      fix.left.push_back({path, std::move(why)});
    }
  };
  for (const UndeclaredPath& path : undeclared.reads) {
    sort_in(path, obstacle_to_dep(path), fix.deps);
  }
  for (const UndeclaredPath& path : undeclared.writes) {
    sort_in(path, obstacle_to_out(stage, undeclared, path), fix.outs);
  }
  for (const UndeclaredPath& path : undeclared.removed) {
    fix.left.push_back({path, "it was removed"});
  }
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, stage.file));
  const std::optional<text::KeyPath> place = place_of(document, stage);
  if (!place.has_value()) {
    return cannot_edit(stage, fix);
  }
  CAIRN_TRY_ASSIGN(fix.text, add_items(std::string(text), stage, *place, "deps", fix.deps));
  CAIRN_TRY_ASSIGN(fix.text, add_items(std::move(fix.text), stage, *place, "outs", fix.outs));
  return fix;
}

}  // namespace cairn::pipeline
