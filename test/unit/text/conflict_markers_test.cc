// SPDX-License-Identifier: Apache-2.0
#include "text/conflict_markers.h"

#include "support/matchers.h"

namespace cairn::text {
namespace {

using Sides = ThreeWay<std::string>;

TEST(ConflictMarkers, OfWholeSidesAreReadBack) {
  const Sides sides = {"", "a: 1\n", "b: ======= <<<<<<<\n"};
  for (const unsigned size : {7U, 9U, 30U}) {
    const std::string text = join_conflict(sides, size);
    EXPECT_TRUE(has_conflict_markers(text));
    EXPECT_EQ(split_conflict(text), sides);
  }
}

TEST(ConflictMarkers, LeaveLinesOutsideToAllSides) {
  EXPECT_EQ(split_conflict("x\n<<<<<<< HEAD\no\n||||||| 1234\nb\n=======\nt\n>>>>>>> side\ny\n"
                           "<<<<<<<\r\n|||||||\r\nb2\r\n=======\r\n>>>>>>>\r\n"),
            (Sides{"x\nb\ny\nb2\r\n", "x\no\ny\n", "x\nt\ny\n"}));
}

TEST(ConflictMarkers, WithoutTheBaseDoNotTellTheSides) {
  EXPECT_EQ(split_conflict("<<<<<<< HEAD\no\n=======\nt\n>>>>>>> side\n"), std::nullopt);
}

TEST(ConflictMarkers, OutOfOrderOrCutTellNothing) {
  EXPECT_EQ(split_conflict("a\n"), std::nullopt);
  EXPECT_EQ(split_conflict("<<<<<<< HEAD\no\n||||||| b\nb\n"), std::nullopt);
  EXPECT_EQ(split_conflict("||||||| b\nb\n=======\nt\n>>>>>>> side\n"), std::nullopt);
}

TEST(ConflictMarkers, AreWholeLinesOnly) {
  EXPECT_FALSE(has_conflict_markers("a <<<<<<< b\n<<<<<< c\n<<<<<<<d\n"));
  EXPECT_TRUE(has_conflict_markers("a\n<<<<<<< b"));
}

}  // namespace
}  // namespace cairn::text
