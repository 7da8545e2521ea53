// SPDX-License-Identifier: Apache-2.0
// pipeline tag and rm.
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "experiment_output.h"
#include "ops/version_tag.h"
#include "parser.h"
#include "render.h"
#include "version/run_record.h"
#include "version/version_refs.h"

namespace cairn::cmd {
namespace {

struct TagOptions {
  std::string name;
  std::string alias;
  std::string history;
  std::string removed;
};

Result<Outcome> show_history(const std::string& alias, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto moves, version::alias_history(*invocation.workspace, alias));
  if (moves.empty()) {
    return Error(Code::not_found, "there is no alias " + quoted(alias), "cairn pipeline list");
  }
  Outcome outcome;
  outcome.json["history"] = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const version::AliasMove& move : moves) {
    rows.push_back(
        {local_time(move.time), move.version.empty() ? "(removed)" : move.version, escaped(move.author)});
    outcome.json["history"].push_back({{"version", move.version.empty() ? Json() : Json(move.version)},
                                       {"commit", move.commit.hex()},
                                       {"author", move.author},
                                       {"time", version::utc_text(move.time * 1000)}});
  }
  outcome.text = table(rows);
  return outcome;
}

Result<Outcome> remove_tag(const std::string& alias, Invocation& invocation) {
  CAIRN_TRY(version::remove_alias(*invocation.workspace, alias));
  Outcome outcome;
  outcome.text = fmt::format("{} stands for no version any more\n", alias);
  outcome.json["removed"] = alias;
  return outcome;
}

Result<Outcome> run_tag(const TagOptions& options, Invocation& invocation) {
  if (!options.history.empty()) {
    return show_history(options.history, invocation);
  }
  if (!options.removed.empty()) {
    return remove_tag(options.removed, invocation);
  }
  if (options.alias.empty()) {
    return Error(Code::usage, "name a version and a tag", "cairn pipeline tag v1.0 stable");
  }
  CAIRN_TRY(ops::tag_version(*invocation.workspace, options.name, options.alias));
  Outcome outcome;
  outcome.text = fmt::format("{} is {} now\n", options.alias, options.name);
  outcome.json = {{"version", options.name}, {"tag", options.alias}};
  return outcome;
}

Result<Outcome> run_rm(const std::string& name, ops::Force force, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto removed, ops::remove_named_version(*invocation.workspace, name, force));
  Outcome outcome;
  outcome.text = fmt::format("removed version {}; its commit is {}\n", name, removed.commit);
  if (!removed.remote.empty()) {
    outcome.text += fmt::format("it is on {} still: git push {} :refs/cairn/versions/{}\n",
                                quoted(removed.remote), escaped(removed.remote), name);
  }
  outcome.json = {{"removed", name}, {"commit", removed.commit}, {"remote", removed.remote}};
  return outcome;
}

}  // namespace

Command pipeline_tag_command() {
  return {"pipeline tag",
          "Versions",
          "Let a name such as stable stand for a version",
          "cairn pipeline tag v1.0 stable\n  cairn pipeline tag --history stable",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<TagOptions>();
            const Option name = app.add_option("name", options->name, "Version");
            app.add_option("tag", options->alias, "Name that stands for it from now on");
            const Option history =
                app.add_option("--history", options->history, "Show what this tag stood for, and when")
                    .type_name("TAG")
                    .excludes(name);
            app.add_option("--remove", options->removed, "Take this tag away; its history stays")
                .type_name("TAG")
                .excludes(name)
                .excludes(history);
            return [options](Invocation& invocation) { return run_tag(*options, invocation); };
          }};
}

Command pipeline_rm_command() {
  return {"pipeline rm",
          "Versions",
          "Take the name of a version away",
          "cairn pipeline rm v1.0",
          Needs::project,
          [](Parser& app) -> Runner {
            auto name = std::make_shared<std::string>();
            auto force = std::make_shared<bool>(false);
            app.add_option("name", *name, "Version").required();
            app.add_flag("-f,--force", *force, "Also while a tag stands for it");
            return [name, force](Invocation& invocation) {
              return run_rm(*name, *force ? ops::Force::yes : ops::Force::no, invocation);
            };
          }};
}

}  // namespace cairn::cmd
