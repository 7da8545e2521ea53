// SPDX-License-Identifier: Apache-2.0
#include "pipeline/listing_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "pipeline/key_table.h"
#include "pipeline/plot_properties.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

void add_plot(const Entry& entry, std::vector<NamedEntry>& plots, ValueReader& reader) {
  if (!entry.value.is(Kind::null)) {
    check_plot(entry.key, entry.value, reader);
  }
  plots.push_back({entry.key, entry.value, entry.key_begin});
}

bool is_artifact_id(std::string_view id) {
  const auto is_alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && is_alnum(id.front()) && is_alnum(id.back()) &&
         std::all_of(id.begin(), id.end(), [is_alnum](char c) { return is_alnum(c) || c == '-'; });
}

struct ArtifactDraft {
  std::string_view folder;
};

constexpr std::array<KeyReader<ArtifactDraft>, 5> kArtifactKeys{{
    {"path", [](const Value& v, ArtifactDraft& draft, ValueReader& r) { r.path("path", v, draft.folder); }},
    {"desc", [](const Value& v, ArtifactDraft&, ValueReader& r) { r.string("desc", v); }},
    {"type", [](const Value& v, ArtifactDraft&, ValueReader& r) { r.string("type", v); }},
    {"labels", [](const Value& v, ArtifactDraft&, ValueReader& r) { r.strings("labels", v); }},
    {"meta", [](const Value&, ArtifactDraft&, ValueReader&) {}},
}};

void read_rules(const Value& value, DriftGate& gate, ValueReader& reader) {
  const std::optional<std::string> written = reader.filled("fail_on", value);
  if (!written) {
    return;
  }
  auto rules = parse_drift_rules(*written);
  if (rules.ok()) {
    gate.rules = std::move(*rules);
  } else {
    reader.problem(value.begin(), rules.error().message());
  }
}

constexpr std::array<KeyReader<DriftGate>, 2> kDriftKeys{{
    {"fail_on", read_rules},
    {"columns",
     [](const Value& v, DriftGate& gate, ValueReader& r) { gate.columns = r.strings("columns", v); }},
}};

}  // namespace

std::vector<ListedFile> read_listed_files(std::string_view key, const Value& value, std::string_view folder,
                                          ValueReader& reader) {
  std::vector<ListedFile> files;
  for (const Value& item : reader.list(key, value)) {
    if (std::optional<std::string> path = reader.path(key, item, folder)) {
      files.push_back({std::move(*path), item.begin()});
    }
  }
  return files;
}

std::vector<NamedEntry> read_plots(const Value& value, ValueReader& reader) {
  std::vector<NamedEntry> plots;
  for (const Entry& entry : value.entries()) {
    add_plot(entry, plots, reader);
  }
  for (const Value& item : value.is(Kind::map) ? std::span<const Value>() : reader.list("plots", value)) {
    if (item.is(Kind::map)) {
      for (const Entry& entry : item.entries()) {
        add_plot(entry, plots, reader);
      }
    } else if (std::optional<std::string> name = reader.filled("plots", item)) {
      plots.push_back({std::move(*name), Value(), item.begin()});
    }
  }
  return plots;
}

std::vector<NamedEntry> read_artifacts(const Value& value, std::string_view folder, ValueReader& reader) {
  std::vector<NamedEntry> artifacts;
  for (const Entry& entry : reader.map("artifacts", value)) {
    if (!is_artifact_id(entry.key)) {
      reader.problem(
          entry.key_begin,
          fmt::format(
              "bad artifact id {}: it is made of letters, digits and -, and neither begins nor ends with -",
              quoted(entry.key)));
    }
    ArtifactDraft draft{folder};
    read_keys<ArtifactDraft>(reader.map(entry.key, entry.value), kArtifactKeys,
                             fmt::format("for artifact {}", quoted(entry.key)), draft, reader);
    if (entry.value.is(Kind::map) && entry.value.find("path") == nullptr) {
      reader.problem(entry.key_begin, fmt::format("artifact {} has no 'path'", quoted(entry.key)));
    }
    artifacts.push_back({entry.key, entry.value, entry.key_begin});
  }
  return artifacts;
}

std::vector<DriftGate> read_drift(const Value& value, std::string_view folder, ValueReader& reader) {
  std::vector<DriftGate> gates;
  for (const Entry& entry : reader.map("drift", value)) {
    DriftGate gate;
    gate.at = entry.key_begin;
    gate.path = reader.path(entry.key, entry.key_begin, folder).value_or("");
    read_keys<DriftGate>(reader.map(entry.key, entry.value), kDriftKeys,
                         fmt::format("for drift of {}", quoted(entry.key)), gate, reader);
    if (entry.value.is(Kind::map) && entry.value.find("fail_on") == nullptr) {
      reader.problem(entry.key_begin, fmt::format("drift of {} has no 'fail_on'", quoted(entry.key)));
    }
    gates.push_back(std::move(gate));
  }
  return gates;
}

}  // namespace cairn::pipeline
