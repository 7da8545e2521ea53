// SPDX-License-Identifier: Apache-2.0
#include "version_diff_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/escape.h"
#include "change_report.h"
#include "file_changes.h"
#include "ops/file_words.h"
#include "render.h"
#include "report/format.h"
#include "report/value_tables.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

using ops::VersionDiff;
using project::ChangeKind;
using report::Table;

/// Of a changed folder, unless more is asked for.
constexpr std::size_t kShownFiles = 10;

/// A part of the diff: its heading, how much there is, and the rest.
struct Section {
  std::string title;
  std::string summary;
  Table table;
};

/// "2 added, 1 modified": words in the order in which they are first added.
class Tally {
 public:
  void add(const std::string& word) {
    for (auto& [known, count] : counts_) {
      if (known == word) {
        ++count;
        return;
      }
    }
    counts_.emplace_back(word, 1);
  }
  [[nodiscard]] std::string text() const {
    std::vector<std::string> parts;
    for (const auto& [word, count] : counts_) {
      parts.push_back(fmt::format("{} {}", count, word));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }

 private:
  std::vector<std::pair<std::string, std::size_t>> counts_;
};

std::string moved(const std::string& old_path, const std::string& path) {
  return old_path.empty() ? path : old_path + " -> " + path;
}

// --- Code ---

std::string lines_of(const ops::CodeChange& change) {
  std::string text = change.lines.binary ? "binary"
                     : change.kind == ChangeKind::renamed
                         ? "same content"
                         : fmt::format("+{} -{}", change.lines.added, change.lines.removed);
  return text + (change.mode ? ", other mode" : "");
}

Section code_section(const VersionDiff& diff) {
  Section section{"code", "", {{"Change", "File", "Lines"}, {}}};
  Tally tally;
  git::LineCounts sum;
  for (const ops::CodeChange& change : diff.code) {
    const std::string word(ops::change_word(change.kind));
    tally.add(word);
    sum.added += change.lines.added;
    sum.removed += change.lines.removed;
    section.table.rows.push_back({word, moved(change.old_path, change.path), lines_of(change)});
  }
  section.summary = fmt::format("{}, +{} -{} lines", tally.text(), sum.added, sum.removed);
  return section;
}

// --- Pipeline ---

std::string presence_word(ops::Presence presence) {
  static constexpr std::array<const char*, 3> kWords{"added", "removed", "changed"};
  return kWords[static_cast<std::size_t>(presence)];
}

/// "a -> b"; of what only came or went "added" and "removed", with the value where there is one.
std::string words_of(const pipeline::StageDifference& difference) {
  if (difference.key == "cmd") {
    return marked_words(*difference.before, *difference.after);
  }
  if (difference.before && difference.after) {
    const auto shown = [](const std::string& value) { return value.empty() ? "none" : value; };
    return shown(*difference.before) + " -> " + shown(*difference.after);
  }
  const std::string& value = difference.before ? *difference.before : *difference.after;
  return (difference.before ? "removed" : "added") + (value.empty() ? "" : ": " + value);
}

Section pipeline_section(const VersionDiff& diff) {
  Section section{"pipeline", "", {{"Change", "Stage", "Key", "What"}, {}}};
  Tally tally;
  for (const ops::DefinitionChange& change : diff.pipeline) {
    const std::string word = presence_word(change.kind);
    tally.add(word);
    if (change.differences.empty()) {
      section.table.rows.push_back({word, change.stage, "", ""});
    }
    for (const pipeline::StageDifference& difference : change.differences) {
      const std::string key = difference.key + (difference.name.empty() ? "" : " " + difference.name);
      section.table.rows.push_back({word, change.stage, key, words_of(difference)});
    }
  }
  section.summary = tally.text();
  return section;
}

// --- Data and outs ---

std::string size_words(const ops::DataChange& change) {
  const auto side = [](const std::optional<pipeline::PathState>& state) {
    return human_size(state->object.size);
  };
  if (change.before && change.after && change.before->object.size != change.after->object.size) {
    return side(change.before) + " -> " + side(change.after);
  }
  return side(change.after ? change.after : change.before);
}

std::string content_words(const ops::DataChange& change) {
  if (change.kind == ChangeKind::renamed) {
    return change.before == change.after ? "same content" : "same content, other mode";
  }
  if (change.kind != ChangeKind::modified) {
    const pipeline::PathState& state = change.after ? *change.after : *change.before;
    return state.is_tree() ? counted(state.files, "file") : "";
  }
  if (change.before->object == change.after->object) {
    return "other mode";
  }
  Tally tally;
  for (const project::FileChange& file : change.files) {
    tally.add(file.unlisted ? "not here" : std::string(ops::change_word(file.kind)));
  }
  std::string text = change.content ? fmt::format("{:.3g} % changed", change.content->percent())
                                    : "how much changed is not known here";
  return change.files.empty() ? text : text + ": " + tally.text();
}

void add_files(const ops::DataChange& change, bool verbose, Table& table) {
  const std::size_t most = verbose ? change.files.size() : std::min(kShownFiles, change.files.size());
  for (std::size_t i = 0; i < most; ++i) {
    const project::FileChange& file = change.files[i];
    const auto& side = file.after ? file.after : file.before;
    table.rows.push_back({"  " + std::string(ops::change_word(file.kind)), moved(file.old_path, file.path),
                          human_size(side->size), file.unlisted ? "content not here" : ""});
  }
  if (most < change.files.size()) {
    table.rows.push_back({"", fmt::format("and {} more; -v lists all", change.files.size() - most), "", ""});
  }
}

Section data_section(const std::string& title, const std::vector<ops::DataChange>& changes, bool verbose) {
  Section section{title, "", {{"Change", "Path", "Size", "Content"}, {}}};
  Tally tally;
  for (const ops::DataChange& change : changes) {
    const std::string word(ops::change_word(change.kind));
    tally.add(word);
    section.table.rows.push_back(
        {word, moved(change.old_path, change.path), size_words(change), content_words(change)});
    add_files(change, verbose, section.table);
  }
  section.summary = tally.text();
  return section;
}

// --- Values, seeds, environment ---

Section value_section(const VersionDiff& diff, const std::string& title,
                      const std::vector<report::DocumentDiff>& documents, bool differences) {
  const report::DiffLabels labels{differences ? "Metric" : "Param", diff.before.name, diff.after.name,
                                  differences ? "Change" : ""};
  Section section{title, "", report::diff_table(documents, labels, {report::kShownDigits, true})};
  section.summary = counted(section.table.rows.size(), "value");
  return section;
}

std::string seed_words(const std::optional<pipeline::Seed>& seed) {
  if (!seed) {
    return "none";
  }
  return std::to_string(seed->value) +
         (seed->variables.empty() ? "" : fmt::format(" in {}", fmt::join(seed->variables, ", ")));
}

Section seed_section(const VersionDiff& diff) {
  Section section{"seeds", counted(diff.seeds.size(), "stage"), {{"Stage", "Seed"}, {}}};
  for (const ops::SeedChange& change : diff.seeds) {
    section.table.rows.push_back(
        {change.stage, seed_words(change.before) + " -> " + seed_words(change.after)});
  }
  return section;
}

Section environment_section(const VersionDiff& diff) {
  Section section{"environment", "", {{"Stages", "What"}, {}}};
  for (const ops::SurroundingsChange& change : diff.environment) {
    const std::string stages = fmt::format("{}", fmt::join(change.stages, ", "));
    for (const version::EnvironmentChange& one : change.changes) {
      section.table.rows.push_back({stages, one.text});
    }
    if (change.unknown) {
      section.table.rows.push_back({stages, "differs, but its record is not in the store here"});
    }
  }
  section.summary = counted(section.table.rows.size(), "change");
  return section;
}

std::vector<Section> sections_of(const VersionDiff& diff, bool verbose) {
  std::vector<Section> sections;
  const auto add = [&sections](bool any, Section section) {
    if (any) {
      sections.push_back(std::move(section));
    }
  };
  add(!diff.code.empty(), code_section(diff));
  add(!diff.pipeline.empty(), pipeline_section(diff));
  add(!diff.data.empty(), data_section("data", diff.data, verbose));
  add(!diff.outs.empty(), data_section("outs", diff.outs, verbose));
  add(!diff.params.empty(), value_section(diff, "params", diff.params, false));
  add(!diff.seeds.empty(), seed_section(diff));
  add(!diff.environment.empty(), environment_section(diff));
  add(!diff.metrics.empty(), value_section(diff, "metrics", diff.metrics, true));
  return sections;
}

// --- JSON ---

Json code_json(const ops::CodeChange& change) {
  Json json = {{"kind", ops::change_word(change.kind)}};
  put_path(json, "path", change.path);
  if (!change.old_path.empty()) {
    put_path(json, "old_path", change.old_path);
  }
  json["added"] = change.lines.binary ? Json() : Json(change.lines.added);
  json["removed"] = change.lines.binary ? Json() : Json(change.lines.removed);
  json["mode_changed"] = change.mode;
  return json;
}

Json text_json(const std::optional<std::string>& text) {
  return text ? Json(escaped(*text)) : Json();
}

Json definition_json(const ops::DefinitionChange& change) {
  Json list = Json::array();
  for (const pipeline::StageDifference& one : change.differences) {
    list.push_back({{"key", one.key},
                    {"name", escaped(one.name)},
                    {"before", text_json(one.before)},
                    {"after", text_json(one.after)}});
  }
  return {
      {"kind", presence_word(change.kind)}, {"stage", escaped(change.stage)}, {"changes", std::move(list)}};
}

Json state_json(const std::optional<pipeline::PathState>& state) {
  if (!state) {
    return nullptr;
  }
  Json json = {{"type", state->is_tree() ? "tree" : "file"},
               {"hash", state->object.id.text()},
               {"size", state->object.size}};
  if (state->is_tree()) {
    json["files"] = state->files;
  }
  return json;
}

Json data_json(const ops::DataChange& change) {
  Json json = {{"kind", ops::change_word(change.kind)}};
  put_path(json, "path", change.path);
  if (!change.old_path.empty()) {
    put_path(json, "old_path", change.old_path);
  }
  if (!change.stage.empty()) {
    json["stage"] = escaped(change.stage);
  }
  json["before"] = state_json(change.before);
  json["after"] = state_json(change.after);
  json["files"] = changes_json(change.files);
  json["bytes_changed"] = change.content ? Json(change.content->changed) : Json();
  json["percent_changed"] = change.content ? Json(change.content->percent()) : Json();
  return json;
}

Json seed_json(const std::optional<pipeline::Seed>& seed) {
  return seed ? Json{{"value", seed->value}, {"env", seed->variables}} : Json();
}

Json surroundings_json(const ops::SurroundingsChange& change) {
  Json list = Json::array();
  for (const version::EnvironmentChange& one : change.changes) {
    list.push_back({{"kind", one.kind},
                    {"name", escaped(one.name)},
                    {"before", escaped(one.before)},
                    {"after", escaped(one.after)},
                    {"text", escaped(one.text)}});
  }
  return {{"stages", change.stages}, {"changes", std::move(list)}, {"unknown", change.unknown}};
}

template <class Item, class Make>
Json list_json(const std::vector<Item>& items, Make make) {
  Json list = Json::array();
  for (const Item& item : items) {
    list.push_back(make(item));
  }
  return list;
}

Json side_json(const ops::DiffSide& side) {
  return {{"name", escaped(side.name)}, {"commit", side.commit.hex()}};
}

}  // namespace

