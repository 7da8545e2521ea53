// SPDX-License-Identifier: Apache-2.0
#include "ops/declared.h"

#include <algorithm>

#include "os/path.h"

namespace cairn::ops {
namespace {

void add_params(DeclaredParams& to, bool whole, const std::vector<std::string>& keys) {
  to.whole = to.whole || whole;
  for (const std::string& key : keys) {
    if (std::find(to.keys.begin(), to.keys.end(), key) == to.keys.end()) {
      to.keys.push_back(key);
    }
  }
}

void add_stage(Declared& declared, const pipeline::Stage& stage) {
  for (const pipeline::ParamFile& file : stage.params) {
    std::vector<std::string> keys;
    for (const pipeline::ParamKey& key : file.keys) {
      keys.push_back(key.key);
    }
    add_params(declared.stage_params[file.file], file.whole, keys);
  }
  for (const pipeline::Out& out : stage.outs) {
    if (out.kind == pipeline::OutKind::data) {
      continue;
    }
    if (out.glob) {
      declared.globs.insert(out.path);
    } else if (out.kind == pipeline::OutKind::metric) {
      declared.metrics.insert(out.path);
    } else {
      declared.plots.emplace(out.path, out.plot);
    }
  }
}

/// A top-level plot is named by its file, or draws from the files that are the keys of its `y`.
void add_plot(Declared& declared, const pipeline::NamedEntry& entry, const std::string& folder) {
  const text::Value* y = entry.value.find("y");
  if (y == nullptr || !y->is(text::Kind::map)) {
    declared.plots.emplace(os::normalized(os::join(folder, entry.name)), entry.value);
    return;
  }
  for (const text::Entry& file : y->entries()) {
    declared.plots.emplace(os::normalized(os::join(folder, file.key)), entry.value);
  }
}

Declared declared_by(const pipeline::PipelineFile& file) {
  Declared declared;
  for (const pipeline::Stage& stage : file.stages) {
    add_stage(declared, stage);
  }
  for (const pipeline::ListedFile& one : file.params) {
    declared.listed_params.insert(one.path);
  }
  for (const pipeline::ListedFile& one : file.metrics) {
    declared.metrics.insert(one.path);
  }
  for (const pipeline::NamedEntry& one : file.plots) {
    add_plot(declared, one, std::string(os::parent_of(file.path)));
  }
  return declared;
}

}  // namespace

void Declared::add(const Declared& other) {
  for (const auto& [file, params] : other.stage_params) {
    add_params(stage_params[file], params.whole, params.keys);
  }
  listed_params.insert(other.listed_params.begin(), other.listed_params.end());
  metrics.insert(other.metrics.begin(), other.metrics.end());
  plots.insert(other.plots.begin(), other.plots.end());
  globs.insert(other.globs.begin(), other.globs.end());
}

Result<std::shared_ptr<const Declarations::Parsed>> Declarations::parsed(Snapshot& snapshot,
                                                                         const std::string& path) {
  CAIRN_TRY_ASSIGN(auto content, snapshot.content_name(path));
  if (!content) {
    return std::make_shared<const Parsed>();
  }
  std::vector<std::shared_ptr<const Parsed>>& known = parsed_[path + '\0' + *content];
  for (const auto& one : known) {
    bool same = true;
    for (const auto& [file, before] : one->read) {
      CAIRN_TRY_ASSIGN(auto now, snapshot.content_name(file));
      same = same && now == before;
    }
    if (same) {
      return one;
    }
  }
  CAIRN_TRY_ASSIGN(std::string text, snapshot.read(path, *content));
  SnapshotSurroundings surroundings(snapshot, documents_);
  CAIRN_TRY_ASSIGN(pipeline::PipelineFile file, pipeline::parse_pipeline(text, path, surroundings));
  known.push_back(std::make_shared<const Parsed>(Parsed{surroundings.asked(), declared_by(file)}));
  return known.back();
}

Result<Declarations::Found> Declarations::at(Snapshot& snapshot) {
  Found found;
  CAIRN_TRY_ASSIGN(std::vector<std::string> files, snapshot.pipeline_files());
  for (const std::string& file : files) {
    found.folders.emplace_back(os::parent_of(file));
    auto one = parsed(snapshot, file);
    if (one.ok()) {
      found.declared.add((*one)->declared);
    } else {
      found.errors.push_back(one.error());
    }
  }
  return found;
}

}  // namespace cairn::ops
