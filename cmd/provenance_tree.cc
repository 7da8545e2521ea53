// SPDX-License-Identifier: Apache-2.0
#include "provenance_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "experiment_output.h"
#include "render.h"
#include "targets.h"
#include "value_output.h"
#include "version/run_record.h"

namespace cairn::cmd {
namespace {

using version::Provenance;
using version::ProvenanceActivity;
using version::ProvenanceEntity;

constexpr std::size_t kShownDigits = 12;
constexpr std::size_t kDeepest = 24;
constexpr std::int64_t kMilli = 1000;

std::string short_commit(const std::string& commit) {
  const auto oid = git::Oid::parse(commit);
  return oid ? cmd::short_commit(*oid) : escaped(commit);
}

const char* kind_word(ProvenanceEntity::Kind kind) {
  switch (kind) {
    case ProvenanceEntity::Kind::out:
      return "out";
    case ProvenanceEntity::Kind::data:
      return "data";
    case ProvenanceEntity::Kind::git:
      return "git";
    case ProvenanceEntity::Kind::unknown:
      break;
  }
  return "unknown";
}

class Tree {
 public:
  Tree(const Invocation& invocation, const Provenance& graph) : invocation_(invocation), graph_(graph) {}

  /// With a stack of its own: chains of stages may be long.
  std::string draw() {
    std::vector<Visit> open = {{0, 0}};
    while (!open.empty()) {
      const Visit visit = open.back();
      open.pop_back();
      const std::vector<std::size_t> next = add_entity(visit);
      for (auto it = next.rbegin(); it != next.rend(); ++it) {
        open.push_back({*it, visit.depth + 1});
      }
    }
    return std::move(text_);
  }

 private:
  struct Visit {
    std::size_t entity = 0;
    std::size_t depth = 0;
  };

  void line(std::size_t depth, const std::string& content) {
    text_ += std::string(2 * std::min(depth, kDeepest), ' ') + content + "\n";
  }

  /// Draws it; what comes below it is returned.
  std::vector<std::size_t> add_entity(const Visit& visit) {
    const ProvenanceEntity& entity = graph_.entities[visit.entity];
    std::string content = painted(shown_path(invocation_, entity.path), Color::bold, invocation_.color);
    if (entity.state) {
      content += fmt::format("  {}, b3:{}", human_size(entity.state->object.size),
                             entity.state->object.id.hex().substr(0, kShownDigits));
    }
    if (!entity.inside.empty()) {
      content += "  in " + shown_path(invocation_, entity.inside);
    }
    content += source_of(entity);
    const bool seen = !seen_.insert(visit.entity).second;
    const bool leads_on = entity.made_by || !entity.parts.empty();
    line(visit.depth, content + (seen && leads_on ? "  (above)" : ""));
    if (seen) {
      return {};
    }
    if (!entity.made_by) {
      return entity.parts;
    }
    const ProvenanceActivity& activity = graph_.activities[*entity.made_by];
    const bool told = !told_.insert(*entity.made_by).second;
    line(visit.depth, "  made by stage " + escaped(activity.stage.address) + (told ? "  (above)" : ""));
    if (told) {
      return {};
    }
    add_activity(activity, visit.depth);
    return activity.used;
  }

  static std::string source_of(const ProvenanceEntity& entity) {
    if (!entity.other_content_of.empty()) {
      return "  of an earlier run of " + escaped(entity.other_content_of) + ", which is not known here";
    }
    if (entity.kind == ProvenanceEntity::Kind::out || !entity.parts.empty()) {
      return "";
    }
    if (entity.kind == ProvenanceEntity::Kind::unknown) {
      return "  neither in Git nor kept by cairn";
    }
    const std::string what = entity.kind == ProvenanceEntity::Kind::git ? "  in Git" : "  tracked data";
    return entity.origin ? what + fmt::format(", commit {} of {} by {}", short_commit(entity.origin->commit),
                                              local_time(entity.origin->time), escaped(entity.origin->author))
                         : what + ", with other content now";
  }

