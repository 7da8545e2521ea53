// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/remotes.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

constexpr const char* kDefaultRemote = "core.remote";

std::string url_setting(const std::string& name) {
  return "remote." + name + ".url";
}

Result<Outcome> add_remote(const ops::NewRemote& remote, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(bool is_default, ops::add_remote(*invocation.workspace, remote));
  Outcome outcome;
  outcome.text = fmt::format("added remote {}{}\n", quoted(remote.name), is_default ? " (the default)" : "");
  outcome.json = {{"name", remote.name}, {"url", escaped(remote.url)}, {"default", is_default}};
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

Result<Outcome> remove_remote(const std::string& name, Invocation& invocation) {
  CAIRN_TRY(ops::remove_remote(*invocation.workspace, name));
  Outcome outcome;
  outcome.text = fmt::format("removed remote {}; its data was not touched\n", quoted(name));
  outcome.json["name"] = name;
  return outcome;
}

Result<Outcome> default_remote(const std::string& name, bool local, Invocation& invocation) {
  project::Config& config = invocation.workspace->config();
  Outcome outcome;
  if (!name.empty()) {
    if (!config.find(url_setting(name))) {
      return Error(Code::not_found, "there is no remote " + quoted(name), "cairn remote list");
    }
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
          [](Parser& app) -> Runner {
            auto remote = std::make_shared<ops::NewRemote>();
            auto local = std::make_shared<bool>(false);
            app.add_option("name", remote->name, "Name of the remote").required();
            app.add_option("url", remote->url,
                           "Folder (a relative one counts from the project's root), or an address such as "
                           "s3://BUCKET/PREFIX")
                .required();
            app.add_flag("-d,--default", remote->make_default,
                         "Use it where no remote is named (the first one always is)");
            app.add_flag("--local", *local, "This clone only; not committed");
            return [remote, local](Invocation& invocation) {
              remote->level = *local ? project::ConfigLevel::local : project::ConfigLevel::project;
              return add_remote(*remote, invocation);
            };
          }};
}

Command remote_list_command() {
  return {
      "remote list", "Sharing", "List remotes", "cairn remote list", Needs::project, [](Parser&) -> Runner {
        return [](Invocation& invocation) { return list_remotes(invocation); };
      }};
}

Command remote_remove_command() {
  return {"remote remove",
          "Sharing",
          "Forget a remote",
          "cairn remote remove storage",
          Needs::project,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            app.add_option("name", *name, "Name of the remote").required();
            return [name](Invocation& invocation) { return remove_remote(*name, invocation); };
          }};
}

Command remote_default_command() {
  return {"remote default",
          "Sharing",
          "Show or choose the default remote",
          "cairn remote default storage",
          Needs::project,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            auto local = std::make_shared<bool>(false);
            app.add_option("name", *name, "Remote to use where none is named");
            app.add_flag("--local", *local, "This clone only; not committed");
            return
                [name, local](Invocation& invocation) { return default_remote(*name, *local, invocation); };
          }};
}

}  // namespace cairn::cmd
