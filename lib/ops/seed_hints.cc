// SPDX-License-Identifier: Apache-2.0
#include "ops/seed_hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "pipeline/random_sources.h"
#include "project/root_files.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;
using pipeline::StageLock;

constexpr std::uint64_t kMaxScript = std::uint64_t{1} << 20;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool names_seed(std::string_view text) {
  return lower(text).find("seed") != std::string::npos;
}

/// The stage has its seed from elsewhere than its `seed`.
bool has_other_seed(const Stage& stage, const StageLock& block) {
  const auto is_seed = [](const pipeline::LockedVariable& variable) { return names_seed(variable.name); };
  const std::string cmd = lower(stage.cmd);
  return std::any_of(block.params.begin(), block.params.end(),
                     [](const pipeline::LockedParam& param) { return names_seed(param.key); }) ||
         std::any_of(block.env.begin(), block.env.end(), is_seed) ||
         std::any_of(block.track_env.begin(), block.track_env.end(), is_seed) ||
         cmd.find("seed=") != std::string::npos || cmd.find("seed ") != std::string::npos;
}

/// Nothing where there is no such file below the root, or a large one.
std::optional<std::string> read_script(const os::Root& files, const std::string& path) {
  const Result<std::optional<os::FileStat>> stat = files.find_stat(path);
  if (!stat.ok() || !*stat || (*stat)->size >= kMaxScript) {
    return std::nullopt;
  }
  Result<std::optional<std::string>> text = project::find_text(files, path);
  return text.ok() ? std::move(*text) : std::nullopt;
}

std::optional<SeedHint> hint_of_script(const os::Root& files, const std::string& path) {
  const std::optional<pipeline::ScriptLanguage> language = pipeline::script_language(path);
  const std::optional<std::string> text = language ? read_script(files, path) : std::nullopt;
  const auto use = text ? pipeline::find_random_use(*text, *language) : std::nullopt;
  return use ? std::optional(SeedHint{{}, path, use->line, use->text}) : std::nullopt;
}

std::optional<SeedHint> hint_of_stage(const os::Root& files, const Stage& stage, const StageLock& block) {
  if (stage.seed || !stage.deterministic || has_other_seed(stage, block)) {
    return std::nullopt;
  }
  if (const auto use = pipeline::find_random_use(stage.cmd, pipeline::ScriptLanguage::shell)) {
    return SeedHint{{}, "", use->line, use->text};
  }
  for (const std::vector<pipeline::LockedPath>* paths : {&block.code, &block.deps}) {
    for (const pipeline::LockedPath& one : *paths) {
      if (auto hint = one.state.is_tree() ? std::nullopt : hint_of_script(files, one.path)) {
        return hint;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::string SeedHint::text() const {
  const std::string place = script.empty() ? "its command" : fmt::format("{}:{}", escaped(script), line);
  return fmt::format("stage {} has no seed, and {} uses {}; add to the stage: seed: 42", quoted(stage), place,
                     quoted(source));
}

std::vector<SeedHint> find_seed_hints(const os::Root& files, const pipeline::Graph& graph,
                                      const std::vector<pipeline::StageIndex>& stages,
                                      const BlockLookup& block_of) {
  std::vector<SeedHint> hints;
  std::set<std::string> told;
  for (const pipeline::StageIndex index : stages) {
    const Stage& stage = graph.stage(index);
    const StageLock* block = block_of(stage);
    const std::string name =
        pipeline::stage_address(stage.file, stage.group.empty() ? stage.name : stage.group);
    if (block == nullptr || told.contains(name)) {
      continue;
    }
    if (auto hint = hint_of_stage(files, stage, *block)) {
      told.insert(name);
      hint->stage = name;
      hints.push_back(std::move(*hint));
    }
  }
  return hints;
}

}  // namespace cairn::ops
