// SPDX-License-Identifier: Apache-2.0
#include "report/content_parts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "codec/hash.h"

namespace cairn::report {
namespace {

std::vector<store::Piece> chunks(std::size_t count, std::uint64_t seed = 0) {
  std::vector<store::Piece> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    Buffer name;
    append_le(name, seed);
    append_le(name, i);
    out.push_back({codec::hash(name), 1000 + i % 7});
  }
  return out;
}

std::uint64_t total(const std::vector<store::Piece>& pieces) {
  std::uint64_t bytes = 0;
  for (const store::Piece& piece : pieces) {
    bytes += piece.size;
  }
  return bytes;
}

std::size_t missing_from(const std::vector<store::Piece>& pieces, const std::vector<store::Piece>& other) {
  return static_cast<std::size_t>(std::ranges::count_if(
      pieces, [&](const store::Piece& piece) { return std::ranges::find(other, piece) == other.end(); }));
}

TEST(ContentParts, FewChunksAreTheParts) {
  EXPECT_TRUE(content_parts({}).empty());
  for (const std::size_t count : {1U, 2U, 32U}) {
    EXPECT_EQ(content_parts(chunks(count)), chunks(count));
  }
}

TEST(ContentParts, AreBoundedAndHoldEverything) {
  for (const std::size_t count : {33U, 100U, 1000U, 100'000U}) {
    const auto all = chunks(count);
    const auto parts = content_parts(all);
    EXPECT_GE(parts.size(), 8U) << count;
    EXPECT_LE(parts.size(), kMaxParts) << count;
    EXPECT_EQ(total(parts), total(all)) << count;
  }
}

TEST(ContentParts, AnEditChangesOnePartOrTheTwoAroundAnEnd) {
  const auto before = chunks(5000);
  auto after = before;
  after[2500] = chunks(1, 1).front();
  EXPECT_GE(missing_from(content_parts(after), content_parts(before)), 1U);
  EXPECT_LE(missing_from(content_parts(after), content_parts(before)), 2U);
}

TEST(ContentParts, WhatIsInsertedMovesNoOtherPart) {
  const auto before = chunks(5000);
  auto after = before;
  const auto more = chunks(3, 2);
  after.insert(after.begin() + 100, more.begin(), more.end());
  EXPECT_LE(missing_from(content_parts(after), content_parts(before)), 2U);
}

TEST(ContentParts, EqualChunksStayBounded) {
  std::vector<store::Piece> zeros(10'000, {store::Id(), 65536});  // all bits zero: each would end a part
  EXPECT_EQ(content_parts(zeros).size(), kMaxParts);
  EXPECT_EQ(total(content_parts(zeros)), 10'000U * 65536);
}

}  // namespace
}  // namespace cairn::report
