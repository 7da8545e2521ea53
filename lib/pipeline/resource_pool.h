// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/resources.h"
#include "pipeline/stage.h"

namespace cairn::pipeline {

/// What a stage takes while its command runs: what it names, and one CPU where it names none.
Resources demand_of(const Stage& stage);

/// What `demand` asks for beyond `limits`, in words: "4 CPUs (there are 2)"; empty if it fits.
std::string beyond(const Resources& demand, const Resources& limits);

/// A stage that asks for more than there ever is. Error `stage_failed`, with the stage's place and the
/// numbers.
Status check_fits(const Stage& stage, const Resources& limits);

/// What a run may use, and what is taken of it. Who comes first is the caller's order, with one rule that
/// lets no stage wait for ever: what a waiting stage asks for is held back from those after it, also while it
/// cannot have all of it. So a stage may start before one in front of it only with what that one leaves over.
/// Threads: none.
class ResourcePool {
 public:
  /// Nothing: there are no limits.
  explicit ResourcePool(const std::optional<Resources>& limits);

  /// Begins to hand out, in the caller's order.
  void begin_round();
  /// Takes `demand` if there is enough beside what is held back in this round; else holds it back.
  bool take(const Resources& demand);
  /// Nothing that takes a CPU can be had in the rest of the round.
  [[nodiscard]] bool exhausted() const;
  void give_back(const Resources& demand);
  /// What `demand` lacks now, in words: "2 CPUs".
  [[nodiscard]] std::string lacking(const Resources& demand) const;

 private:
  bool limited_;
  Resources free_;   ///< not taken
  Resources round_;  ///< free, and not held back
};

}  // namespace cairn::pipeline
