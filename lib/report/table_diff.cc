// SPDX-License-Identifier: Apache-2.0
#include "report/table_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "codec/hash.h"
#include "report/table_key.h"

namespace cairn::report {
namespace {

constexpr std::uint64_t kMostChangedCells = 250'000'000;

using Columns = std::vector<std::size_t>;

/// One of the two tables, with the columns that matter in the order of the first one's header.
struct Side {
  const TableFile& file;
  TableSchema schema;
  Columns common;
  Columns key;
};

struct KnownRow {
  RowHash key;
  RowHash row;
  std::uint32_t left = 1;     ///< rows of that key that `after` did not have yet
  std::uint32_t changed = 0;  ///< number among the changed rows, from 1
};

std::vector<TableCell> cells_of(const TableRows& row, const TableSchema& schema, const Columns& columns) {
  std::vector<TableCell> cells;
  for (const std::size_t column : columns) {
    cells.push_back({schema.columns[column].name, std::string(row.cell(column))});
  }
  return cells;
}

TableRow whole_row(const TableRows& row, const TableSchema& schema) {
  TableRow out{row.line(), {}};
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    out.cells.push_back({schema.columns[i].name, std::string(row.cell(i))});
  }
  return out;
}

std::uint32_t cell_hash(std::string_view cell) {
  return static_cast<std::uint32_t>(codec::checksum(as_bytes(cell)));
}

/// Calls `visit` for every row.
template <class Visit>
Status for_each_row(const TableFile& file, Visit visit) {
  CAIRN_TRY_ASSIGN(TableRows rows, TableRows::open(file));
  while (true) {
    CAIRN_TRY_ASSIGN(const bool more, rows.next());
    if (!more) {
      return {};
    }
    CAIRN_TRY(visit(rows));
  }
}

/// The error for a key that two rows of a table have.
Error duplicate_key(const Side& side, const RowHash& key) {
  std::vector<std::uint64_t> lines;
  std::string words;
  const Status read = for_each_row(side.file, [&](const TableRows& row) -> Status {
    if (hash_cells(row, side.key) == key) {
      lines.push_back(row.line());
      words = key_words(cells_of(row, side.schema, side.key));
    }
    return {};
  });
  if (!read.ok()) {
    return read.error();
  }
  return {Code::malformed,
          fmt::format("{}: lines {} have the same key, {}", quoted(side.file.name),
                      fmt::join(lines.begin(), lines.begin() + std::min<std::ptrdiff_t>(2, std::ssize(lines)),
                                " and "),
                      words),
          "name columns that tell rows apart: --key COLUMN,COLUMN"};
}

class TableComparer {
 public:
  TableComparer(Side before, Side after, std::size_t shown)
      : before_(std::move(before)), after_(std::move(after)), shown_(shown) {}

  Result<TableDiff> compare(bool keyed) {
    keyed_ = keyed;
    diff_.rows_before = before_.schema.rows;
    diff_.rows_after = after_.schema.rows;
    column_counts_.resize(before_.common.size());
    CAIRN_TRY(read_before());
    CAIRN_TRY(for_each_row(after_.file, [this](const TableRows& row) { return match(row); }));
    CAIRN_TRY(check_added_keys());
    CAIRN_TRY(for_each_row(before_.file, [this](const TableRows& row) { return look_again(row); }));
    for (std::size_t i = 0; i < column_counts_.size(); ++i) {
      if (column_counts_[i] > 0) {
        diff_.changed_columns.emplace_back(before_.schema.columns[before_.common[i]].name, column_counts_[i]);
      }
    }
    return std::move(diff_);
  }

