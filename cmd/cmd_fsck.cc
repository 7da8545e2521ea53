// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/fsck.h"
#include "parser.h"
#include "pipeline/lock_outputs.h"
#include "render.h"

namespace cairn::cmd {
namespace {

/// What is not here may just not be fetched, or be dropped: that is no damage.
std::string summary_of(const ops::FsckReport& report) {
  const std::size_t damage = report.store.damage.size();
  std::string text =
      damage == 0 ? "nothing is damaged" : counted(damage, "place is damaged", "places are damaged");
  if (!report.incomplete.empty()) {
    text += "; " + counted(report.incomplete.size(), "path is not here", "paths are not here");
  }
  return text + "\n";
}

Outcome report_of(const ops::FsckReport& report) {
  Outcome outcome;
  Json damage = Json::array();
  for (const store::Damage& item : report.store.damage) {
    outcome.text += fmt::format("damaged: {}: {}\n", escaped(item.path), item.message);
    damage.push_back({{"path", escaped(item.path)}, {"message", item.message}});
  }
  Json incomplete = Json::array();
  for (const ops::IncompletePath& item : report.incomplete) {
    outcome.text += fmt::format("not here: {} ({} missing); try: cairn pull\n", escaped(item.path),
                                counted(item.missing, "part"));
    Json entry = {{"missing", item.missing}};
    put_path(entry, "path", item.path);
    incomplete.push_back(std::move(entry));
  }
  outcome.text +=
      fmt::format("{}{}, {}, {} read; {} tracked\n", report.rebuilt ? "index rebuilt; " : "",
                  counted(report.store.packs, "pack"), counted(report.store.entries, "entry", "entries"),
                  human_size(report.store.bytes_read), counted(report.tracked, "path"));
  const bool good = report.store.damage.empty() && report.incomplete.empty();
  outcome.text += good ? "all is well\n" : summary_of(report);
  outcome.json = {{"packs", report.store.packs},
                  {"entries", report.store.entries},
                  {"bytes_read", report.store.bytes_read},
                  {"tracked", report.tracked},
                  {"rebuilt", report.rebuilt},
                  {"damage", std::move(damage)},
                  {"incomplete", std::move(incomplete)}};
  outcome.status = !report.store.damage.empty() ? kExitIntegrity : good ? kExitOk : kExitPartial;
  return outcome;
}

}  // namespace

Command fsck_command() {
  return {
      "fsck",
      "Store",
      "Check the store against its hashes",
      "cairn fsck",
      Needs::project,
      [](Parser& app) -> Runner {
        auto quick = std::make_shared<bool>(false);
        auto rebuild = std::make_shared<bool>(false);
        app.add_flag("--quick", *quick, "Check tables and places only, do not read the data");
        app.add_flag("--rebuild-index", *rebuild, "First make the index anew from the packs");
        return [quick, rebuild](Invocation& invocation) -> Result<Outcome> {
          ops::FsckOptions options{*quick ? store::VerifyDepth::tables : store::VerifyDepth::data, *rebuild};
          CAIRN_TRY_ASSIGN(auto report, ops::fsck(*invocation.workspace, pipeline::read_lock_outputs, options,
                                                  invocation.context));
          return report_of(report);
        };
      }};
}

}  // namespace cairn::cmd
