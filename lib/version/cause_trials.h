// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "version/cause.h"

namespace cairn::version {

/// An out as some run left it; nothing: it was not made.
using Out = std::optional<store::Object>;
Out out_of(const std::map<std::string, store::Object, std::less<>>& outs, const std::string& path);

/// What several runs under the same conditions gave for one out.
struct Sampled {
  enum class Kind : std::uint8_t {
    unknown,  ///< time is over, the conditions cannot be had here, or the command fails under them
    differs,
    same,
  };
  Kind kind = Kind::unknown;
  Out out;            ///< of the first run
  unsigned runs = 0;  ///< that were looked at

  [[nodiscard]] bool same() const { return kind == Kind::same; }
  /// All gave that.
  [[nodiscard]] bool gave(const Out& other) const { return same() && out == other; }
};

/// Runs trials, each condition as often as somebody asks for, and remembers all: outs of a stage share them.
/// Internal to version/; one thread.
class CauseTrials {
 public:
  CauseTrials(const CauseQuestion& question, const RunTrial& run) : question_(question), run_(run) {}

  /// Looks at up to `runs` results; at fewer when two differ. Errors: of RunTrial, but for `unsupported`.
  Result<Sampled> sample(const TrialConditions& conditions, const std::string& path, unsigned runs);
  /// The results of the first `runs` trials without any conditions; fewer where it is not `same`.
  Result<std::vector<Out>> baseline(const std::string& path, unsigned runs);
  /// Paths of all outs that some trial made.
  [[nodiscard]] std::set<std::string> paths() const;

  [[nodiscard]] unsigned count() const { return count_; }
  [[nodiscard]] bool time_over() const { return time_over_; }

 private:
  struct Series {
    std::vector<TrialResult> results;
    bool useless = false;
  };
  Result<const TrialResult*> result(const TrialConditions& conditions, std::size_t index);

  const CauseQuestion& question_;
  const RunTrial& run_;
  std::map<TrialConditions, Series> series_;
  unsigned count_ = 0;
  bool time_over_ = false;
};

}  // namespace cairn::version
