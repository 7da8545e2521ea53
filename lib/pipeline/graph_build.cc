// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/graph.h"
#include "pipeline/path_order.h"

namespace cairn::pipeline {
namespace {

/// A path that a stage reads: a dep or a params file.
struct Read {
  std::string_view path;
  text::Position at;
  bool glob = false;
};

PathPattern pattern_of(const Read& read) {
  return read.glob ? PathPattern::glob(read.path) : PathPattern::path(read.path);
}

PathPattern pattern_of(const Out& out) {
  return out.glob ? PathPattern::glob(out.path) : PathPattern::path(out.path);
}

/// A stage may not read what it writes. That an out may turn out to be a folder with a match in it is no
/// reason: what a stage writes is not taken for what it reads (ops::WorkspaceState).
bool reads_own(const PathPattern& read, const PathPattern& out) {
  return read.can_equal(out) || read.can_hold(out) || os::is_within(read.base(), out.text()) ||
         (!read.is_glob() && out.can_hold(read));
}

std::vector<Read> reads_of(const Stage& stage) {
  std::vector<Read> reads;
  reads.reserve(stage.deps.size() + stage.params.size());
  for (const Dep& dep : stage.deps) {
    reads.push_back({dep.path, dep.at, dep.glob});
  }
  for (const ParamFile& file : stage.params) {
    reads.push_back({file.file, file.at, false});
  }
  return reads;
}

}  // namespace

/// Fills a Graph step by step. A step that notes problems ends the building: later ones rely on it.
class GraphBuilder {
 public:
  Result<Graph> build(std::vector<PipelineFile> files) {
    add_stages(files);
    sort_outs();
    check_outs(files);
    CAIRN_TRY(status());
    connect();
    CAIRN_TRY(status());
    sort_stages();
    CAIRN_TRY(status());
    return std::move(graph_);
  }

 private:
  void add_stages(std::vector<PipelineFile>& files) {
    for (PipelineFile& file : files) {
      graph_.files_.push_back(file.path);
      for (Stage& stage : file.stages) {
        graph_.stages_.push_back(std::move(stage));
      }
    }
    std::sort(graph_.files_.begin(), graph_.files_.end());
    std::vector<std::pair<std::string, std::size_t>> sorted;
    for (std::size_t i = 0; i < graph_.stages_.size(); ++i) {
      sorted.emplace_back(graph_.stages_[i].address(), i);
    }
    std::sort(sorted.begin(), sorted.end());
    std::vector<Stage> stages;
    stages.reserve(sorted.size());
    for (auto& item : sorted) {
      stages.push_back(std::move(graph_.stages_[item.second]));
      graph_.addresses_.push_back(std::move(item.first));
    }
    graph_.stages_ = std::move(stages);
  }

  void sort_outs() {
    for (StageIndex i = 0; i < graph_.size(); ++i) {
      for (std::size_t out = 0; out < graph_.stages_[i].outs.size(); ++out) {
        if (graph_.stages_[i].outs[out].glob) {
          graph_.globs_.add(pattern_of(graph_.stages_[i].outs[out]), graph_.glob_outs_.size());
          graph_.glob_outs_.push_back({i, out});
        } else {
          graph_.outs_.push_back({i, out});
        }
      }
    }
    graph_.globs_.finish();
    std::stable_sort(graph_.outs_.begin(), graph_.outs_.end(), [this](const auto& a, const auto& b) {
      return path_before(graph_.out_of(a).path, graph_.out_of(b).path);
    });
  }

  void check_outs(const std::vector<PipelineFile>& files) {
    // In this order what a folder contains follows it, so the out that an overlapping one stands in was just
    // seen.
    const Graph::OutRef* outer = nullptr;
    for (const Graph::OutRef& ref : graph_.outs_) {
      if (outer == nullptr || !os::is_within(graph_.out_of(ref).path, graph_.out_of(*outer).path)) {
        outer = &ref;
        continue;
      }
      const std::string& path = graph_.out_of(ref).path;
      const bool same = path == graph_.out_of(*outer).path;
      problem(fmt::format("{}: out {} of stage {} {} out {} of stage {} ({})", place_of(ref), quoted(path),
                          quoted(graph_.address(ref.stage)), same ? "is also" : "is inside",
                          quoted(graph_.out_of(*outer).path), quoted(graph_.address(outer->stage)),
                          place_of(*outer)));
    }
    check_globs();
    for (const PipelineFile& file : files) {
      check_file(file.path);
    }
  }

