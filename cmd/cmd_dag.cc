// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/stage_states.h"
#include "parser.h"
#include "pipeline/dag.h"
#include "pipeline_status.h"

namespace cairn::cmd {
namespace {

using ops::StageState;
using pipeline::Tone;

struct Options {
  std::vector<std::string> targets;
  bool dot = false;
  bool mermaid = false;
  bool markdown = false;
  bool outs = false;
  bool collapse = false;
  bool no_state = false;
};

/// A drawing, and the stages that each of its nodes stands for.
struct Picture {
  pipeline::Drawing drawing;
  std::vector<std::vector<pipeline::StageIndex>> stages;
};

Tone tone_of(StageState state) {
  switch (state) {
    case StageState::up_to_date:
      return Tone::good;
    case StageState::frozen:
      return Tone::still;
    case StageState::failed:
    case StageState::cannot_run:
      return Tone::bad;
    default:
      return Tone::changed;
  }
}

std::string paint_note(std::string_view note, Tone tone) {
  switch (tone) {
    case Tone::good:
      return painted(note, Color::green, true);
    case Tone::changed:
      return painted(note, Color::yellow, true);
    case Tone::bad:
      return painted(note, Color::red, true);
    case Tone::still:
      return painted(note, Color::cyan, true);
    case Tone::plain:
      break;
  }
  return std::string(note);
}

Picture picture_of(const Options& options, const pipeline::Graph& graph,
                   const std::vector<pipeline::StageIndex>& selection) {
  Picture picture;
  if (options.outs) {
    pipeline::OutsDrawing outs = pipeline::draw_outs(graph, selection);
    picture.drawing = std::move(outs.drawing);
    for (const pipeline::StageIndex maker : outs.maker) {
      picture.stages.push_back({maker});
    }
    return picture;
  }
  picture.drawing = pipeline::draw_stages(graph, selection);
  std::vector<std::string> groups;
  for (const pipeline::StageIndex stage : selection) {
    const pipeline::Stage& one = graph.stage(stage);
    groups.push_back(one.group.empty() ? "" : pipeline::stage_address(one.file, one.group));
    picture.stages.push_back({stage});
  }
  if (options.collapse) {
    pipeline::CollapsedDrawing collapsed = pipeline::collapse(picture.drawing, groups);
    picture = {std::move(collapsed.drawing), {}};
    for (const std::vector<std::size_t>& members : collapsed.members) {
      std::vector<pipeline::StageIndex>& stages = picture.stages.emplace_back();
      for (const std::size_t member : members) {
        stages.push_back(selection[member]);
      }
    }
  }
  return picture;
}

/// How many of some stages are in each state, and the worst of them.
struct Mix {
  std::map<StageState, std::size_t> counts;

