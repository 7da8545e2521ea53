// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "unit/pipeline/builders.h"
#include "unit/pipeline/fake_world.h"

namespace cairn::pipeline {

class SilentLog : public Log {
 public:
  void warn(std::string_view) override {}
  void info(std::string_view) override {}
  void debug(std::string_view) override {}
};

/// A graph with a fake world, brought up to date again and again.
class Repro {
 public:
  FakeWorld world;
  ScheduleOptions options;
  std::atomic<bool> stop{false};
  std::vector<std::string> targets;
  Reach reach = Reach::upstream;

  explicit Repro(const std::string& text) { edit(text); }
  /// `change` is called for every stage of the text.
  Repro(const std::string& text, const std::function<void(Stage&)>& change) {
    PipelineFile file = parsed(text);
    std::for_each(file.stages.begin(), file.stages.end(), change);
    auto graph = Graph::build({std::move(file)});
    EXPECT_OK(graph);
    graph_ = graph.ok() ? *graph : Graph();
  }

  void edit(const std::string& text) { graph_ = graph_of(text); }
  [[nodiscard]] const Graph& graph() const { return graph_; }

  /// One line a stage: "NAME OUTCOME: reason; reason".
  std::vector<std::string> run() {
    Result<std::vector<StageIndex>> selection = select_stages(graph_, targets, "", reach);
    EXPECT_OK(selection);
    SilentLog log;
    Progress progress;
    Context context{log, progress, stop};
    report = run_pipeline(graph_, *selection, options, world, context);
    EXPECT_LE(progress.items_done.load(), report.stages.size());
    std::vector<std::string> lines;
    for (const StageReport& stage : report.stages) {
      lines.push_back(line(stage));
    }
    return lines;
  }

  PipelineReport report;

 private:
  [[nodiscard]] std::string line(const StageReport& stage) const {
    std::string text = graph_.address(stage.stage) + " " + std::string(outcome_name(stage.outcome));
    for (const Change& change : stage.changes) {
      text += fmt::format(" {}:{}", change_name(change.kind), change.name);
    }
    return stage.reason.empty() ? text : text + " " + stage.reason;
  }

  Graph graph_;
};

}  // namespace cairn::pipeline
