// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/doctor.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

Outcome report_of(const std::vector<ops::Finding>& findings, bool color) {
  Outcome outcome;
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  for (const ops::Finding& finding : findings) {
    std::string advice = finding.wrong ? painted("<- try: " + finding.hint, Color::yellow, color) : "";
    rows.push_back({finding.name, escaped(finding.value), advice});
    list.push_back({{"name", finding.name}, {"value", escaped(finding.value)}, {"wrong", finding.wrong}});
  }
  outcome.text = table(rows);
  outcome.json["findings"] = std::move(list);
  return outcome;
}

}  // namespace

Command doctor_command() {
  return {"doctor",
          "Setup",
          "Look at machine, project and hooks",
          "cairn doctor",
          Needs::nothing,
          [](Parser&) -> Runner {
            return [](Invocation& invocation) -> Result<Outcome> {
              auto workspace = project::Workspace::open(invocation.folder);
              if (!workspace.ok() && workspace.error().code() != Code::no_repository) {
                return workspace.error();
              }
              return report_of(ops::examine(workspace.ok() ? workspace->get() : nullptr), invocation.color);
            };
          }};
}

}  // namespace cairn::cmd
