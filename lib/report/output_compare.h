// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/lock.h"
#include "store/reader.h"
#include "text/value.h"
#include "version/verdict.h"

/// Comparing two results of one out as its `compare` says: docs/format/cairn-yaml.md.
namespace cairn::report {

struct CompareRule {
  enum class Kind : std::uint8_t { exact, tolerance, rows, ignore };
  Kind kind = Kind::exact;
  double rtol = 0;
  double atol = 0;
  std::vector<std::string> rows;    ///< columns that name a row
  std::vector<std::string> ignore;  ///< places in a document that do not count
};
/// Of Out::compare as cairn.yaml was checked: null is exact.
CompareRule compare_rule(const text::Value& declared);
/// "exact", "rtol 1e-06, atol 1e-09", "rows by id", "ignoring a.b".
std::string rule_words(const CompareRule& rule);

struct OutputComparison {
  bool identical = false;                    ///< byte for byte, with executable bits and kinds
  bool equal = false;                        ///< as the rule wants it
  std::string extent;                        ///< "3 of 120 files", "17 of 400 rows", "1.2 MiB of 3.4 MiB"
  std::optional<version::Difference> first;  ///< where not equal
};

/// Compares two states whose content is in the reader's store; folders file by file, in order of names.
/// Kinds, names, executable bits and targets of symlinks always count. Where a rule cannot be applied (no
/// numbers, no table, no document) the bytes count, and `first` says so. Memory: bounded for exact and
/// tolerance, 40 bytes a chunk (64 KiB) apart; rows: see table_diff.h; ignore reads documents of up to 16
/// MiB. Errors: `not_found`, `corrupt`.
Result<OutputComparison> compare_outputs(store::Reader& reader, const pipeline::PathState& before,
                                         const pipeline::PathState& after, const CompareRule& rule);

}  // namespace cairn::report
