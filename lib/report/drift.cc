// SPDX-License-Identifier: Apache-2.0
#include "report/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/escape.h"

namespace cairn::report {
namespace {

constexpr double kSmallestShare = 1e-4;
constexpr unsigned kQuantileBins = 10;
constexpr std::size_t kMostCategories = 20;
constexpr std::size_t kShownUnseen = 5;

/// Bins between the deciles of the earlier state; equal deciles make one. The last bin has no end.
Bins numeric_bins(const Distribution& before, const Distribution& after) {
  Bins bins;
  std::vector<double> ends;
  for (unsigned i = 1; i < kQuantileBins; ++i) {
    const double end = before.quantile(i / static_cast<double>(kQuantileBins));
    if (ends.empty() || end > ends.back()) {
      ends.push_back(end);
    }
  }
  double before_begin = 0;
  double after_begin = 0;
  for (double end : ends) {
    const double before_end = before.share_at_most(end);
    const double after_end = after.share_at_most(end);
    bins.names.push_back(bins.names.empty() ? fmt::format("at most {:.5g}", end)
                                            : fmt::format("up to {:.5g}", end));
    bins.before.push_back(before_end - before_begin);
    bins.after.push_back(after_end - after_begin);
    before_begin = before_end;
    after_begin = after_end;
  }
  bins.names.push_back(fmt::format("above {:.5g}", ends.back()));
  bins.before.push_back(1 - before_begin);
  bins.after.push_back(1 - after_begin);
  return bins;
}

double share_of(std::uint64_t count, std::uint64_t all) {
  return static_cast<double>(count) / static_cast<double>(all);
}

/// The most frequent values of the earlier state, and all others together. Values whose count is not far
/// above what the summary may be wrong by are among the others.
Bins category_bins(const ColumnProfile& before, const ColumnProfile& after) {
  Bins bins;
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const TopValues::Item& item : after.top.items()) {
    counts[item.hash] = item.count;
  }
  double rest_before = 1;
  double rest_after = 1;
  for (const TopValues::Item& item : before.top.items()) {
    if (bins.names.size() == kMostCategories || item.count < 2 * before.top.error()) {
      break;
    }
    bins.names.push_back(item.text);
    bins.before.push_back(share_of(item.count, before.filled()));
    bins.after.push_back(share_of(counts[item.hash], after.filled()));
    rest_before -= bins.before.back();
    rest_after -= bins.after.back();
  }
  bins.names.emplace_back("others");
  bins.before.push_back(std::max(0.0, rest_before));
  bins.after.push_back(std::max(0.0, rest_after));
  return bins;
}

void find_unseen(const ColumnProfile& before, const ColumnProfile& after, ColumnDrift& drift) {
  if (!before.top.exact()) {
    return;
  }
  std::map<std::uint64_t, bool> known;
  for (const TopValues::Item& item : before.top.items()) {
    known[item.hash] = true;
  }
  std::uint64_t count = 0;
  for (const TopValues::Item& item : after.top.items()) {
    if (!known.contains(item.hash)) {
      count += item.count;
      if (drift.unseen.size() < kShownUnseen) {
        drift.unseen.push_back(item.text);
      }
    }
  }
  drift.unseen_share = share_of(count, after.filled());
}

void compare_values(const ColumnProfile& before, const ColumnProfile& after, ColumnDrift& drift) {
  if (is_numeric(drift.type_before) && is_numeric(drift.type_after)) {
    const Distribution old_numbers = before.quantiles.distribution();
    const Distribution new_numbers = after.quantiles.distribution();
    drift.ks = kolmogorov_smirnov(old_numbers, new_numbers);
    drift.bins = numeric_bins(old_numbers, new_numbers);
    drift.psi = population_stability(drift.bins.before, drift.bins.after);
  } else if (drift.type_before == drift.type_after && drift.type_before != ValueType::empty &&
             drift.type_before != ValueType::datetime) {
    drift.bins = category_bins(before, after);
    drift.psi = population_stability(drift.bins.before, drift.bins.after);
    find_unseen(before, after, drift);
  }
}

std::optional<double> mean_of(const ColumnProfile& column) {
  return is_numeric(column.type()) && column.moments.count() > 0 ? std::optional(column.moments.mean())
                                                                 : std::nullopt;
}

ColumnDrift compare_columns(const Profile& before, const ColumnProfile& old_column, const Profile& after,
                            const ColumnProfile& new_column) {
  ColumnDrift drift;
  drift.column = new_column.name;
  drift.type_before = old_column.type();
  drift.type_after = new_column.type();
  drift.nulls_before = before.missing_share(old_column);
  drift.nulls_after = after.missing_share(new_column);
  drift.mean_before = mean_of(old_column);
  drift.mean_after = mean_of(new_column);
  // An empty column may be of any type.
  const bool known = drift.type_before != ValueType::empty && drift.type_after != ValueType::empty;
  drift.change = known && drift.type_before != drift.type_after ? ColumnChange::type : ColumnChange::none;
  compare_values(old_column, new_column, drift);
  return drift;
}

/// A column that one state has.
ColumnDrift lone_column(const Profile& profile, const ColumnProfile& column, ColumnChange change) {
  ColumnDrift drift;
  drift.column = column.name;
  drift.change = change;
  const bool added = change == ColumnChange::added;
  (added ? drift.type_after : drift.type_before) = column.type();
  (added ? drift.nulls_after : drift.nulls_before) = profile.missing_share(column);
  (added ? drift.mean_after : drift.mean_before) = mean_of(column);
  return drift;
}

/// What a rule measures; nothing where the column has no such thing.
std::optional<double> measured(const ColumnDrift& column, pipeline::DriftMeasure measure) {
  const bool both = column.change != ColumnChange::added && column.change != ColumnChange::removed;
  switch (measure) {
    case pipeline::DriftMeasure::psi:
      return column.psi;
    case pipeline::DriftMeasure::ks:
      return column.ks;
    case pipeline::DriftMeasure::nulls:
      return both ? std::optional(std::abs(column.nulls_after - column.nulls_before)) : std::nullopt;
    case pipeline::DriftMeasure::schema:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<DriftHit> hit(const ColumnDrift& column, const pipeline::DriftRule& rule) {
  DriftHit hit{column.column, rule.measure, 0, rule.limit, ""};
  if (rule.measure == pipeline::DriftMeasure::schema) {
    if (column.change == ColumnChange::none) {
      return std::nullopt;
    }
    hit.text = fmt::format("column {} is {}", quoted(column.column), column.verdict());
    if (column.change == ColumnChange::type) {
      hit.text = fmt::format("column {} was {} and is {}", quoted(column.column),
                             type_name(column.type_before), type_name(column.type_after));
    }
    return hit;
  }
  const std::optional<double> value = measured(column, rule.measure);
  if (!value || *value <= rule.limit) {
    return std::nullopt;
  }
  hit.value = *value;
  hit.text = fmt::format("column {}: {} {:.4g} is above {:.4g}", quoted(column.column),
                         pipeline::measure_name(rule.measure), *value, rule.limit);
  return hit;
}

}  // namespace

double population_stability(const std::vector<double>& before, const std::vector<double>& after) {
  CAIRN_CHECK(before.size() == after.size());
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double a = std::max(before[i], kSmallestShare);
    const double b = std::max(after[i], kSmallestShare);
    sum += (b - a) * std::log(b / a);
  }
  return sum;
}

double kolmogorov_smirnov(const Distribution& before, const Distribution& after) {
  const std::vector<Weighted>& a = before.points();
  const std::vector<Weighted>& b = after.points();
  double greatest = 0;
  double at_a = 0;
  double at_b = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double value = std::min(a[i].value, b[j].value);
    for (; i < a.size() && a[i].value == value; ++i) {
      at_a += static_cast<double>(a[i].weight);
    }
    for (; j < b.size() && b[j].value == value; ++j) {
      at_b += static_cast<double>(b[j].weight);
    }
    greatest = std::max(greatest, std::abs(at_a / before.total() - at_b / after.total()));
  }
  return greatest;
}

