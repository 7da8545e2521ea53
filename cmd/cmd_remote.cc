// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/escape.h"
#include "commands.h"
#include "render.h"

namespace cairn::cmd {
namespace {

constexpr const char* kDefaultRemote = "core.remote";

std::string url_setting(const std::string& name) {
  return "remote." + name + ".url";
}

struct AddOptions {
  std::string name;
  std::string url;
  bool make_default = false;
  bool local = false;
};

Result<Outcome> add_remote(const AddOptions& options, Invocation& invocation) {
  project::Config& config = invocation.workspace->config();
  if (config.find(url_setting(options.name))) {
    return Error(Code::exists, "there is a remote " + quoted(options.name) + " already", "cairn remote list");
  }
  auto level = options.local ? project::ConfigLevel::local : project::ConfigLevel::project;
  CAIRN_TRY(config.set(level, url_setting(options.name), options.url));
  bool is_default = options.make_default || !config.find(kDefaultRemote);
  if (is_default) {
    CAIRN_TRY(config.set(level, kDefaultRemote, options.name));
  }
  Outcome outcome;
  outcome.text = fmt::format("added remote {}{}\n", quoted(options.name), is_default ? " (the default)" : "");
  outcome.json = {{"name", options.name}, {"url", escaped(options.url)}, {"default", is_default}};
  return outcome;
}

Result<Outcome> list_remotes(Invocation& invocation) {
  const project::Config& config = invocation.workspace->config();
  std::string default_name = config.get_or(kDefaultRemote, "");
  Outcome outcome;
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : config.remotes()) {
    std::string url = config.get_or(url_setting(name), "");
    bool is_default = name == default_name;
    rows.push_back({name, escaped(url), is_default ? "(default)" : ""});
    list.push_back({{"name", name}, {"url", escaped(url)}, {"default", is_default}});
  }
  outcome.text = table(rows);
  outcome.json["remotes"] = std::move(list);
  return outcome;
}

Result<project::ConfigLevel> level_of_remote(const project::Config& config, const std::string& name) {
  auto found = config.find(url_setting(name));
  if (!found) {
    return Error(Code::not_found, "there is no remote " + quoted(name), "cairn remote list");
  }
  return found->level;
}

Result<Outcome> remove_remote(const std::string& name, Invocation& invocation) {
  project::Config& config = invocation.workspace->config();
  CAIRN_TRY_ASSIGN(auto level, level_of_remote(config, name));
  CAIRN_TRY(config.unset(level, url_setting(name)));
  auto default_name = config.find(kDefaultRemote);
  if (default_name && default_name->value == name) {
    CAIRN_TRY(config.unset(default_name->level, kDefaultRemote));
  }
  Outcome outcome;
  outcome.text = fmt::format("removed remote {}; its data was not touched\n", quoted(name));
  outcome.json["name"] = name;
  return outcome;
}

Result<Outcome> default_remote(const std::string& name, bool local, Invocation& invocation) {
  project::Config& config = invocation.workspace->config();
  Outcome outcome;
  if (!name.empty()) {
    CAIRN_TRY(level_of_remote(config, name));
    CAIRN_TRY(config.set(local ? project::ConfigLevel::local : project::ConfigLevel::project, kDefaultRemote,
                         name));
  }
  std::string present = config.get_or(kDefaultRemote, "");
  if (present.empty()) {
    return Error(Code::not_found, "no default remote is set", "cairn remote default NAME");
  }
  outcome.text = present + "\n";
  outcome.json["name"] = present;
  return outcome;
}

}  // namespace

Command remote_add_command() {
  return {"remote add",
          "Sharing",
          "Name a place where data is shared",
          "cairn remote add storage ../storage",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto options = std::make_shared<AddOptions>();
            app.add_option("name", options->name, "Name of the remote")->required();
            app.add_option("url", options->url, "Folder; a relative one counts from the project's root")
                ->required();
            app.add_flag("-d,--default", options->make_default,
                         "Use it where no remote is named (the first one always is)");
            app.add_flag("--local", options->local, "This clone only; not committed");
            return [options](Invocation& invocation) { return add_remote(*options, invocation); };
          }};
}

Command remote_list_command() {
  return {
      "remote list", "Sharing", "List remotes", "cairn remote list", Needs::project, [](CLI::App&) -> Runner {
        return [](Invocation& invocation) { return list_remotes(invocation); };
      }};
}

Command remote_remove_command() {
  return {"remote remove",
          "Sharing",
          "Forget a remote",
          "cairn remote remove storage",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto name = std::make_shared<std::string>();
            app.add_option("name", *name, "Name of the remote")->required();
            return [name](Invocation& invocation) { return remove_remote(*name, invocation); };
          }};
}

Command remote_default_command() {
  return {"remote default",
          "Sharing",
          "Show or choose the default remote",
          "cairn remote default storage",
          Needs::project,
          [](CLI::App& app) -> Runner {
            auto name = std::make_shared<std::string>();
            auto local = std::make_shared<bool>(false);
            app.add_option("name", *name, "Remote to use where none is named");
            app.add_flag("--local", *local, "This clone only; not committed");
            return
                [name, local](Invocation& invocation) { return default_remote(*name, *local, invocation); };
          }};
}

}  // namespace cairn::cmd
