// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "os/root.h"
#include "pipeline/graph.h"
#include "pipeline/lock.h"

namespace cairn::ops {

/// A stage that draws by chance and has no seed.
struct SeedHint {
  std::string stage;     ///< address; of stages that a loop made, that of their group
  std::string script;    ///< project path; "" is the stage's own command
  std::size_t line = 1;  ///< in that script
  std::string source;    ///< what is used there: "import random"

  /// "stage 'train' has no seed, and train.py:3 uses 'import random'; add to the stage: seed: 42"
  [[nodiscard]] std::string text() const;
};

/// Gives a stage's block in its lock; null where it has none.
using BlockLookup = std::function<const pipeline::StageLock*(const pipeline::Stage&)>;

/// One hint at most for each stage, and for each group of them: its command, then code files and deps of its
/// block, are looked at (pipeline::find_random_use). Left out are stages with `seed` or `deterministic:
/// false`, and those that name a seed elsewhere: in a param, a variable, or an option of the command. Scripts
/// of 1 MiB and more, and those that cannot be read, are passed over. Cost: reads these scripts.
std::vector<SeedHint> find_seed_hints(const os::Root& files, const pipeline::Graph& graph,
                                      const std::vector<pipeline::StageIndex>& stages,
                                      const BlockLookup& block_of);

}  // namespace cairn::ops
