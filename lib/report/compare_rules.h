// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/output_compare.h"

/// What rules other than `exact` say of two files with different content. Internal to this module. Errors of
/// all: `not_found`, `corrupt`.
namespace cairn::report {

struct RuleOutcome {
  OutputComparison comparison;
  std::string
      unfit;  ///< why the rule cannot be applied; the bytes count then, and `comparison` means nothing
};

/// Texts word by word: words that are numbers may differ by |a - b| <= atol + rtol * |b|, where b is the one
/// of `before`, and nan equals nan; all others are equal as written. Spaces do not count, nor does a missing
/// line break at the end. Arrays in .npy files of little-endian floats are compared value by value.
Result<RuleOutcome> compare_numbers(store::Reader& reader, const store::Id& before, const store::Id& after,
                                    const CompareRule& rule);
/// Tables (CSV, TSV, JSON lines) whose rows are matched by their key columns, in any order.
Result<RuleOutcome> compare_rows(store::Reader& reader, const store::Id& before, const store::Id& after,
                                 const CompareRule& rule);
/// Documents (JSON, TOML, YAML) value by value, but for the places that are ignored.
Result<RuleOutcome> compare_documents(store::Reader& reader, const store::Id& before, const store::Id& after,
                                      const CompareRule& rule);

}  // namespace cairn::report
