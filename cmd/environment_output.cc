// SPDX-License-Identifier: Apache-2.0
#include "environment_output.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "render.h"

namespace cairn::cmd {
namespace {

/// For people, and for programs.
struct StateWords {
  const char* text;
  const char* name;
};

StateWords words_of(ops::BuildState state) {
  switch (state) {
    case ops::BuildState::as_recorded:
      return {"as recorded", "as_recorded"};
    case ops::BuildState::built:
      return {"built, as recorded now", "built"};
    case ops::BuildState::differs:
      return {"differs from the recorded one", "differs"};
    case ops::BuildState::cannot_build:
      return {"cannot be built as recorded", "cannot_build"};
    case ops::BuildState::not_recorded:
      return {"not recorded", "not_recorded"};
  }
  return {"", ""};
}

}  // namespace

std::string environment_lines(const std::vector<ops::EnvironmentBuild>& builds) {
  std::string text;
  for (const ops::EnvironmentBuild& build : builds) {
    if (build.state == ops::BuildState::as_recorded) {
      continue;
    }
    std::string stages;
    for (const std::string& stage : build.stages) {
      stages += (stages.empty() ? "" : ", ") + escaped(stage);
    }
    text += fmt::format("environment of {}: {}\n", stages, words_of(build.state).text);
    for (const auto* lines : {&build.differences, &build.notes}) {
      for (const std::string& line : *lines) {
        text += "  " + escaped(line) + "\n";
      }
    }
    if (build.error) {
      text += "  " + build.error->message() + "\n";
      text += build.error->hint().empty() ? "" : "  to do it: " + build.error->hint() + "\n";
    }
  }
  return text;
}

Json environments_json(const std::vector<ops::EnvironmentBuild>& builds) {
  Json list = Json::array();
  for (const ops::EnvironmentBuild& build : builds) {
    Json json = {{"stages", build.stages},
                 {"state", words_of(build.state).name},
                 {"differences", build.differences},
                 {"commands", build.commands},
                 {"notes", build.notes}};
    if (build.error) {
      json["error"] = to_json(*build.error);
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace cairn::cmd
