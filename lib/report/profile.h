// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/context.h"
#include "report/cardinality_sketch.h"
#include "report/moments.h"
#include "report/quantile_sketch.h"
#include "report/record_reader.h"
#include "report/top_values.h"
#include "report/value_type.h"
#include "store/key.h"

/// What a table of data looks like, in a few kilobytes a column: docs/format/profile.md.
namespace cairn::report {

/// One column. Missing cells count only in Profile::rows.
struct ColumnProfile {
  std::string name;                                ///< bytes
  std::array<std::uint64_t, kValueTypes> cells{};  ///< that look like each type; [empty] is not kept up
  Moments moments;                                 ///< of integers and numbers
  QuantileSketch quantiles;                        ///< of the same
  CardinalitySketch cardinality;                   ///< of all cells that are not empty
  TopValues top;                                   ///< of the same

  void add(const Cell& cell);
  void merge(const ColumnProfile& other);

  /// Cells that are not empty.
  [[nodiscard]] std::uint64_t filled() const;
  /// What all its cells look like: integers with numbers are numbers, any other mix is text, none is empty.
  [[nodiscard]] ValueType type() const;
  /// How many different values; exact as long as `top` is.
  [[nodiscard]] double distinct() const;
};

struct Profile {
  store::Id id;  ///< of the bytes that were read
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  std::vector<ColumnProfile> columns;  ///< in the order in which they are met

  /// Share of rows in which a column is empty; 0 without rows.
  [[nodiscard]] double missing_share(const ColumnProfile& column) const;
  [[nodiscard]] const ColumnProfile* find(std::string_view name) const;
};

/// Reads a table once, context.jobs parts at a time. The same bytes give the same profile, whatever the
/// number of threads. Memory: some 3 MiB a thread, and up to 50 KiB a column and thread. Progress counts
/// bytes. `path` is for messages. Errors: those of the source; `malformed` with the line; `unsupported` for
/// more than RecordReader::kMostColumns columns; `interrupted`.
Result<Profile> build_profile(ByteSource& source, RecordFormat format, std::string_view path,
                              const Context& context);

/// Canonical bytes; and back: `corrupt` for anything that write_profile would not write, `unsupported` for
/// another version.
Buffer write_profile(const Profile& profile);
Result<Profile> parse_profile(Bytes bytes);

}  // namespace cairn::report
