// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ops/repro_world.h"

namespace cairn::ops {

/// What came of a stage's command.
struct StageRun {
  std::vector<pipeline::LockedOut> outs;  ///< that it made; the content of all of them is stored
  std::optional<Error> failure;
  bool comparable = false;              ///< cairn.lock has a result of these inputs
  std::vector<std::string> last_lines;  ///< that it printed, where it failed
  std::set<std::string> temporary;      ///< names that came up in folders for temporary files meanwhile
  std::int64_t wall_us = 0;
};

/// Stages in a work tree, each run with the recorded outs of those before it. When a command has ended its
/// outs are noted; then the recorded ones take their place, where they differ and their content is at hand.
/// So a stage whose command failed counts as done for the scheduler where its recorded outs are at hand.
class ReproduceWorld : public pipeline::World {
 public:
  /// Which blocks of cairn.lock count: all, or those of stages whose inputs are what is recorded.
  enum class Trust : std::uint8_t { all, fresh };
  /// `inner` keeps records alone (ReproWorld::Keep); `recorded` is what the commit's locks say.
  ReproduceWorld(ReproWorld& inner, const Locks& recorded, Trust trust, const Context& context)
      : inner_(inner), recorded_(recorded), trust_(trust), context_(context) {}

  Result<pipeline::Inspection> inspect(const pipeline::Stage& stage) override;
  Result<std::optional<std::vector<pipeline::LockedOut>>> restore(const pipeline::Stage& stage,
                                                                  const pipeline::StageLock& wanted,
                                                                  const store::Id& key) override;
  Result<bool> can_restore(const pipeline::Stage& stage, const pipeline::StageLock& wanted,
                           const store::Id& key) override;
  Result<std::vector<pipeline::LockedOut>> run(const pipeline::Stage& stage,
                                               const pipeline::StageLock& wanted, const store::Id& key,
                                               pipeline::Attempt& attempt) override;
  Result<std::vector<pipeline::LockedOut>> adopt(const pipeline::Stage& stage,
                                                 const pipeline::StageLock& wanted) override;
  void record(const pipeline::Stage& stage, const pipeline::StageLock& block,
              pipeline::Recorded done) override;

  /// Puts the content of recorded outs that are not cached, as Git wrote them into the work tree, into the
  /// store. To be called before stages run.
  Status store_uncached(const pipeline::Stage& stage);

  /// By address, of stages whose command was run. To be called once, when all is done.
  std::map<std::string, StageRun, std::less<>> take_runs() { return std::move(runs_); }

 private:
  [[nodiscard]] const pipeline::StageLock* recorded(const pipeline::Stage& stage,
                                                    const pipeline::StageLock& wanted) const;
  Result<bool> place_recorded(const pipeline::Stage& stage, const pipeline::StageLock& block);

  ReproWorld& inner_;
  const Locks& recorded_;
  const Trust trust_;
  const Context& context_;
  std::mutex mutex_;                                   // guards what follows
  std::map<std::string, StageRun, std::less<>> runs_;  // by address
};

/// What differs between what a stage's block records of its inputs and what it has now, but for its
/// environment and variables of the surroundings.
std::vector<pipeline::Change> other_inputs(const pipeline::StageLock& block,
                                           const pipeline::StageLock& wanted);

}  // namespace cairn::ops
