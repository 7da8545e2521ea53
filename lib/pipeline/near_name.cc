// SPDX-License-Identifier: Apache-2.0
#include "pipeline/near_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

/// Longer words are not compared: nobody mistypes them by a letter, and the cost is quadratic.
constexpr std::size_t kLongest = 200;
/// Among more of them no proposal is looked for.
constexpr std::size_t kMostCandidates = 10'000;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Number of bytes to insert, delete or replace to make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view near_name(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view nearest;
  if (candidates.size() > kMostCandidates) {
    return nearest;
  }
  std::size_t best = (word.size() + 2) / 3 + 1;  // the first distance that is too far
  for (std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    if (longer > kLongest || longer - shorter >= best) {
      continue;
    }
    // Of a word that shares no letter with the candidate, everything was replaced: that is not near.
    const std::size_t far = distance(word, candidate);
    if (far < best && far < longer) {
      best = far;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view otherwise) {
  const std::string_view nearest = near_name(word, candidates);
  return nearest.empty() ? std::string(otherwise) : fmt::format("did you mean {}?", quoted(nearest));
}

}  // namespace cairn::pipeline