double ColumnDrift::score() const {
  if (change != ColumnChange::none) {
    return HUGE_VAL;
  }
  return std::max({psi.value_or(0) / kShiftedPsi, ks.value_or(0) / kShiftedKs,
                   std::abs(nulls_after - nulls_before) / kShiftedNulls});
}

std::string_view ColumnDrift::verdict() const {
  switch (change) {
    case ColumnChange::added:
      return "new";
    case ColumnChange::removed:
      return "gone";
    case ColumnChange::type:
      return "type changed";
    case ColumnChange::none:
      break;
  }
  constexpr double kSlightly = 0.5;
  return score() > 1 ? "shifted" : score() > kSlightly ? "slightly shifted" : "same";
}

TableDrift compare_profiles(const Profile& before, const Profile& after) {
  TableDrift drift{before.rows, after.rows, {}};
  for (const ColumnProfile& column : after.columns) {
    const ColumnProfile* old_column = before.find(column.name);
    drift.columns.push_back(old_column != nullptr ? compare_columns(before, *old_column, after, column)
                                                  : lone_column(after, column, ColumnChange::added));
  }
  for (const ColumnProfile& column : before.columns) {
    if (after.find(column.name) == nullptr) {
      drift.columns.push_back(lone_column(before, column, ColumnChange::removed));
    }
  }
  std::stable_sort(drift.columns.begin(), drift.columns.end(),
                   [](const ColumnDrift& a, const ColumnDrift& b) {
                     return a.score() != b.score() ? a.score() > b.score() : a.column < b.column;
                   });
  return drift;
}

std::vector<DriftHit> check_drift(const TableDrift& drift, const std::vector<pipeline::DriftRule>& rules,
                                  const std::vector<std::string>& columns) {
  std::vector<DriftHit> hits;
  for (const ColumnDrift& column : drift.columns) {
    if (!columns.empty() && std::find(columns.begin(), columns.end(), column.column) == columns.end()) {
      continue;
    }
    for (const pipeline::DriftRule& rule : rules) {
      if (auto found = hit(column, rule)) {
        hits.push_back(std::move(*found));
      }
    }
  }
  return hits;
}

}  // namespace cairn::report
