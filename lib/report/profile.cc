// SPDX-License-Identifier: Apache-2.0
#include "report/profile.h"

#include <algorithm>
#include <numeric>

namespace cairn::report {
namespace {

TypedCell typed(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::plain:
      return type_cell(cell.text);
    case CellKind::string:
      return {type_text(cell.text), 0};
    case CellKind::null:
      return {};
    case CellKind::boolean:
      return {ValueType::boolean, 0};
    case CellKind::nested:
      return {ValueType::text, 0};
  }
  return {};
}

std::size_t place(ValueType type) {
  return static_cast<std::size_t>(type);
}

}  // namespace

void ColumnProfile::add(const Cell& cell) {
  const TypedCell value = typed(cell);
  if (value.type == ValueType::empty) {
    return;
  }
  ++cells[place(value.type)];
  if (is_numeric(value.type)) {
    moments.add(value.number);
    quantiles.add(value.number);
  }
  const std::uint64_t hash = codec::checksum(as_bytes(cell.text));
  cardinality.add(hash);
  top.add(hash, cell.text);
}

void ColumnProfile::merge(const ColumnProfile& other) {
  std::transform(cells.begin(), cells.end(), other.cells.begin(), cells.begin(), std::plus<>());
  moments.merge(other.moments);
  quantiles.merge(other.quantiles);
  cardinality.merge(other.cardinality);
  top.merge(other.top);
}

std::uint64_t ColumnProfile::filled() const {
  return std::accumulate(cells.begin(), cells.end(), std::uint64_t{0});
}

ValueType ColumnProfile::type() const {
  const std::uint64_t all = filled();
  if (all == 0) {
    return ValueType::empty;
  }
  for (ValueType type : {ValueType::boolean, ValueType::integer, ValueType::datetime}) {
    if (cells[place(type)] == all) {
      return type;
    }
  }
  const std::uint64_t numeric = cells[place(ValueType::integer)] + cells[place(ValueType::number)];
  return numeric == all ? ValueType::number : ValueType::text;
}

double ColumnProfile::distinct() const {
  return top.exact() ? static_cast<double>(top.size()) : cardinality.estimate();
}

double Profile::missing_share(const ColumnProfile& column) const {
  return rows == 0 ? 0 : 1 - static_cast<double>(column.filled()) / static_cast<double>(rows);
}

const ColumnProfile* Profile::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [name](const ColumnProfile& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace cairn::report
