// SPDX-License-Identifier: Apache-2.0
#include "ops/environment_probe.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/environments.h"
#include "version/environment_diff.h"
#include "version/environment_wrap.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

/// Variables that a container has to be told of.
std::vector<std::string> variables_of(const Stage& stage, const runner::ShellCommand& command) {
  std::vector<std::string> names;
  for (const auto& entry : command.env) {
    if (entry.second) {
      names.push_back(entry.first);
    }
  }
  names.insert(names.end(), stage.track_env.begin(), stage.track_env.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

Result<std::optional<store::Object>> Environments::object(const Stage& stage,
                                                          const pipeline::StageLock* block) {
  if (!stage.environment) {
    return std::optional<store::Object>();
  }
  auto captured = capture_.capture(*stage.environment);
  if (!captured.ok()) {
    return captured.error().with_context("environment of stage " + quoted(stage.address()));
  }
  const version::CapturedEnvironment& now = **captured;
  if (now.unchecked.empty() || block == nullptr || !block->environment) {
    return std::optional(now.object);
  }
  CAIRN_TRY_ASSIGN(auto known, find_environment(workspace_, *block->environment));
  // Without the record nothing can be compared: it counts as unchanged, as all that is not checked does.
  return known ? std::optional(version::complete_from(now, *known).object) : block->environment;
}

Result<std::vector<std::string>> Environments::compare(const Stage& stage, const store::Id& was) {
  std::vector<std::string> lines;
  CAIRN_TRY_ASSIGN(auto known, find_environment(workspace_, {store::Family::blob, was, 0}));
  if (!known || !stage.environment) {
    return lines;
  }
  CAIRN_TRY_ASSIGN(auto now, capture_.capture(*stage.environment));
  text::Value record = version::complete_from(*now, *known).record;
  for (version::EnvironmentChange& change : version::compare_environments(*known, record)) {
    lines.push_back(std::move(change.text));
  }
  return lines;
}

Status Environments::store(const Stage& stage) {
  if (!stage.environment) {
    return {};
  }
  CAIRN_TRY_ASSIGN(auto now, capture_.capture(*stage.environment));
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  if (store->has(now->object)) {
    return {};
  }
  CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
  CAIRN_TRY(version::store_environment(writer, *now));
  return writer.commit();
}

Result<std::vector<std::string>> Environments::wrap(const Stage& stage, runner::ShellCommand& command) {
  if (!stage.environment) {
    return std::vector<std::string>();
  }
  CAIRN_TRY_ASSIGN(auto now, capture_.capture(*stage.environment));
  version::WrapOptions options{workspace_.paths().root, command.folder, stage.address(),
                               variables_of(stage, command), &now->record};
  auto wrapping = version::wrap_command(*stage.environment, options);
  if (!wrapping.ok()) {
    return wrapping.error().with_context("stage " + quoted(stage.address()) + " cannot run");
  }
  command.wrapper = std::move(wrapping->argv);
  command.env.merge(wrapping->env);  // what the stage sets stays
  end_container(wrapping->clean_up);
  return std::move(wrapping->clean_up);
}

void end_container(const std::vector<std::string>& clean_up) {
  if (!clean_up.empty()) {
    os::ProcessOptions options;
    options.argv = clean_up;
    options.folder = "/";
    [[maybe_unused]] auto ignored = os::capture(options, {std::chrono::seconds(30), nullptr});
  }
}

}  // namespace cairn::ops
