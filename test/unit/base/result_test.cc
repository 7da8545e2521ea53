// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <memory>
#include <string>

#include "support/matchers.h"

namespace cairn {
namespace {

using test::FailsWith;

Result<int> half(int n) {
  if (n % 2 != 0) {
    return Error(Code::usage, "odd");
  }
  return n / 2;
}

Result<std::string> quarter(int n) {
  CAIRN_TRY_ASSIGN(int once, half(n));
  CAIRN_TRY_ASSIGN(int twice, half(once));
  return std::to_string(twice);
}

Status check_even(int n) {
  CAIRN_TRY(half(n));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  Result<int> good = half(8);
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(static_cast<bool>(good));
  EXPECT_EQ(*good, 4);
  Result<int> bad = half(7);
  EXPECT_FALSE(bad.ok());
  EXPECT_FALSE(static_cast<bool>(bad));
  EXPECT_EQ(bad.error().message(), "odd");
}

TEST(Result, MovesTheValueOut) {
  Result<std::unique_ptr<int>> box = std::make_unique<int>(5);
  std::unique_ptr<int> taken = std::move(box).value();
  EXPECT_EQ(*taken, 5);
  Result<std::string> text = std::string("abc");
  text->push_back('d');
  EXPECT_EQ(*text, "abcd");
}

TEST(Result, ErrorIsAPossibleValueType) {
  Result<std::optional<Error>> none = std::optional<Error>();
  EXPECT_TRUE(none.ok());
}

TEST(Status, IsOkUnlessGivenAnError) {
  EXPECT_TRUE(Status().ok());
  EXPECT_THAT(Status(Error(Code::io, "broken")), FailsWith(Code::io, "broken"));
}

TEST(Try, GoesOnWithTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(12).value(), "3");
  EXPECT_THAT(quarter(6), FailsWith(Code::usage, "odd"));
  EXPECT_OK(check_even(2));
  EXPECT_THAT(check_even(3), FailsWith(Code::usage, "odd"));
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorIsABug) {
  EXPECT_DEATH({ [[maybe_unused]] int n = half(7).value(); }, "cairn: bug: .*ok\\(\\) does not hold");
  EXPECT_DEATH({ [[maybe_unused]] auto e = half(8).error(); }, "cairn: bug");
  EXPECT_DEATH({ [[maybe_unused]] auto e = Status().error(); }, "cairn: bug");
}

}  // namespace
}  // namespace cairn
