// SPDX-License-Identifier: Apache-2.0
// remote modify and remote rename.
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "ops/remote_edit.h"
#include "parser.h"
#include "render.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string name;
  std::string setting;
  std::string value;
  bool unset = false;
  bool local = false;
};

Result<Outcome> modify(const Options& options, Invocation& invocation) {
  if (options.unset != options.value.empty()) {
    return Error(
        Code::usage, "give a value, or --unset",
        fmt::format("cairn remote modify {} {} VALUE", escaped(options.name), escaped(options.setting)));
  }
  ops::RemoteChange change{options.name, options.setting, {}, project::ConfigLevel::project};
  if (!options.unset) {
    change.value = options.value;
  }
  if (options.local) {
    change.level = project::ConfigLevel::local;
  }
  CAIRN_TRY(ops::modify_remote(*invocation.workspace, change));
  Outcome outcome;
  outcome.text = fmt::format("{} remote.{}.{}\n", options.unset ? "removed" : "set", escaped(options.name),
                             escaped(options.setting));
  outcome.json = {{"name", options.name}, {"setting", options.setting}};
  return outcome;
}

Result<Outcome> rename(const std::string& from, const std::string& to, Invocation& invocation) {
  CAIRN_TRY(ops::rename_remote(*invocation.workspace, from, to));
  Outcome outcome;
  outcome.text = fmt::format("remote {} is called {} now\n", quoted(from), quoted(to));
  outcome.json = {{"from", from}, {"name", to}};
  return outcome;
}

}  // namespace

Command remote_modify_command() {
  return {
      "remote modify",
      "Sharing",
      "Change a setting of a remote",
      "cairn remote modify storage url /mnt/disk/prices",
      Needs::project,
      [](Parser& app) -> Runner {
        auto options = std::make_shared<Options>();
        app.add_option("name", options->name, "Name of the remote").required();
        app.add_option("setting", options->setting, "What to set: url, or see the page of config").required();
        app.add_option("value", options->value, "New value");
        app.add_flag("--unset", options->unset, "Remove the setting");
        app.add_flag("--local", options->local, "This clone only; not committed");
        return [options](Invocation& invocation) { return modify(*options, invocation); };
      }};
}

Command remote_rename_command() {
  return {"remote rename",
          "Sharing",
          "Give a remote another name",
          "cairn remote rename storage team",
          Needs::project,
          [](Parser& app) -> Runner {
            auto from = std::make_shared<std::string>();
            auto to = std::make_shared<std::string>();
            app.add_option("from", *from, "Its name").required();
            app.add_option("to", *to, "Its new name").required();
            return [from, to](Invocation& invocation) { return rename(*from, *to, invocation); };
          }};
}

}  // namespace cairn::cmd
