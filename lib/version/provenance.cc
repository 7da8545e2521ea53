// SPDX-License-Identifier: Apache-2.0
#include "version/provenance.h"

#include <algorithm>
#include <map>

#include "os/path.h"
#include "pipeline/key.h"

namespace cairn::version {

using pipeline::LockedOut;
using pipeline::PathState;

ProvenanceTracer::ProvenanceTracer(const std::vector<LockedStage>& stages) {
  for (const LockedStage& stage : stages) {
    for (const LockedOut& out : stage.block.outs) {
      outs_.push_back({out.path, &stage, &out});
    }
  }
  std::sort(outs_.begin(), outs_.end(), [](const OutPlace& a, const OutPlace& b) { return a.path < b.path; });
}

const ProvenanceTracer::OutPlace* ProvenanceTracer::containing(std::string_view path) const {
  for (std::string_view outer = path; !outer.empty(); outer = os::parent_of(outer)) {
    const auto it = std::lower_bound(outs_.begin(), outs_.end(), outer,
                                     [](const OutPlace& a, std::string_view b) { return a.path < b; });
    if (it != outs_.end() && it->path == outer && it->out->state) {
      return &*it;
    }
  }
  return nullptr;
}

const LockedOut* ProvenanceTracer::find_out(std::string_view path) const {
  const OutPlace* place = containing(path);
  return place == nullptr ? nullptr : place->out;
}

std::vector<std::string_view> ProvenanceTracer::outs() const {
  std::vector<std::string_view> paths;
  for (const OutPlace& one : outs_) {
    paths.push_back(one.path);
  }
  return paths;
}

/// Breadth first, without recursion: chains may be long.
class ProvenanceWalk {
 public:
  ProvenanceWalk(const ProvenanceTracer& tracer, const MakerOf& maker_of)
      : tracer_(tracer), maker_of_(maker_of) {}

  Result<Provenance> run(const std::string& path, const std::optional<PathState>& state) {
    entity(path, state);
    for (std::size_t next = 0; next < graph_.entities.size(); ++next) {
      CAIRN_TRY(explain(next));
    }
    return std::move(graph_);
  }

 private:
  std::size_t entity(const std::string& path, const std::optional<PathState>& state) {
    const auto [it, added] =
        known_.try_emplace({path, state ? state->object.id.hex() : std::string()}, graph_.entities.size());
    if (added) {
      ProvenanceEntity& one = graph_.entities.emplace_back();
      one.path = path;
      one.state = state;
    }
    return it->second;
  }

  /// Finds who made the entity. References into `entities` do not outlive a call of entity().
  Status explain(std::size_t index) {
    const std::string path = graph_.entities[index].path;
    const auto state = graph_.entities[index].state;
    const ProvenanceTracer::OutPlace* place = tracer_.containing(path);
    if (place == nullptr) {
      return add_parts(index, path);
    }
    graph_.entities[index].kind = ProvenanceEntity::Kind::out;
    if (place->path != path) {
      graph_.entities[index].inside = place->path;
    }
    const LockedStage* stage = place->stage;
    const bool locked = place->path == path && (!state || place->out->state->object == state->object);
    if (locked || !state) {
      graph_.entities[index].made_by = activity(*stage);
      return {};
    }
    CAIRN_TRY_ASSIGN(auto block, maker_of_(*stage, *place->out, path, *state));
    if (!block) {
      graph_.entities[index].other_content_of = stage->address;
      return {};
    }
    graph_.entities[index].made_by = activity({stage->address, stage->folder, std::move(*block)});
    return {};
  }

  /// A folder that stages write into.
  Status add_parts(std::size_t index, const std::string& path) {
    const std::string below = path + "/";
    auto it = std::lower_bound(
        tracer_.outs_.begin(), tracer_.outs_.end(), below,
        [](const ProvenanceTracer::OutPlace& a, const std::string& b) { return a.path < b; });
    for (; it != tracer_.outs_.end() && it->path.starts_with(below); ++it) {
      if (it->out->state) {
        const std::size_t part = entity(std::string(it->path), it->out->state);
        graph_.entities[index].parts.push_back(part);
      }
    }
    return {};
  }

  std::size_t activity(const LockedStage& stage) {
    const std::string name = stage.address + "\n" + pipeline::stage_key(stage.block, stage.folder).hex();
    const auto [it, added] = activities_.try_emplace(name, graph_.activities.size());
    if (!added) {
      return it->second;
    }
    const std::size_t index = it->second;
    graph_.activities.push_back({stage, {}, {}, {}});
    for (const auto* list : {&stage.block.code, &stage.block.deps}) {
      for (const pipeline::LockedPath& input : *list) {
        const std::size_t used = entity(input.path, input.state);
        graph_.activities[index].used.push_back(used);
      }
    }
    return index;
  }

  const ProvenanceTracer& tracer_;
  const MakerOf& maker_of_;
  Provenance graph_;
  std::map<std::pair<std::string, std::string>, std::size_t> known_;  // by path and content
  std::map<std::string, std::size_t> activities_;                     // by address and key
};

Result<Provenance> ProvenanceTracer::trace(const std::string& path, const std::optional<PathState>& state,
                                           const MakerOf& maker_of) const {
  return ProvenanceWalk(*this, maker_of).run(path, state);
}

}  // namespace cairn::version