std::string diff_text(const VersionDiff& diff, DiffForm form, bool verbose) {
  if (diff.is_empty()) {
    return "nothing differs\n";
  }
  std::string text;
  for (const Section& section : sections_of(diff, verbose)) {
    const std::string head = section.title + ": " + section.summary;
    if (form == DiffForm::stat) {
      text += head + "\n";
    } else if (form == DiffForm::markdown) {
      text += (text.empty() ? "### " : "\n### ") + head + "\n\n" + report::as_markdown(section.table);
    } else {
      text += (text.empty() ? "" : "\n") + head + "\n" + indented(report::as_text(section.table), "  ");
    }
  }
  return text;
}

Json diff_json(const VersionDiff& diff) {
  Json json;
  json["before"] = side_json(diff.before);
  json["after"] = side_json(diff.after);
  json["differs"] = !diff.is_empty();
  json["code"] = list_json(diff.code, code_json);
  json["pipeline"] = list_json(diff.pipeline, definition_json);
  json["data"] = list_json(diff.data, data_json);
  json["outs"] = list_json(diff.outs, data_json);
  json["params"] = diffs_json(diff.params);
  json["seeds"] = list_json(diff.seeds, [](const ops::SeedChange& change) {
    return Json{{"stage", escaped(change.stage)},
                {"before", seed_json(change.before)},
                {"after", seed_json(change.after)}};
  });
  json["environment"] = list_json(diff.environment, surroundings_json);
  json["metrics"] = diffs_json(diff.metrics);
  return json;
}

}  // namespace cairn::cmd
