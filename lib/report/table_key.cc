// SPDX-License-Identifier: Apache-2.0
#include "report/table_key.h"

#include <algorithm>
#include <cctype>

#include "codec/hash.h"

namespace cairn::report {
namespace {

bool named_like_key(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower == "id" || lower == "key" || lower == "uuid" || lower.ends_with("_id") ||
         lower.ends_with("_key");
}

bool can_be_key(const TableColumn& column) {
  return !column.gaps && (column.types == kInteger || column.types == kString);
}

bool has_duplicates(std::vector<RowHash>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  return std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end();
}

Result<bool> is_unique(const TableFile& file, std::size_t column) {
  CAIRN_TRY_ASSIGN(TableRows rows, TableRows::open(file));
  std::vector<RowHash> hashes;
  std::size_t look_at = 4096;  // most columns show that they are no key at once
  while (true) {
    CAIRN_TRY_ASSIGN(const bool more, rows.next());
    if (!more) {
      return !has_duplicates(hashes);
    }
    hashes.push_back(hash_cells(rows, {column}));
    if (hashes.size() == look_at) {
      if (has_duplicates(hashes)) {
        return false;
      }
      look_at *= 4;
    }
  }
}

}  // namespace

RowHash hash_cells(const TableRows& row, const std::vector<std::size_t>& columns) {
  Buffer bytes;
  for (const std::size_t column : columns) {
    const std::string_view cell = row.cell(column);
    append_le<std::uint64_t>(bytes, cell.size());
    append(bytes, as_bytes(cell));
  }
  const codec::Id id = codec::hash(bytes);
  RowHash hash;
  std::copy_n(id.bytes.begin(), hash.size(), hash.begin());
  return hash;
}

Result<std::optional<std::string>> find_table_key(const TableFile& before, const TableSchema& before_schema,
                                                  const TableFile& after, const TableSchema& after_schema) {
  std::vector<std::string> candidates;
  for (const TableColumn& column : before_schema.columns) {
    const auto other = after_schema.find(column.name);
    if (other && can_be_key(column) && can_be_key(after_schema.columns[*other])) {
      candidates.push_back(column.name);
    }
  }
  std::stable_partition(candidates.begin(), candidates.end(), named_like_key);
  for (const std::string& name : candidates) {
    CAIRN_TRY_ASSIGN(const bool unique_before, is_unique(before, *before_schema.find(name)));
    if (!unique_before) {
      continue;
    }
    CAIRN_TRY_ASSIGN(const bool unique_after, is_unique(after, *after_schema.find(name)));
    if (unique_after) {
      return std::optional(name);
    }
  }
  return std::optional<std::string>();
}

}  // namespace cairn::report
