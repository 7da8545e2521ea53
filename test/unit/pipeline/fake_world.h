// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "pipeline/schedule.h"
#include "unit/pipeline/builders.h"

namespace cairn::pipeline {

/// A workspace in memory. A command "const…" writes "const" to its outs, "fail…" fails, "stop…" is
/// interrupted; any other writes its own text and the content of its deps.
class FakeWorld : public World {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, text::Value> params;     ///< by key, all in the stage's params file
  std::set<std::string> unstored;                ///< contents that restore does not have
  std::function<void(const Stage&)> on_run;      ///< called, without a lock, while a command runs
  std::function<void(const Stage&)> on_inspect;  ///< the same, before a stage is looked at
  std::map<std::string, unsigned> failures;      ///< by stage: so many tries more fail
  std::set<std::string> slow_to_record;          ///< stages whose records wait for make_durable
  std::map<std::string, Error> unrecordable;     ///< stages whose records fail

  /// What was done, in order: "run NAME", "restore NAME", "adopt NAME", "record NAME".
  [[nodiscard]] std::vector<std::string> take_log() {
    std::lock_guard lock(mutex_);
    return std::exchange(log_, {});
  }

  Result<Inspection> inspect(const Stage& stage) override {
    if (on_inspect) {
      on_inspect(stage);
    }
    std::lock_guard lock(mutex_);
    Inspection found;
    if (const auto block = blocks_.find(stage.address()); block != blocks_.end()) {
      found.block = block->second;
    }
    for (const Dep& dep : stage.deps) {
      const auto assumed = assumed_.find(dep.path);
      found.inputs.deps.push_back(
          {dep.path, assumed == assumed_.end() ? state_of(dep.path) : file_state(assumed->second)});
    }
    for (const Out& out : stage.outs) {
      found.inputs.outs.push_back({out.path, state_of(out.path)});
    }
    for (const ParamFile& file : stage.params) {
      for (const ParamKey& key : file.keys) {
        const auto value = params.find(key.key);
        found.inputs.params.push_back(
            {file.file, key.key, value == params.end() ? std::nullopt : std::optional(value->second)});
      }
    }
    return found;
  }

  Result<std::optional<std::vector<LockedOut>>> restore(const Stage& stage, const StageLock& wanted,
                                                        const store::Id& key) override {
    std::lock_guard lock(mutex_);
    const auto result = results_.find(key);
    if (result == results_.end() || !at_hand(result->second)) {
      return std::optional<std::vector<LockedOut>>();
    }
    log_.push_back("restore " + stage.name);
    for (const auto& [path, content] : result->second) {
      files[path] = content;
    }
    return std::optional(outs_now(wanted));
  }

  Result<bool> can_restore(const Stage&, const StageLock&, const store::Id& key) override {
    std::lock_guard lock(mutex_);
    const auto result = results_.find(key);
    const bool here = result != results_.end() && at_hand(result->second);
    if (here) {
      for (const auto& [path, content] : result->second) {
        assumed_[path] = content;
      }
    }
    return here;
  }

  Result<std::vector<LockedOut>> run(const Stage& stage, const StageLock& wanted, const store::Id& key,
                                     Attempt& attempt) override {
    if (on_run) {
      on_run(stage);
    }
    std::lock_guard lock(mutex_);
    log_.push_back("run " + stage.name);
    attempt.end = CommandEnd();
    attempt.watcher.line(stage, fmt::format("try {}", attempt.number), LineState::whole);
    unsigned& failures_left = failures[stage.name];
    if (stage.cmd.starts_with("fail") || failures_left > 0) {
      failures_left -= std::min(failures_left, 1U);
      attempt.end->status = 1;
      return Error(Code::stage_failed, "stage failed");
    }
    if (stage.cmd.starts_with("stop")) {
      return Error(Code::interrupted, "interrupted");
    }
    std::string content = stage.cmd.starts_with("const") ? "const" : stage.cmd;
    for (const Dep& dep : stage.cmd.starts_with("const") ? std::vector<Dep>() : stage.deps) {
      content += "," + files[dep.path];
    }
    for (const Out& out : stage.outs) {
      files[out.path] = content;
      results_[key][out.path] = content;
    }
    return outs_now(wanted);
  }

  Result<std::vector<LockedOut>> adopt(const Stage& stage, const StageLock& wanted) override {
    std::lock_guard lock(mutex_);
    log_.push_back("adopt " + stage.name);
    for (const Out& out : stage.outs) {
      if (!files.contains(out.path)) {
        return Error(Code::not_found, "out is missing");
      }
    }
    return outs_now(wanted);
  }

  void record(const Stage& stage, const StageLock& block, Recorded done) override {
    {
      std::lock_guard lock(mutex_);
      log_.push_back("record " + stage.name);
      blocks_[stage.address()] = std::make_shared<const StageLock>(block);
      if (slow_to_record.contains(stage.name)) {
        recording_[stage.name] = std::move(done);
        return;
      }
    }
    const auto failure = unrecordable.find(stage.name);
    done(failure == unrecordable.end() ? Status() : Status(failure->second));
  }

  void put_file(const std::string& path, const std::string& content) {
    std::lock_guard lock(mutex_);
    files[path] = content;
  }

  /// The record of a stage that is slow to record is durable, or not.
  void make_durable(const std::string& name, Status status) {
    Recorded done;
    {
      std::lock_guard lock(mutex_);
      done = std::move(recording_.at(name));
    }
    done(std::move(status));
  }

  [[nodiscard]] const StageLock& block(const std::string& address) const { return *blocks_.at(address); }

 private:
  [[nodiscard]] std::optional<PathState> state_of(const std::string& path) const {
    const auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file_state(file->second));
  }

  [[nodiscard]] bool at_hand(const std::map<std::string, std::string>& outs) const {
    return std::none_of(outs.begin(), outs.end(),
                        [this](const auto& out) { return unstored.contains(out.second); });
  }

  [[nodiscard]] std::vector<LockedOut> outs_now(const StageLock& wanted) const {
    std::vector<LockedOut> outs = wanted.outs;
    for (LockedOut& out : outs) {
      out.state = *state_of(out.path);
    }
    return outs;
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const StageLock>> blocks_;
  std::map<store::Id, std::map<std::string, std::string>> results_;
  std::map<std::string, std::string> assumed_;  // what a dry run's restored stages would have put in place
  std::map<std::string, Recorded> recording_;
  std::vector<std::string> log_;
};

}  // namespace cairn::pipeline
