// SPDX-License-Identifier: Apache-2.0
#include "stage_options.h"

#include "parser.h"
#include "render.h"
#include "targets.h"
#include "text/token_diff.h"

namespace cairn::cmd {
namespace {

void add_list(Parser& app, const char* names, std::vector<std::string>& list, const char* about) {
  app.add_option(names, list, about).one_value_each();
}

}  // namespace

void add_stage_options(Parser& app, pipeline::StageDraft& draft) {
  add_list(app, "-d,--deps", draft.deps, "What it reads: file or folder");
  add_list(app, "-p,--params", draft.params, "KEY of params.yaml, FILE:KEY[,KEY], or FILE: for all of it");
  add_list(app, "-o,--outs", draft.outs, "What it writes, kept by cairn");
  add_list(app, "-O,--outs-no-cache", draft.outs_no_cache, "What it writes, kept by Git");
  add_list(app, "--outs-persist", draft.outs_persist, "What it writes, and finds there when it runs again");
  add_list(app, "--outs-persist-no-cache", draft.outs_persist_no_cache, "The same, kept by Git");
  add_list(app, "-m,--metrics", draft.metrics, "Metrics file that it writes, kept by cairn");
  add_list(app, "-M,--metrics-no-cache", draft.metrics_no_cache, "Metrics file that it writes, kept by Git");
  add_list(app, "--plots", draft.plots, "File or folder of plots that it writes, kept by cairn");
  add_list(app, "--plots-no-cache", draft.plots_no_cache, "The same, kept by Git");
  add_list(app, "--env", draft.env, "Variable NAME=VALUE that is set for the command");
  app.add_option("-w,--wdir", draft.wdir, "Folder to run in; all paths count from it");
  app.add_option("--shell", draft.shell, "Shell to run the command (default: bash -eo pipefail)");
  app.add_option("--desc", draft.desc, "What it is for");
  app.add_option("--seed", draft.seed, "Number that is handed to the command as its seed");
  app.add_option("--timeout", draft.timeout, "Longest time of one run: 90s, 15m, 2h");
  app.add_option("--retries", draft.retries, "How often it is tried again after a failure");
  app.add_flag("--always-changed", draft.always_changed, "Run it every time");
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

void report_files(const Invocation& invocation, const std::vector<ops::FileEdit>& files, ops::Write write,
                  Outcome& outcome) {
  Json list = Json::array();
  for (const ops::FileEdit& file : files) {
    Json json = Json::object();
    put_path(json, "path", file.path);
    json["changed"] = file.changed();
    if (write == ops::Write::no) {
      const std::string diff = text::unified_diff(file.before, file.after, shown_path(invocation, file.path));
      json["diff"] = diff;
      outcome.text += diff;
    }
    list.push_back(std::move(json));
  }
  outcome.json["files"] = std::move(list);
}

}  // namespace cairn::cmd
