// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/key.h"
#include "version/conditions.h"
#include "version/verdict.h"

/// Which cause the evidence speaks for: docs/design/versions.md. Pure: runs come from a callback.
namespace cairn::version {

/// What may vary between two runs of a command.
enum class Factor : std::uint8_t {
  hash_seed,
  threads,
  clock,
  addresses,
  random,
  processes,
  folder_order,
  locale,
  time_zone,
  folder,
};
std::string_view factor_name(Factor factor);

/// One trial: factors that are held, with the value where there is a choice; all others are as they come.
/// hash_seed: the seed. threads: a number of processors. clock: ms since 1970. random: a seed. folder_order:
/// "sorted" or "reversed". locale, time_zone: names. folder: "other" is any other folder, else the absolute
/// path where the project shall seem to stand. addresses, processes: nothing.
using TrialConditions = std::map<Factor, std::string>;

/// What a trial gave, by path of the out; an out that was not made is not there.
struct TrialResult {
  bool failed = false;
  std::map<std::string, store::Object, std::less<>> outs;
};

/// Runs the stage under these conditions. Errors: `unsupported` for a factor that cannot be held here, which
/// is then left out; `interrupted`; all others end the search.
using RunTrial = std::function<Result<TrialResult>(const TrialConditions&)>;

/// What is known of the stage whose outs differ.
struct CauseQuestion {
  std::map<std::string, store::Object, std::less<>>
      recorded;  ///< its outs in the lock; empty: only runs here are compared (verify)
  std::map<std::string, store::Object, std::less<>> found;  ///< of the run that differed
  std::optional<Conditions> conditions;                     ///< of the recorded run
  Conditions here;
  std::int64_t recorded_start_ms = 0;    ///< 0: unknown
  std::vector<std::string> environment;  ///< recorded differences of what the stage declares, in words
  bool seeded = false;                   ///< the stage has a `seed`
  /// Whether the two results of an out have the same lines in another order; may be empty.
  std::function<bool(const store::Object& a, const store::Object& b)> same_lines;
  /// Whether what differs between them holds the name of a temporary file that the command made; may be
  /// empty.
  std::function<bool(const store::Object& a, const store::Object& b)> only_temporary_names;
  /// True when the time for trials is over.
  std::function<bool()> is_time_over;
};

struct CauseAnswer {
  std::vector<Cause> causes;
  std::string note;  ///< why none is named
  unsigned trials = 0;
};

Result<CauseAnswer> find_causes(const CauseQuestion& question, const RunTrial& run);

}  // namespace cairn::version
