// SPDX-License-Identifier: Apache-2.0
#include "text/token_diff.h"

#include <algorithm>

namespace cairn::text {
namespace {

using Tokens = std::span<const std::string_view>;

constexpr std::size_t kMostCells = 4'000'000;

/// Collects tokens one by one into runs.
class Runs {
 public:
  void add(DiffOp op, std::size_t count) {
    if (count == 0) {
      return;
    }
    if (!runs_.empty() && runs_.back().op == op) {
      runs_.back().count += count;
    } else {
      runs_.push_back({op, count});
    }
  }
  std::vector<TokenRun> take() { return std::move(runs_); }

 private:
  std::vector<TokenRun> runs_;
};

/// Lengths of the longest common subsequences of all pairs of ends, row by row.
class Table {
 public:
  Table(Tokens before, Tokens after) : columns_(after.size() + 1), cells_((before.size() + 1) * columns_, 0) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;) {
        cell(i, j) = before[i] == after[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  [[nodiscard]] std::uint32_t at(std::size_t i, std::size_t j) const { return cells_[i * columns_ + j]; }

 private:
  std::uint32_t& cell(std::size_t i, std::size_t j) { return cells_[i * columns_ + j]; }

  std::size_t columns_;
  std::vector<std::uint32_t> cells_;
};

void diff_middle(Tokens before, Tokens after, Runs& runs) {
  if (before.empty() || after.empty() || before.size() > kMostCells / after.size()) {
    runs.add(DiffOp::removed, before.size());
    runs.add(DiffOp::added, after.size());
    return;
  }
  const Table table(before, after);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() && j < after.size()) {
    std::size_t removed = 0;
    std::size_t added = 0;
    while (i + removed < before.size() && j + added < after.size() &&
           before[i + removed] != after[j + added]) {
      const bool drop = table.at(i + removed + 1, j + added) >= table.at(i + removed, j + added + 1);
      ++(drop ? removed : added);
    }
    if (i + removed == before.size() || j + added == after.size()) {
      break;  // the rest has nothing in common
    }
    runs.add(DiffOp::removed, removed);
    runs.add(DiffOp::added, added);
    runs.add(DiffOp::same, 1);
    i += removed + 1;
    j += added + 1;
  }
  runs.add(DiffOp::removed, before.size() - i);
  runs.add(DiffOp::added, after.size() - j);
}

}  // namespace

std::vector<TokenRun> diff_tokens(Tokens before, Tokens after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t start = 0;
  while (start < shorter && before[start] == after[start]) {
    ++start;
  }
  std::size_t end = 0;
  while (end < shorter - start && before[before.size() - 1 - end] == after[after.size() - 1 - end]) {
    ++end;
  }
  Runs runs;
  runs.add(DiffOp::same, start);
  diff_middle(before.subspan(start, before.size() - start - end),
              after.subspan(start, after.size() - start - end), runs);
  runs.add(DiffOp::same, end);
  return runs.take();
}

}  // namespace cairn::text
