// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string name;
  std::string value;
  bool local = false;
  bool user = false;
  bool system = false;
  bool unset = false;
  bool origin = false;

  [[nodiscard]] project::ConfigLevel level() const {
    return system  ? project::ConfigLevel::system
           : user  ? project::ConfigLevel::user
           : local ? project::ConfigLevel::local
                   : project::ConfigLevel::project;
  }
};

Outcome list_values(const project::Config& config, bool origin) {
  Outcome outcome;
  outcome.json["values"] = Json::object();
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : config.list()) {
    const std::string shown = escaped(project::shown_value(name, value.value));
    std::vector<std::string> row = {name + " = " + shown};
    if (origin) {
      row.push_back(fmt::format("{} ({})", project::level_name(value.level), escaped(value.path)));
    }
    rows.push_back(std::move(row));
    outcome.json["values"][name] = {{"value", shown}, {"level", project::level_name(value.level)}};
  }
  outcome.text = table(rows);
  return outcome;
}

Result<Outcome> run_config(const Options& options, Invocation& invocation) {
  project::Config& config = invocation.workspace->config();
  if (options.name.empty()) {
    return list_values(config, options.origin);
  }
  Outcome outcome;
  if (options.unset) {
    CAIRN_TRY(config.unset(options.level(), options.name));
  } else if (!options.value.empty()) {
    CAIRN_TRY(config.set(options.level(), options.name, options.value));
  } else {
    auto found = config.find(options.name);
    if (!found) {
      return Error(Code::not_found, quoted(options.name) + " is not set", "cairn config");
    }
    const std::string shown = escaped(project::shown_value(options.name, found->value));
    outcome.text = shown + "\n";
    outcome.json = {{"name", options.name}, {"value", shown}, {"level", project::level_name(found->level)}};
  }
  return outcome;
}

}  // namespace

Command config_command() {
  return {"config",
          "Setup",
          "Show or change settings",
          "cairn config core.compress fast",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("name", options->name, "Setting, as in core.compress; without it all are listed");
            app.add_option("value", options->value, "New value; without it the present one is shown");
            app.add_flag("--unset", options->unset, "Remove the setting");
            app.add_flag("--local", options->local, "This clone only; never committed");
            app.add_flag("--user", options->user, "All projects of this user");
            app.add_flag("--system", options->system, "All users of this machine");
            app.add_flag("--show-origin", options->origin, "Say where each value comes from");
            return [options](Invocation& invocation) { return run_config(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