  void check_globs() {
    for (const GlobIndex::Item& item : graph_.globs_.items()) {
      const Graph::OutRef& ref = graph_.glob_outs_[item.id];
      each_path_near(item.pattern, [&](const Graph::OutRef& other) {
        if (item.pattern.can_touch(pattern_of(graph_.out_of(other)))) {
          overlap(ref, other);
        }
      });
      graph_.globs_.each_near(item.pattern, [&](const GlobIndex::Item& other) {
        if (other.id < item.id && item.pattern.can_touch(other.pattern)) {
          overlap(ref, graph_.glob_outs_[other.id]);
        }
      });
    }
  }

  void overlap(const Graph::OutRef& ref, const Graph::OutRef& other) {
    problem(fmt::format("{}: out {} of stage {} overlaps out {} of stage {} ({})", place_of(ref),
                        quoted(graph_.out_of(ref).path), quoted(graph_.address(ref.stage)),
                        quoted(graph_.out_of(other).path), quoted(graph_.address(other.stage)),
                        place_of(other)));
  }

  /// Calls `use` for every out that is no glob and may be touched by the pattern, and for few others.
  template <class Use>
  void each_path_near(const PathPattern& pattern, Use use) const {
    if (const Graph::OutRef* above = graph_.out_containing(pattern.base()); above != nullptr) {
      use(*above);
      return;  // outs do not overlap: no other begins like it
    }
    const std::string& prefix = pattern.prefix();
    const auto begin = std::lower_bound(graph_.outs_.begin(), graph_.outs_.end(), prefix,
                                        [this](const Graph::OutRef& ref, std::string_view wanted) {
                                          return path_before(graph_.out_of(ref).path, wanted);
                                        });
    for (auto at = begin; at != graph_.outs_.end() && graph_.out_of(*at).path.starts_with(prefix); ++at) {
      use(*at);
    }
  }

  /// No out may hold a stage file.
  void check_file(const std::string& path) {
    const Graph::OutRef* ref = graph_.out_containing(path);
    const PathPattern file = PathPattern::path(path);
    graph_.globs_.each_near(file, [&](const GlobIndex::Item& item) {
      ref = item.pattern.can_hold(file) ? &graph_.glob_outs_[item.id] : ref;
    });
    if (ref != nullptr) {
      problem(fmt::format("{}: out {} of stage {} contains {}", place_of(*ref),
                          quoted(graph_.out_of(*ref).path), quoted(graph_.address(ref->stage)),
                          quoted(path)));
    }
  }

  void connect() {
    graph_.upstream_.resize(graph_.size());
    graph_.downstream_.resize(graph_.size());
    for (StageIndex i = 0; i < graph_.size(); ++i) {
      std::vector<StageIndex>& needed = graph_.upstream_[i];
      for (const Read& read : reads_of(graph_.stages_[i])) {
        connect(i, read);
      }
      std::sort(needed.begin(), needed.end());
      needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
      for (StageIndex up : needed) {
        graph_.downstream_[up].push_back(i);
      }
    }
  }

  void connect(StageIndex user, const Read& read) {
    if (read.glob) {
      const PathPattern wanted = pattern_of(read);
      each_path_near(wanted, [&](const Graph::OutRef& ref) {
        const PathPattern out = pattern_of(graph_.out_of(ref));
        need_touched(user, read, wanted, ref, out);
      });
    } else if (const Graph::OutRef* ref = graph_.out_containing(read.path); ref != nullptr) {
      need(user, read, *ref);
      return;  // no other out overlaps this one
    } else {
      for (const Graph::OutRef& inside : graph_.outs_inside(read.path)) {
        need(user, read, inside);
      }
    }
    if (!graph_.globs_.empty()) {
      const PathPattern wanted = pattern_of(read);
      graph_.globs_.each_near(wanted, [&](const GlobIndex::Item& item) {
        need_touched(user, read, wanted, graph_.glob_outs_[item.id], item.pattern);
      });
    }
  }

