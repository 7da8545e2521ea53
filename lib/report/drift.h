// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/drift_gate.h"
#include "report/profile.h"

/// How a table differs from its earlier state, column by column, by their profiles.
namespace cairn::report {

/// Above these a column counts as shifted; half of it as slightly so. 0.1 and 0.2 are the customary limits of
/// the population stability index (Siddiqi, "Credit Risk Scorecards", 2006, has 0.1 and 0.25).
inline constexpr double kShiftedPsi = 0.2;
inline constexpr double kShiftedKs = 0.1;
inline constexpr double kShiftedNulls = 0.05;
/// How much the statistic of sketches may differ from that of the data: the rank errors of two.
inline constexpr double kKsError = 2 * QuantileSketch::kRankError;

/// Shares of the same bins in two states.
struct Bins {
  std::vector<std::string> names;
  std::vector<double> before;
  std::vector<double> after;
};

enum class ColumnChange : std::uint8_t { none, added, removed, type };

/// One column in two states. What cannot be computed is nothing: PSI of dates, KS of what is not numeric, all
/// of columns that one state does not have.
struct ColumnDrift {
  std::string column;
  ColumnChange change = ColumnChange::none;
  ValueType type_before = ValueType::empty;
  ValueType type_after = ValueType::empty;
  std::optional<double> psi;
  std::optional<double> ks;  ///< within kKsError
  double nulls_before = 0;   ///< shares of rows
  double nulls_after = 0;
  std::optional<double> mean_before;
  std::optional<double> mean_after;
  /// Values of a column without numbers that the earlier state did not have, the most frequent first, and
  /// their share; only where the earlier state's values are known one and all.
  std::vector<std::string> unseen;
  double unseen_share = 0;
  Bins bins;  ///< of the PSI

  /// 0 is no drift; 1 is the border of "shifted"; a change of the schema is more than anything else.
  [[nodiscard]] double score() const;
  /// "same", "slightly shifted", "shifted", "new", "gone", "type changed".
  [[nodiscard]] std::string_view verdict() const;
};

struct TableDrift {
  std::uint64_t rows_before = 0;
  std::uint64_t rows_after = 0;
  std::vector<ColumnDrift> columns;  ///< greatest score first, then by name
};

TableDrift compare_profiles(const Profile& before, const Profile& after);

/// Population stability index of shares: sum of (after - before) * ln(after / before), where a share below
/// 0.0001 counts as that. REQUIRES: as many of both.
double population_stability(const std::vector<double>& before, const std::vector<double>& after);
/// Two-sample Kolmogorov-Smirnov statistic: the greatest difference of the shares at or below any value.
double kolmogorov_smirnov(const Distribution& before, const Distribution& after);

/// A rule that a table breaks.
struct DriftHit {
  std::string column;
  pipeline::DriftMeasure measure = pipeline::DriftMeasure::psi;
  double value = 0;  ///< 0 for schema
  double limit = 0;
  std::string text;  ///< "column 'age': psi 0.31 is above 0.2"
};
/// `columns`: those that count; none: all.
std::vector<DriftHit> check_drift(const TableDrift& drift, const std::vector<pipeline::DriftRule>& rules,
                                  const std::vector<std::string>& columns);

/// One line a column, for a terminal.
std::string drift_text(const TableDrift& drift);
/// A table with a chart for each column, to go into a page.
std::string drift_html(const TableDrift& drift);

}  // namespace cairn::report
