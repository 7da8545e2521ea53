// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/escape.h"
#include "report/blob_source.h"
#include "report/compare_bytes.h"
#include "report/compare_rules.h"
#include "report/npy_values.h"
#include "report/number_text.h"
#include "report/text_tokens.h"
#include "report/tolerance.h"

namespace cairn::report {
namespace {

/// How many values there are and how many differ, with the first that does.
struct Tally {
  std::uint64_t total = 0;
  std::uint64_t differing = 0;
  std::optional<version::Difference> first;

  void add(version::Difference difference) {
    ++differing;
    if (!first) {
      first = std::move(difference);
    }
  }
  [[nodiscard]] OutputComparison comparison(std::string_view what) && {
    OutputComparison out;
    out.equal = !first;
    out.extent = out.equal ? "" : fmt::format("{} of {} {}", differing, total, what);
    out.first = std::move(first);
    return out;
  }
};

std::optional<long double> number_of(const TextToken& token) {
  if (!token.word || token.part) {
    return std::nullopt;
  }
  std::string_view text = token.text;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (const auto integer = whole_number<std::int64_t>(text)) {
    return static_cast<long double>(*integer);
  }
  const auto number = whole_number<double>(text);
  return number ? std::optional<long double>(*number) : std::nullopt;
}

version::Difference token_difference(const TextToken& before, const TextToken& after) {
  const TextToken& place = before.at_end() ? after : before;
  version::Difference difference;
  difference.line = place.line;
  difference.column = std::to_string(place.column);
  difference.before = excerpt(before.text);
  difference.after = excerpt(after.text);
  difference.text = before.text == after.text
                        ? fmt::format("line {}, column {}: '{}' stands in line {} now", before.line,
                                      before.column, difference.before, after.line)
                        : difference_words(difference);
  return difference;
}

Result<OutputComparison> compare_texts(ByteSource& before, ByteSource& after, const Tolerance& tolerance) {
  TextTokens left(before);
  TextTokens right(after);
  Tally tally;
  while (true) {
    CAIRN_TRY_ASSIGN(const TextToken a, left.next());
    CAIRN_TRY_ASSIGN(const TextToken b, right.next());
    if (a.at_end() && b.at_end()) {
      return std::move(tally).comparison("numbers");
    }
    const auto x = number_of(a);
    const bool same = a.same(b);
    const auto y = same || !x ? x : number_of(b);
    if (!same && (!x || !y || a.breaks != b.breaks)) {  // from here on nothing matches
      tally.add(token_difference(a, b));
      OutputComparison out = std::move(tally).comparison("numbers");
      out.extent.clear();
      return out;
    }
    tally.total += x ? 1U : 0U;
    if (!same && !tolerance.close(*x, *y)) {
      tally.add(token_difference(a, b));
    }
  }
}

std::string shape_words(const NpyHeader& header) {
  return fmt::format("({})", fmt::join(header.shape, ", "));
}

version::Difference array_difference(std::string key, std::string before, std::string after) {
  version::Difference difference;
  difference.text = fmt::format("{}: {} became {}", key, before, after);
  difference.key = std::move(key);
  difference.before = std::move(before);
  difference.after = std::move(after);
  return difference;
}

std::optional<version::Difference> header_difference(const NpyHeader& before, const NpyHeader& after) {
  if (before.width != after.width) {
    return array_difference("type", fmt::format("f{}", before.width), fmt::format("f{}", after.width));
  }
  if (before.shape != after.shape) {
    return array_difference("shape", shape_words(before), shape_words(after));
  }
  if (before.column_major != after.column_major) {
    return array_difference("order", before.column_major ? "columns first" : "rows first",
                            after.column_major ? "columns first" : "rows first");
  }
  return std::nullopt;
}

Result<OutputComparison> compare_arrays(NpyValues& before, NpyValues& after, const Tolerance& tolerance) {
  Tally tally;
  if (auto difference = header_difference(before.header(), after.header())) {
    OutputComparison out;
    out.first = std::move(difference);
    return out;
  }
  for (std::uint64_t i = 0;; ++i) {
    CAIRN_TRY_ASSIGN(const auto x, before.next());
    CAIRN_TRY_ASSIGN(const auto y, after.next());
    if (!x && !y) {
      return std::move(tally).comparison("values");
    }
    ++tally.total;
    if (!x || !y || !tolerance.close(*x, *y)) {
      tally.add(array_difference(before.header().place(i), x ? fmt::format("{}", *x) : "nothing",
                                 y ? fmt::format("{}", *y) : "nothing"));
    }
  }
}

}  // namespace

Result<RuleOutcome> compare_numbers(store::Reader& reader, const store::Id& before, const store::Id& after,
                                    const CompareRule& rule) {
  const Tolerance tolerance{rule.rtol, rule.atol};
  CAIRN_TRY_ASSIGN(BlobSource left, BlobSource::open(reader, before));
  CAIRN_TRY_ASSIGN(BlobSource right, BlobSource::open(reader, after));
  RuleOutcome out;
  CAIRN_TRY_ASSIGN(const bool text_before, is_text(reader, before));
  CAIRN_TRY_ASSIGN(const bool text_after, is_text(reader, after));
  if (text_before && text_after) {
    CAIRN_TRY_ASSIGN(out.comparison, compare_texts(left, right, tolerance));
    return out;
  }
  CAIRN_TRY_ASSIGN(auto array_before, NpyValues::open(left));
  CAIRN_TRY_ASSIGN(auto array_after, NpyValues::open(right));
  if (!array_before || !array_after) {
    out.unfit = "neither texts nor .npy arrays of little-endian floats";
    return out;
  }
  CAIRN_TRY_ASSIGN(out.comparison, compare_arrays(*array_before, *array_after, tolerance));
  return out;
}

}  // namespace cairn::report