  void add_activity(const ProvenanceActivity& activity, std::size_t depth) {
    const pipeline::StageLock& block = activity.stage.block;
    std::string command = escaped(block.cmd.substr(0, block.cmd.find('\n')));
    line(depth, "    command      " + command + (command.size() < block.cmd.size() ? " …" : ""));
    for (const pipeline::LockedParam& param : block.params) {
      line(depth, fmt::format("    param        {}:{} = {}", escaped(param.file), escaped(param.key),
                              escaped(text::canonical(param.value))));
    }
    if (block.seed) {
      line(depth, fmt::format("    seed         {}", *block.seed));
    }
    if (block.environment) {
      line(depth, "    environment  " + (activity.environment.empty() ? block.environment->id.text()
                                                                      : escaped(activity.environment)));
    }
    line(depth, "    run          " + run_line(activity));
  }

  static std::string run_line(const ProvenanceActivity& activity) {
    if (!activity.run) {
      return "not known here";
    }
    const version::ProvenanceRun& run = *activity.run;
    std::string line = run.id.substr(0, kShownDigits) + ", " + local_time(run.start_ms / kMilli);
    if (!run.user.empty()) {
      line += fmt::format(", by {} on {}", escaped(run.user), escaped(run.host));
    }
    if (!run.commit.empty()) {
      line += ", commit " + short_commit(run.commit) + (run.dirty ? " with changes" : "");
    }
    return line;
  }

  const Invocation& invocation_;
  const Provenance& graph_;
  std::set<std::size_t> seen_;
  std::set<std::size_t> told_;
  std::string text_;
};

Json entity_json(const ProvenanceEntity& entity) {
  Json json = Json::object();
  put_path(json, "path", entity.path);
  json["kind"] = kind_word(entity.kind);
  if (entity.state) {
    json["type"] = entity.state->is_tree() ? "tree" : "file";
    json["hash"] = entity.state->object.id.text();
    json["size"] = entity.state->object.size;
  }
  if (!entity.inside.empty()) {
    put_path(json, "inside", entity.inside);
  }
  if (entity.made_by) {
    json["made_by"] = *entity.made_by;
  }
  if (!entity.other_content_of.empty()) {
    json["earlier_run_of"] = entity.other_content_of;
  }
  if (!entity.parts.empty()) {
    json["parts"] = entity.parts;
  }
  if (entity.origin) {
    json["commit"] = entity.origin->commit;
    json["author"] = escaped(entity.origin->author);
    json["time"] = utc_time(entity.origin->time);
  }
  return json;
}

Json run_json(const version::ProvenanceRun& run) {
  Json json = {{"id", run.id},
               {"start", version::utc_text(run.start_ms)},
               {"end", version::utc_text(run.end_ms)},
               {"commit", run.commit},
               {"dirty", run.dirty},
               {"cairn", run.cairn}};
  if (!run.user.empty()) {
    json["user"] = escaped(run.user);
    json["host"] = escaped(run.host);
  }
  return json;
}

Json activity_json(const ProvenanceActivity& activity) {
  const pipeline::StageLock& block = activity.stage.block;
  Json params = Json::object();
  for (const pipeline::LockedParam& param : block.params) {
    params[param.file][param.key] = value_json(param.value);
  }
  Json json = {{"stage", activity.stage.address}, {"cmd", block.cmd}, {"params", std::move(params)}};
  if (block.seed) {
    json["seed"] = *block.seed;
  }
  if (block.environment) {
    json["environment"] = {{"hash", block.environment->id.text()}, {"summary", activity.environment}};
  }
  json["used"] = activity.used;
  if (activity.run) {
    json["run"] = run_json(*activity.run);
  }
  return json;
}

}  // namespace

std::string provenance_text(const Invocation& invocation, const Provenance& provenance) {
  return Tree(invocation, provenance).draw();
}

Json provenance_json(const Provenance& provenance) {
  Json json = {{"entities", Json::array()}, {"activities", Json::array()}};
  for (const ProvenanceEntity& one : provenance.entities) {
    json["entities"].push_back(entity_json(one));
  }
  for (const ProvenanceActivity& one : provenance.activities) {
    json["activities"].push_back(activity_json(one));
  }
  return json;
}

}  // namespace cairn::cmd