  void need_touched(StageIndex user, const Read& read, const PathPattern& wanted, const Graph::OutRef& ref,
                    const PathPattern& out) {
    if (wanted.can_touch(out) && (ref.stage != user || reads_own(wanted, out))) {
      need(user, read, ref);
    }
  }

  void need(StageIndex user, const Read& read, const Graph::OutRef& ref) {
    if (ref.stage == user) {
      const std::string& out = graph_.out_of(ref).path;
      problem(fmt::format("{}: stage {} both reads {} and writes {} ({})", read_place(user, read.at),
                          quoted(graph_.address(user)), quoted(read.path), quoted(out), place_of(ref)));
    }
    graph_.upstream_[user].push_back(ref.stage);
  }

  void sort_stages() {
    std::vector<std::size_t> waits(graph_.size());
    std::priority_queue<StageIndex, std::vector<StageIndex>, std::greater<>> free;
    for (StageIndex i = 0; i < graph_.size(); ++i) {
      waits[i] = graph_.upstream_[i].size();
      if (waits[i] == 0) {
        free.push(i);
      }
    }
    graph_.order_.reserve(graph_.size());
    while (!free.empty()) {
      const StageIndex next = free.top();
      free.pop();
      graph_.order_.push_back(next);
      for (StageIndex down : graph_.downstream_[next]) {
        if (--waits[down] == 0) {
          free.push(down);
        }
      }
    }
    if (graph_.order_.size() < graph_.size()) {
      report_cycle(waits);
    }
  }

  /// Every stage that still waits needs another that waits, so following the first such one meets a cycle.
  void report_cycle(const std::vector<std::size_t>& waits) {
    const auto waiting = [&waits](StageIndex i) { return waits[i] > 0; };
    StageIndex current = 0;
    while (!waiting(current)) {
      ++current;
    }
    std::vector<StageIndex> path;
    auto first = path.end();
    while (first == path.end()) {
      path.push_back(current);
      const std::vector<StageIndex>& needed = graph_.upstream_[current];
      current = *std::find_if(needed.begin(), needed.end(), waiting);
      first = std::find(path.begin(), path.end(), current);
    }
    path.erase(path.begin(), first);
    // The same cycle is told in the same way wherever it was entered.
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
    std::string message = "stages need each other in a cycle:";
    for (std::size_t i = 0; i < path.size(); ++i) {
      message += "\n" + reason(path[i], path[(i + 1) % path.size()]);
    }
    problem(std::move(message));
  }

  /// Why `user` needs `maker`.
  std::string reason(StageIndex user, StageIndex maker) {
    for (const Read& read : reads_of(graph_.stages_[user])) {
      for (const Out& out : graph_.stages_[maker].outs) {
        if (pattern_of(read).can_touch(pattern_of(out))) {
          return fmt::format("{}: {} reads {}, and {} writes {} ({})", read_place(user, read.at),
                             quoted(graph_.address(user)), quoted(read.path), quoted(graph_.address(maker)),
                             quoted(out.path), read_place(maker, out.at));
        }
      }
    }
    CAIRN_CHECK(false);  // there is no edge without one
  }

  [[nodiscard]] std::string read_place(StageIndex stage, const text::Position& at) const {
    return text::place(graph_.stages_[stage].file, at);
  }
  [[nodiscard]] std::string place_of(const Graph::OutRef& ref) const {
    return read_place(ref.stage, graph_.out_of(ref).at);
  }

  void problem(std::string message) { problems_.push_back(std::move(message)); }

  [[nodiscard]] Status status() const {
    constexpr std::size_t kShown = 20;
    if (problems_.empty()) {
      return {};
    }
    std::string message;
    for (std::size_t i = 0; i < std::min(problems_.size(), kShown); ++i) {
      message += (i == 0 ? "" : "\n") + problems_[i];
    }
    if (problems_.size() > kShown) {
      message += fmt::format("\nand {} more problems", problems_.size() - kShown);
    }
    return Error(Code::malformed, std::move(message));
  }

  Graph graph_;
  std::vector<std::string> problems_;
};

Result<Graph> Graph::build(std::vector<PipelineFile> files) {
  return GraphBuilder().build(std::move(files));
}

}  // namespace cairn::pipeline