 private:
  Status read_before() {
    known_.reserve(before_.schema.rows);
    CAIRN_TRY(for_each_row(before_.file, [this](const TableRows& row) -> Status {
      known_.push_back({hash_cells(row, before_.key), hash_cells(row, before_.common)});
      return {};
    }));
    std::sort(known_.begin(), known_.end(),
              [](const KnownRow& a, const KnownRow& b) { return a.key < b.key; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (kept > 0 && known_[kept - 1].key == known_[i].key) {
        if (keyed_) {
          return duplicate_key(before_, known_[i].key);
        }
        ++known_[kept - 1].left;
      } else {
        known_[kept++] = known_[i];
      }
    }
    known_.resize(kept);
    return {};
  }

  KnownRow* find(const RowHash& key) {
    const auto found =
        std::lower_bound(known_.begin(), known_.end(), key,
                         [](const KnownRow& row, const RowHash& wanted) { return row.key < wanted; });
    return found != known_.end() && found->key == key ? &*found : nullptr;
  }

  /// A row of the second table.
  Status match(const TableRows& row) {
    const RowHash key = hash_cells(row, after_.key);
    KnownRow* const known = find(key);
    if (known != nullptr && keyed_ && known->left == 0) {
      return duplicate_key(after_, key);
    }
    if (known == nullptr || known->left == 0) {
      ++diff_.added;
      if (keyed_) {
        added_keys_.push_back(key);
      }
      if (diff_.added_rows.size() < shown_) {
        diff_.added_rows.push_back(whole_row(row, after_.schema));
      }
      return {};
    }
    --known->left;
    return known->row == hash_cells(row, after_.common) ? Status() : add_changed(row, *known);
  }

  Status add_changed(const TableRows& row, KnownRow& known) {
    known.changed = static_cast<std::uint32_t>(++diff_.changed);
    if (changed_cells_.size() + after_.common.size() > kMostChangedCells) {
      return Error(Code::unsupported, quoted(after_.file.name) + ": more than 250 million cells may differ");
    }
    for (const std::size_t column : after_.common) {
      changed_cells_.push_back(cell_hash(row.cell(column)));
    }
    if (diff_.changed_rows.size() < shown_) {
      ChangedRow& shown = diff_.changed_rows.emplace_back();
      shown.line_after = row.line();
      shown.key = cells_of(row, after_.schema, after_.key);
      for (const TableCell& cell : cells_of(row, after_.schema, after_.common)) {
        shown.cells.push_back({cell.column, "", cell.value});
      }
    }
    return {};
  }

  Status check_added_keys() {
    std::sort(added_keys_.begin(), added_keys_.end());
    const auto twice = std::adjacent_find(added_keys_.begin(), added_keys_.end());
    return twice == added_keys_.end() ? Status() : Status(duplicate_key(after_, *twice));
  }

  /// A row of the first table, now that it is known what became of it.
  Status look_again(const TableRows& row) {
    KnownRow* const known = find(hash_cells(row, before_.key));
    if (known == nullptr) {  // the file changed meanwhile, which whoever opened it tells
      return {};
    }
    if (known->left > 0) {
      --known->left;
      ++diff_.removed;
      if (diff_.removed_rows.size() < shown_) {
        diff_.removed_rows.push_back(whole_row(row, before_.schema));
      }
    } else if (known->changed > 0) {
      count_cells(row, known->changed - 1);
    }
    return {};
  }

  void count_cells(const TableRows& row, std::size_t index) {
    const std::size_t width = before_.common.size();
    for (std::size_t i = 0; i < width; ++i) {
      if (cell_hash(row.cell(before_.common[i])) != changed_cells_[index * width + i]) {
        ++column_counts_[i];
      }
    }
    if (index < diff_.changed_rows.size()) {
      ChangedRow& shown = diff_.changed_rows[index];
      shown.line_before = row.line();
      for (std::size_t i = 0; i < width; ++i) {
        shown.cells[i].before = row.cell(before_.common[i]);
      }
      std::erase_if(shown.cells, [](const CellChange& cell) { return cell.before == cell.after; });
    }
  }

  Side before_;
  Side after_;
  std::size_t shown_;
  bool keyed_ = false;
  std::vector<KnownRow> known_;  ///< rows of `before`, by key
  std::vector<RowHash> added_keys_;
  std::vector<std::uint32_t> changed_cells_;  ///< hashes of the common cells of changed rows in `after`
  std::vector<std::uint64_t> column_counts_;
  TableDiff diff_;
};

std::vector<ColumnChange> diff_columns(const TableSchema& before, const TableSchema& after) {
  std::vector<ColumnChange> changes;
  for (const TableColumn& column : before.columns) {
    const auto other = after.find(column.name);
    const std::string now = other ? after.columns[*other].type_words() : "";
    if (now != column.type_words()) {
      changes.push_back({column.name, column.type_words(), now});
    }
  }
  for (const TableColumn& column : after.columns) {
    if (!before.find(column.name)) {
      changes.push_back({column.name, "", column.type_words()});
    }
  }
  return changes;
}

Result<Side> open_side(const TableFile& file) {
  CAIRN_TRY_ASSIGN(TableSchema schema, read_table_schema(file));
  if (schema.rows > kMostRows) {
    return Error(Code::unsupported, fmt::format("{} has {} rows; tables of up to {} can be compared",
                                                quoted(file.name), schema.rows, kMostRows));
  }
  return Side{file, std::move(schema), {}, {}};
}

Result<Columns> key_columns(const Side& side, const std::vector<std::string>& key) {
  Columns columns;
  for (const std::string& name : key) {
    const auto column = side.schema.find(name);
    if (!column) {
      std::vector<std::string> names;
      for (const TableColumn& one : side.schema.columns) {
        names.push_back(escaped(one.name));
      }
      return Error(Code::malformed, fmt::format("{} has no column {}", quoted(side.file.name), quoted(name)),
                   fmt::format("its columns: {}", fmt::join(names, ", ")));
    }
    columns.push_back(*column);
  }
  return columns;
}

}  // namespace

bool TableDiff::same_content() const {
  return added == 0 && removed == 0 && changed == 0 &&
         std::none_of(columns.begin(), columns.end(), [](const ColumnChange& column) {
           return column.before.empty() || column.after.empty();
         });
}

std::string key_words(const std::vector<TableCell>& key) {
  std::string words;
  for (const TableCell& cell : key) {
    words += fmt::format("{}{}={}", words.empty() ? "" : ", ", escaped(cell.column), escaped(cell.value));
  }
  return words;
}

Result<TableDiff> diff_tables(const TableFile& before, const TableFile& after,
                              const TableDiffOptions& options) {
  CAIRN_TRY_ASSIGN(Side old_side, open_side(before));
  CAIRN_TRY_ASSIGN(Side new_side, open_side(after));
  for (std::size_t i = 0; i < old_side.schema.columns.size(); ++i) {
    if (const auto other = new_side.schema.find(old_side.schema.columns[i].name)) {
      old_side.common.push_back(i);
      new_side.common.push_back(*other);
    }
  }
  std::vector<std::string> key = options.key;
  if (key.empty() && options.find_key) {
    CAIRN_TRY_ASSIGN(const auto found, find_table_key(before, old_side.schema, after, new_side.schema));
    if (found) {
      key.push_back(*found);
    }
  }
  const bool keyed = !key.empty();
  CAIRN_TRY_ASSIGN(old_side.key, key_columns(old_side, key));
  CAIRN_TRY_ASSIGN(new_side.key, key_columns(new_side, key));
  if (!keyed) {
    old_side.key = old_side.common;
    new_side.key = new_side.common;
  }
  auto columns = diff_columns(old_side.schema, new_side.schema);
  TableComparer comparer(std::move(old_side), std::move(new_side), options.rows);
  CAIRN_TRY_ASSIGN(TableDiff diff, comparer.compare(keyed));
  diff.key = std::move(key);
  diff.columns = std::move(columns);
  return diff;
}

}  // namespace cairn::report