  [[nodiscard]] std::string words() const {
    std::string text;
    for (const auto& [state, count] : counts) {
      const std::string number = counts.size() == 1 ? "all" : std::to_string(count);
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, ops::state_words(state));
    }
    return text;
  }
  [[nodiscard]] Tone tone() const {
    Tone worst = Tone::still;
    for (const Tone tone : {Tone::good, Tone::changed, Tone::bad}) {
      for (const auto& entry : counts) {
        worst = tone_of(entry.first) == tone ? tone : worst;
      }
    }
    return worst;
  }
};

void add_notes(const std::vector<std::optional<StageState>>& states, Picture& picture) {
  for (std::size_t node = 0; node < picture.stages.size(); ++node) {
    Mix mix;
    for (const pipeline::StageIndex stage : picture.stages[node]) {
      if (states[stage].has_value()) {
        ++mix.counts[*states[stage]];
      }
    }
    pipeline::DrawnNode& drawn = picture.drawing.nodes[node];
    const bool one = picture.stages[node].size() == 1;
    drawn.tone = mix.counts.empty() ? Tone::plain : mix.tone();
    drawn.note = mix.counts.empty() ? ""
                 : one              ? std::string(ops::state_words(mix.counts.begin()->first))
                                    : mix.words();
  }
}

void add_sizes(Picture& picture) {
  for (std::size_t node = 0; node < picture.stages.size(); ++node) {
    if (const std::size_t count = picture.stages[node].size(); count > 1) {
      picture.drawing.nodes[node].label += fmt::format(" ({})", count);
    }
  }
}

Json nodes_json(const Options& options, const pipeline::Graph& graph, const Picture& picture,
                const std::vector<std::optional<StageState>>& states) {
  std::vector<Json> needs(picture.stages.size(), Json::array());
  for (const auto& edge : picture.drawing.edges) {
    needs[edge.second].push_back(picture.drawing.nodes[edge.first].label);
  }
  Json list = Json::array();
  for (std::size_t node = 0; node < picture.stages.size(); ++node) {
    const std::vector<pipeline::StageIndex>& stages = picture.stages[node];
    const std::string& label = picture.drawing.nodes[node].label;
    Json json = options.outs ? Json{{"out", label}, {"stage", graph.address(stages.front())}}
                             : Json{{"stage", label}};
    json["needs"] = std::move(needs[node]);
    if (stages.size() > 1) {
      Json members = Json::array();
      for (const pipeline::StageIndex stage : stages) {
        members.push_back(states[stage].has_value() ? Json{{"stage", graph.address(stage)},
                                                           {"state", ops::state_name(*states[stage])}}
                                                    : Json{{"stage", graph.address(stage)}});
      }
      json["members"] = std::move(members);
    } else if (states[stages.front()].has_value()) {
      json["state"] = ops::state_name(*states[stages.front()]);
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::string text_of(const Options& options, const Picture& picture, bool color) {
  if (options.dot) {
    return pipeline::dot_text(picture.drawing);
  }
  if (options.mermaid) {
    return pipeline::mermaid_text(picture.drawing);
  }
  if (options.markdown) {
    return "```mermaid\n" + pipeline::mermaid_text(picture.drawing) + "```\n";
  }
  return pipeline::boxes_text(picture.drawing, [color](std::string_view note, Tone tone) {
    return color ? paint_note(note, tone) : std::string(note);
  });
}

/// The graph with the state of each stage of the selection; none with --no-state.
Result<std::pair<pipeline::Graph, std::vector<std::optional<StageState>>>> look(const Options& options,
                                                                                const std::string& folder,
                                                                                Invocation& invocation) {
  std::vector<std::optional<StageState>> states;
  if (options.no_state) {
    CAIRN_TRY_ASSIGN(pipeline::Graph graph, ops::load_graph(*invocation.workspace));
    states.resize(graph.size());
    return std::pair(std::move(graph), std::move(states));
  }
  Context context = invocation.context;
  CAIRN_TRY_ASSIGN(ops::StatesReport report,
                   ops::stage_states(*invocation.workspace, options.targets, folder, context));
  states.resize(report.graph.size());
  for (const ops::StageStatus& status : report.stages) {
    states[status.report.stage] = status.state;
  }
  return std::pair(std::move(report.graph), std::move(states));
}

Result<Outcome> run_dag(const Options& options, Invocation& invocation) {
  if (int{options.dot} + int{options.mermaid} + int{options.markdown} > 1) {
    return Error(Code::usage, "--dot, --mermaid and --md exclude each other");
  }
  if (options.outs && options.collapse) {
    return Error(Code::usage, "--outs and --collapse exclude each other");
  }
  CAIRN_TRY_ASSIGN(std::string folder, invocation.workspace->to_project_path(".", invocation.folder));
  CAIRN_TRY_ASSIGN(auto seen, look(options, folder, invocation));
  const pipeline::Graph& graph = seen.first;
  CAIRN_TRY_ASSIGN(const auto selection,
                   pipeline::select_stages(graph, options.targets, folder, pipeline::Reach::upstream));
  Picture picture = picture_of(options, graph, selection);
  Outcome outcome;
  outcome.json[options.outs ? "outs" : "stages"] = nodes_json(options, graph, picture, seen.second);
  add_notes(seen.second, picture);
  add_sizes(picture);
  outcome.text = text_of(options, picture, invocation.color);
  if (selection.empty()) {
    outcome.text = "no stages; try: cairn stage add --help\n";
  } else if (picture.stages.empty()) {
    outcome.text = "no outputs\n";
  }
  return outcome;
}

}  // namespace

Command dag_command() {
  return {"dag",
          "Pipelines",
          "Draw the graph of stages and how they stand",
          "cairn dag\n  cairn dag --mermaid train",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("targets", options->targets,
                           "Stages or outputs, with all that they need (default: all)");
            app.add_flag("--dot", options->dot, "Print in Graphviz's DOT language");
            app.add_flag("--mermaid", options->mermaid, "Print as a Mermaid flowchart");
            app.add_flag("--md", options->markdown, "Print as a Mermaid flowchart for a Markdown page");
            app.add_flag("-o,--outs", options->outs, "Draw outputs instead of stages");
            app.add_flag("--collapse", options->collapse, "Draw all stages of a foreach or matrix as one");
            app.add_flag("--no-state", options->no_state,
                         "Draw the graph alone, without looking at any data");
            return [options](Invocation& invocation) { return run_dag(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
