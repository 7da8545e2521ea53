// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/environment_reader.h"
#include "pipeline/key_table.h"
#include "pipeline/listing_reader.h"
#include "pipeline/stage.h"
#include "pipeline/stage_reader.h"
#include "pipeline/value_reader.h"
#include "text/diagnostics.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// One cairn.yaml while it is read.
struct FileDraft {
  PipelineFile file;
  std::string folder;
  std::optional<EnvironmentSpec> environment;
};

void read_stages(const Value& value, FileDraft& draft, ValueReader& reader) {
  draft.file.stages.reserve(value.entries().size());
  for (const Entry& entry : reader.map("stages", value)) {
    if (Status status = check_stage_name(entry.key); !status.ok()) {
      reader.problem(entry.key_begin, status.error().message());
    }
    draft.file.stages.push_back(read_stage({entry.key, "", draft.file.path, entry.key_begin}, entry.value,
                                           draft.environment, reader));
  }
}

void read_default_environment(const Value&, FileDraft&, ValueReader&) {}  // was read before the stages

constexpr std::array<KeyReader<FileDraft>, 7> kKeys{{
    {"stages", read_stages},
    {"params", [](const Value& v, FileDraft& d,
                  ValueReader& r) { d.file.params = read_listed_files("params", v, d.folder, r); }},
    {"metrics", [](const Value& v, FileDraft& d,
                   ValueReader& r) { d.file.metrics = read_listed_files("metrics", v, d.folder, r); }},
    {"plots", [](const Value& v, FileDraft& d, ValueReader& r) { d.file.plots = read_plots(v, r); }},
    {"artifacts",
     [](const Value& v, FileDraft& d, ValueReader& r) { d.file.artifacts = read_artifacts(v, d.folder, r); }},
    {"environment", read_default_environment},
    {"datasets",
     [](const Value& v, FileDraft&, ValueReader& r) {
       r.problem(v.begin(), "'datasets' is not cairn's way: bring data from elsewhere in with cairn import");
     },
     true},
}};

}  // namespace

Result<PipelineFile> parse_pipeline(std::string_view text, std::string_view path,
                                    Surroundings& surroundings) {
  (void)surroundings;
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  text::Diagnostics problems(path, text);
  ValueReader reader(problems);
  FileDraft draft;
  draft.file.path = path;
  draft.folder = os::parent_of(path);
  if (!document.is(Kind::map)) {
    problems.add(document.begin(),
                 fmt::format("a pipeline file must be a map, not {}", document.type_name()));
  }
  if (const Value* environment = document.find("environment"); environment != nullptr) {
    draft.environment = read_environment(*environment, draft.folder, reader);
  }
  read_keys<FileDraft>(document.entries(), kKeys, "in a pipeline file", draft, reader);
  CAIRN_TRY(problems.status());
  return std::move(draft.file);
}

}  // namespace cairn::pipeline
