// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "report/table_schema.h"

namespace cairn::report {

/// The first half of BLAKE3 of some cells of a row: what identifies rows without keeping them.
using RowHash = std::array<std::uint8_t, 16>;
/// Of these columns' cells, in this order.
RowHash hash_cells(const TableRows& row, const std::vector<std::size_t>& columns);

/// More rows are refused (`unsupported`): they would need over 2 GiB.
inline constexpr std::uint64_t kMostRows = 50'000'000;

/// The column that names rows: the first that both tables have, has no empty cell and no number with a
/// fraction, and has no value twice in either; columns named like a key (id, key, …_id) before others.
/// Nothing where there is none. Reads the tables once for each candidate. Memory: 16 bytes a row.
Result<std::optional<std::string>> find_table_key(const TableFile& before, const TableSchema& before_schema,
                                                  const TableFile& after, const TableSchema& after_schema);

}  // namespace cairn::report
