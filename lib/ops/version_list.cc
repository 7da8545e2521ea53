// SPDX-License-Identifier: Apache-2.0
#include "ops/version_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/format.h"
#include "version/run_record.h"

namespace cairn::ops {
namespace {

using report::Row;
using report::Table;
using version::Manifest;
using version::Version;

constexpr std::size_t kShortCommit = 7;
constexpr std::size_t kShortId = 12;
constexpr std::size_t kShownMetrics = 4;  // the first ones, in the order of their names

/// "2026-11-29 16:05", UTC.
std::string minute_text(std::int64_t ms) {
  constexpr std::size_t kMinutes = 16;
  std::string text = version::utc_text(ms).substr(0, kMinutes);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// "NAME" of "NAME <ADDRESS>".
std::string person(const std::string& author) {
  return author.substr(0, author.find(" <"));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::string short_id(const store::Id& id) {
  return id.text().substr(0, kShortId);
}

std::string value_text(const text::Value& value) {
  return value.is_scalar() ? report::format(value, report::kShownDigits) : text::canonical(value);
}

Result<ListedVersion> listed(project::Workspace& workspace, Version version,
                             const std::vector<version::AliasMove>& aliases, std::vector<Error>& left_out) {
  ListedVersion one{std::move(version), {}, {}};
  for (const version::AliasMove& move : aliases) {
    if (move.version == one.version.name) {
      one.aliases.push_back(move.alias);
    }
  }
  auto verdict = version::newest_verdict(workspace, one.version.commit);
  if (verdict.ok()) {
    one.verdict = std::move(*verdict);
  } else {
    left_out.push_back(verdict.error());
  }
  return one;
}

/// The metrics that a list has room for: file and key.
std::vector<std::pair<std::string, std::string>> main_metrics(const std::vector<ListedVersion>& versions) {
  std::set<std::pair<std::string, std::string>> found;
  for (const ListedVersion& one : versions) {
    for (const auto& [file, values] : one.version.manifest.metrics) {
      for (const auto& [key, value] : values) {
        if (value.is(text::Kind::integer) || value.is(text::Kind::floating)) {
          found.emplace(file, key);
        }
      }
    }
  }
  std::vector<std::pair<std::string, std::string>> out(found.begin(), found.end());
  out.resize(std::min(out.size(), kShownMetrics));
  return out;
}

std::string metric_of(const Manifest& manifest, const std::pair<std::string, std::string>& metric) {
  auto file = manifest.metrics.find(metric.first);
  if (file == manifest.metrics.end()) {
    return "";
  }
  auto value = file->second.find(metric.second);
  return value == file->second.end() ? "" : value_text(value->second);
}

Table values_table(const std::map<std::string, std::map<std::string, text::Value>>& files) {
  Table table{{"file", "key", "value"}, {}};
  for (const auto& [file, values] : files) {
    for (const auto& [key, value] : values) {
      table.rows.push_back({file, key, value_text(value)});
    }
  }
  return table;
}

Table stages_table(const Manifest& manifest) {
  Table table{{"stage", "key", "seed", "environment", "ran"}, {}};
  for (const version::ManifestStage& stage : manifest.stages) {
    table.rows.push_back({stage.stage, short_id(stage.key), stage.seed ? std::to_string(*stage.seed) : "",
                          stage.environment ? short_id(stage.environment->id) : "",
                          stage.start_ms != 0 ? minute_text(stage.start_ms) : ""});
  }
  return table;
}

Table data_table(const Manifest& manifest) {
  Table table{{"path", "kind", "size", "files", "hash"}, {}};
  for (const version::ManifestData& data : manifest.data) {
    const pipeline::PathState& state = data.state;
    table.rows.push_back({data.path, state.is_tree() ? "folder" : "file", std::to_string(state.object.size),
                          state.is_tree() ? std::to_string(state.files) : "", short_id(state.object.id)});
  }
  return table;
}

Table facts_table(const text::Value& facts) {
  Table table{{"fact", "value"}, {}};
  for (const text::Entry& entry : facts.entries()) {
    table.rows.push_back({entry.key, value_text(entry.value)});
  }
  return table;
}

Table environments_table(const Manifest& manifest) {
  Table table{{"environment", "kind", "facts"}, {}};
  for (const auto& [digest, summary] : manifest.environments) {
    for (const text::Entry& kind : summary.entries()) {
      table.rows.push_back({digest.substr(0, kShortId), kind.key, value_text(kind.value)});
    }
  }
  return table;
}

Table head_table(const ListedVersion& listed) {
  const Version& version = listed.version;
  Table table{{"version", version.name}, {}};
  table.rows.push_back({"commit", version.commit.hex()});
  table.rows.push_back({"saved", minute_text(version.time * 1000) + " by " + version.author});
  table.rows.push_back({"cairn", version.manifest.cairn});
  table.rows.push_back({"message", first_line(version.manifest.message)});
  table.rows.push_back({"aliases", joined(listed.aliases)});
  return table;
}

Table verdicts_table(const std::vector<version::Verdict>& verdicts) {
  Table table{{"verdict", "time", "by", "runs"}, {}};
  for (const version::Verdict& verdict : verdicts) {
    table.rows.push_back({std::string(version::verdict_words(verdict)), minute_text(verdict.time_ms),
                          std::string(version::verdict_name(verdict.kind)), std::to_string(verdict.runs)});
  }
  return table;
}

}  // namespace

std::string verdict_cell(const std::optional<version::Verdict>& verdict) {
  return verdict ? std::string(version::verdict_words(*verdict)) + " " + minute_text(verdict->time_ms) : "";
}

Result<VersionsReport> list_known_versions(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(auto known, version::list_versions(workspace));
  CAIRN_TRY_ASSIGN(auto aliases, version::list_aliases(workspace));
  VersionsReport report{{}, std::move(known.left_out)};
  for (auto version = known.versions.rbegin(); version != known.versions.rend(); ++version) {
    CAIRN_TRY_ASSIGN(auto one, listed(workspace, std::move(*version), aliases, report.left_out));
    report.versions.push_back(std::move(one));
  }
  return report;
}

Result<ShownVersion> show_version(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY_ASSIGN(Version version, version::find_version(workspace, name));
  CAIRN_TRY_ASSIGN(auto aliases, version::list_aliases(workspace));
  CAIRN_TRY_ASSIGN(auto verdicts, version::list_verdicts(workspace, version.commit));
  std::ranges::reverse(verdicts);
  std::vector<Error> unread;  // list_verdicts would have failed
  CAIRN_TRY_ASSIGN(auto one, listed(workspace, std::move(version), aliases, unread));
  return ShownVersion{std::move(one), std::move(verdicts)};
}

Table versions_table(const std::vector<ListedVersion>& versions) {
  Table table{{"Version", "Saved", "Author", "Aliases", "Verdict", "Commit"}, {}};
  const auto metrics = main_metrics(versions);
  for (const auto& [file, key] : metrics) {
    table.header.push_back(key);
  }
  table.header.emplace_back("Message");
  for (const ListedVersion& one : versions) {
    const Version& version = one.version;
    Row row = {
        version.name,        minute_text(version.time * 1000), person(version.author),
        joined(one.aliases), verdict_cell(one.verdict),        version.commit.hex().substr(0, kShortCommit)};
    for (const auto& metric : metrics) {
      row.push_back(metric_of(version.manifest, metric));
    }
    row.push_back(first_line(version.manifest.message));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<VersionSection> version_sections(const ShownVersion& shown) {
  const Manifest& manifest = shown.listed.version.manifest;
  Table locks{{"lock", "hash"}, {}};
  for (const version::ManifestLock& lock : manifest.locks) {
    locks.rows.push_back({lock.path, lock.hash.text()});
  }
  std::vector<VersionSection> sections = {{"", head_table(shown.listed)},
                                          {"Stages", stages_table(manifest)},
                                          {"Locks", std::move(locks)},
                                          {"Data", data_table(manifest)},
                                          {"Params", values_table(manifest.params)},
                                          {"Metrics", values_table(manifest.metrics)},
                                          {"Environments", environments_table(manifest)},
                                          {"Saved on", facts_table(manifest.system)},
                                          {"Verdicts", verdicts_table(shown.verdicts)}};
  std::erase_if(sections, [](const VersionSection& section) { return section.table.rows.empty(); });
  return sections;
}

}  // namespace cairn::ops
