// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ops/snapshot.h"
#include "pipeline/lock.h"
#include "pipeline/stage.h"

namespace cairn::ops {

/// Which keys of a params file count.
struct DeclaredParams {
  bool whole = false;
  std::vector<std::string> keys;  ///< when not whole: in the order in which they are met, none twice
};

/// What cairn.yaml files say about files with values.
struct Declared {
  std::map<std::string, DeclaredParams> stage_params;  ///< what stages read, by file
  std::set<std::string> listed_params;                 ///< files of the top-level `params`
  std::set<std::string> metrics;                       ///< outs of stages and top-level `metrics`; no globs
  std::map<std::string, text::Value> plots;            ///< properties by file; a null value for none
  std::set<std::string> globs;                         ///< outs that are patterns: see the lock

  void add(const Declared& other);
};

/// Reads what a snapshot declares; each cairn.yaml is parsed once for all snapshots in which it, and all that
/// its templates read, have the same content.
class Declarations {
 public:
  explicit Declarations(DocumentCache& documents) : documents_(documents) {}

  struct Found {
    Declared declared;
    std::vector<std::string> folders;  ///< those that hold a cairn.yaml, sorted
    std::vector<Error> errors;         ///< files that could not be read; the others are in `declared`
  };
  Result<Found> at(Snapshot& snapshot);

 private:
  struct Parsed {
    std::map<std::string, std::optional<std::string>> read;  // contents of files that templates asked for
    Declared declared;
  };
  Result<std::shared_ptr<const Parsed>> parsed(Snapshot& snapshot, const std::string& path);

  DocumentCache& documents_;
  std::map<std::string, std::vector<std::shared_ptr<const Parsed>>> parsed_;  // by path and content
};

}  // namespace cairn::ops
