// SPDX-License-Identifier: Apache-2.0
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "commands.h"
#include "ops/remote_gc.h"
#include "parser.h"
#include "pipeline/quantity.h"
#include "render.h"

namespace cairn::cmd {
namespace {

constexpr std::size_t kShownIdDigits = 12;

/// "2026-11-20 17:18 UTC"
std::string shown_time(remote::Time time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(time.time_since_epoch().count()));
}

std::string json_time(remote::Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time.time_since_epoch().count()));
}

std::string summary(const remote::GcReport& report, bool dry_run) {
  const std::uint64_t freed = report.removed_bytes - std::min(report.removed_bytes, report.new_bytes);
  return report.removed_packs == 0
             ? fmt::format("{} nothing: {} for {} ({})\n", dry_run ? "would free" : "freed",
                           counted(report.packs, "pack"), counted(report.roots, "commit"),
                           human_size(report.bytes))
             : fmt::format("{} {}: {} of {} ({})\n", dry_run ? "would free" : "freed", human_size(freed),
                           report.removed_packs, counted(report.packs, "pack"), human_size(report.bytes));
}

/// What goes later; each by itself where nothing was done but look.
std::string doomed_text(const remote::GcReport& report, bool dry_run) {
  if (report.doomed.empty() && report.doomed_roots.empty()) {
    return "";
  }
  std::string text;
  std::uint64_t bytes = 0;
  remote::Time first = remote::Time::max();
  for (const auto& pack : report.doomed) {
    bytes += pack.bytes;
    first = std::min(first, pack.until);
    text += fmt::format("  pack {}  {}  from {}\n", pack.pack.hex().substr(0, kShownIdDigits),
                        human_size(pack.bytes), shown_time(pack.until));
  }
  for (const auto& root : report.doomed_roots) {
    first = std::min(first, root.until);
    text += fmt::format("  {}  from {}\n", escaped(root.name), shown_time(root.until));
  }
  const std::string commits =
      report.doomed_roots.empty() ? "" : " and " + counted(report.doomed_roots.size(), "commit");
  return fmt::format("{} ({}){} may go later: cairn remote gc, from {} on\n",
                     counted(report.doomed.size(), "pack"), human_size(bytes), commits, shown_time(first)) +
         (dry_run ? text : "");
}

std::string pruned_text(const remote::GcReport& report, bool dry_run) {
  if (report.removed_roots.empty()) {
    return "";
  }
  std::string text = fmt::format("{} {} that nothing in Git leads to\n", dry_run ? "would forget" : "forgot",
                                 counted(report.removed_roots.size(), "commit"));
  for (const std::string& root : report.removed_roots) {
    text += fmt::format("  {}\n", escaped(root));
  }
  return text;
}

Json report_json(const remote::GcReport& report) {
  Json doomed = Json::array();
  for (const auto& pack : report.doomed) {
    doomed.push_back({{"pack", pack.pack.hex()}, {"bytes", pack.bytes}, {"from", json_time(pack.until)}});
  }
  Json doomed_roots = Json::array();
  for (const auto& root : report.doomed_roots) {
    doomed_roots.push_back({{"root", escaped(root.name)}, {"from", json_time(root.until)}});
  }
  Json removed_roots = Json::array();
  for (const std::string& root : report.removed_roots) {
    removed_roots.push_back(escaped(root));
  }
  return {{"roots", report.roots},
          {"packs", report.packs},
          {"bytes", report.bytes},
          {"removed_packs", report.removed_packs},
          {"removed_bytes", report.removed_bytes},
          {"new_packs", report.new_packs},
          {"new_bytes", report.new_bytes},
          {"doomed", std::move(doomed)},
          {"removed_roots", std::move(removed_roots)},
          {"doomed_roots", std::move(doomed_roots)}};
}

Result<Outcome> run_gc(ops::RemoteGcOptions options, const std::string& grace, Invocation& invocation) {
  const auto time = pipeline::parse_duration(grace);
  if (!time) {
    return Error(Code::usage, quoted(grace) + " is no time", "--grace 24h");
  }
  options.grace = std::chrono::ceil<std::chrono::seconds>(*time);
  CAIRN_TRY_ASSIGN(const ops::RemoteGcResult result,
                   ops::collect_remote(*invocation.workspace, options, invocation.context));
  Outcome outcome;
  outcome.text = summary(result.report, options.dry_run) + doomed_text(result.report, options.dry_run) +
                 pruned_text(result.report, options.dry_run);
  outcome.json = report_json(result.report);
  outcome.json["name"] = result.name;
  outcome.json["place"] = result.place;
  outcome.json["dry_run"] = options.dry_run;
  return outcome;
}

}  // namespace

Command remote_gc_command() {
  return {"remote gc",
          "Sharing",
          "Free space on a remote: remove what no pushed commit needs",
          "cairn remote gc --dry-run\n  cairn remote gc",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<ops::RemoteGcOptions>();
            auto grace = std::make_shared<std::string>("24h");
            app.add_option("name", options->remote, "Name of the remote (default: core.remote)");
            app.add_option("--grace", *grace,
                           "How long what is not needed stays after a first gc has seen it (default: 24h)")
                .type_name("TIME");
            app.add_flag("--prune", options->prune,
                         "Forget this project's commits too that no branch, tag or other ref leads to");
            app.add_flag("--dry-run", options->dry_run, "Say what would be done");
            app.add_flag("-f,--force", options->force,
                         "Allow --grace 0; remove the lock of a gc that was killed");
            return [options, grace](Invocation& invocation) { return run_gc(*options, *grace, invocation); };
          }};
}

}  // namespace cairn::cmd
