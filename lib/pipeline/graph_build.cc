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
};

std::vector<Read> reads_of(const Stage& stage) {
  std::vector<Read> reads;
  reads.reserve(stage.deps.size() + stage.params.size());
  for (const Dep& dep : stage.deps) {
    reads.push_back({dep.path, dep.at});
  }
  for (const ParamFile& file : stage.params) {
    reads.push_back({file.file, file.at});
  }
  return reads;
}

bool overlap(std::string_view a, std::string_view b) {
  return os::is_within(a, b) || os::is_within(b, a);
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
      for (Stage& stage : file.stages) {
        graph_.stages_.push_back(std::move(stage));
      }
    }
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
        graph_.outs_.push_back({i, out});
      }
    }
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
    for (const PipelineFile& file : files) {
      check_file(file.path);
    }
  }

  /// No out may hold a stage file.
  void check_file(const std::string& path) {
    const Graph::OutRef* ref = graph_.out_containing(path);
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
        if (const Graph::OutRef* ref = graph_.out_containing(read.path); ref != nullptr) {
          need(i, read, *ref);
          continue;
        }
        for (const Graph::OutRef& ref : graph_.outs_inside(read.path)) {
          need(i, read, ref);
        }
      }
      std::sort(needed.begin(), needed.end());
      needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
      for (StageIndex up : needed) {
        graph_.downstream_[up].push_back(i);
      }
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
        if (overlap(read.path, out.path)) {
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
