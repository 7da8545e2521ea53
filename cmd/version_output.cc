// SPDX-License-Identifier: Apache-2.0
#include "version_output.h"

#include "base/escape.h"
#include "render.h"
#include "value_output.h"
#include "version/run_record.h"

namespace cairn::cmd {
namespace {

Json verdict_json(const version::Verdict& verdict) {
  return {{"kind", version::verdict_name(verdict.kind)},
          {"verdict", version::verdict_words(verdict)},
          {"good", verdict.good()},
          {"time", version::utc_text(verdict.time_ms)},
          {"runs", verdict.runs}};
}

Json values_json(const std::map<std::string, std::map<std::string, text::Value>>& files) {
  Json out = Json::object();
  for (const auto& [file, values] : files) {
    Json keys = Json::object();
    for (const auto& [key, value] : values) {
      keys[key] = value_json(value);
    }
    out[escaped(file)] = std::move(keys);
  }
  return out;
}

Json stage_json(const version::ManifestStage& stage) {
  Json out = {{"stage", escaped(stage.stage)}, {"key", stage.key.text()}};
  if (stage.seed) {
    out["seed"] = *stage.seed;
  }
  if (stage.environment) {
    out["environment"] = stage.environment->id.text();
  }
  if (stage.start_ms != 0) {
    out["start"] = version::utc_text(stage.start_ms);
    out["conditions"] = value_json(version::to_value(stage.conditions));
  }
  return out;
}

Json data_json(const version::ManifestData& data) {
  Json out = Json::object();
  put_path(out, "path", data.path);
  out["type"] = data.state.is_tree() ? "tree" : "file";
  out["hash"] = data.state.object.id.text();
  out["size"] = data.state.object.size;
  if (data.state.is_tree()) {
    out["files"] = data.state.files;
  }
  return out;
}

}  // namespace

Json listed_json(const ops::ListedVersion& listed) {
  const version::Version& version = listed.version;
  return {{"name", version.name},
          {"commit", version.commit.hex()},
          {"tag", version.tag.hex()},
          {"author", version.author},
          {"time", version::utc_text(version.time * 1000)},
          {"message", version.manifest.message},
          {"aliases", listed.aliases},
          {"verdict", listed.verdict ? verdict_json(*listed.verdict) : Json()},
          {"metrics", values_json(version.manifest.metrics)}};
}

Json shown_json(const ops::ShownVersion& shown) {
  const version::Manifest& manifest = shown.listed.version.manifest;
  Json out = listed_json(shown.listed);
  out["cairn_version"] = manifest.cairn;
  out["params"] = values_json(manifest.params);
  for (const char* key : {"locks", "stages", "data", "verdicts"}) {
    out[key] = Json::array();
  }
  for (const version::ManifestLock& lock : manifest.locks) {
    Json one = Json::object();
    put_path(one, "path", lock.path);
    one["hash"] = lock.hash.text();
    out["locks"].push_back(std::move(one));
  }
  for (const version::ManifestStage& stage : manifest.stages) {
    out["stages"].push_back(stage_json(stage));
  }
  for (const version::ManifestData& data : manifest.data) {
    out["data"].push_back(data_json(data));
  }
  for (const version::Verdict& verdict : shown.verdicts) {
    out["verdicts"].push_back(verdict_json(verdict));
  }
  out["environments"] = Json::object();
  for (const auto& [digest, summary] : manifest.environments) {
    out["environments"][digest] = value_json(summary);
  }
  out["system"] = value_json(manifest.system);
  return out;
}

}  // namespace cairn::cmd
